import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { crc32c } from '../../src/storage/crc32c.ts';
import { recordHeaderBytes } from '../../src/storage/record.ts';
import { directory, FaultyFileSystem } from './faulty-file-system.ts';
import { hardState, openStorage, statesOf, textOf, writeAllOf } from './workload.ts';

const batches = [
  { number: 1, hardState, entries: [{ term: 1, index: 1, command: 'a' }] },
  { number: 2, entries: [{ term: 1, index: 2, command: 'b' }] },
  { number: 3, entries: [{ term: 1, index: 3, command: 'c' }, { term: 1, index: 4, command: null }] },
  { number: 4, entries: [{ term: 1, index: 5, command: 'e' }] },
  { number: 5, entries: [{ term: 1, index: 6, command: 'f' }] },
];
const states = statesOf(batches);
const beforeLast = states.at(-2);

/** Two segments of batches 1 to 3 and 4 to 5. */
function writtenLog(): FaultyFileSystem {
  const fileSystem = new FaultyFileSystem();
  writeAllOf(openStorage(fileSystem, { segmentBytes: 300 }), fileSystem, batches);
  return fileSystem;
}

const written = writtenLog();
const [firstPath = '', lastPath = ''] = written.paths;

/** A file as it was after the first so many batches. */
function fileAfter(batchCount: number, path: string): Buffer {
  const fileSystem = new FaultyFileSystem();
  writeAllOf(openStorage(fileSystem, { segmentBytes: 300 }), fileSystem, batches.slice(0, batchCount));
  return fileSystem.readFileSync(path);
}

/** Where the last batch begins in the last segment. */
function lastBatchStart(): number {
  return fileAfter(batches.length - 1, lastPath).length;
}

function damaged(path: string, change: (bytes: Buffer) => Buffer): FaultyFileSystem {
  const fileSystem = written.afterKill();
  fileSystem.put(path, change(fileSystem.readFileSync(path)));
  return fileSystem;
}

describe('one flipped bit', () => {
  test('of whatever was written before the last batch stops the node, which names file and offset', () => {
    expect(written.paths.map((path) => basename(path))).toEqual(['000000000000001.log', '000000000000004.log']);
    let bits = 0;
    for (const path of written.paths) {
      const length = path === lastPath ? lastBatchStart() : written.readFileSync(path).length;
      for (let bit = 0; bit < length * 8; bit += 1) {
        bits += 1;
        const fileSystem = written.afterKill();
        fileSystem.flipBit(path, bit);
        const faultOf = (): unknown => openStorage(fileSystem).recovered;
        expect(faultOf, `bit ${bit} of ${path}`).toThrow(`${path}: damaged at offset `);
        expect(offsetOf(faultOf), `bit ${bit} of ${path}`).toBeLessThanOrEqual(bit >> 3);
      }
    }
    console.log(`${bits} bits flipped before the last batch`);
    expect(bits).toBeGreaterThan(3000);
  });

  test('of the last batch has it cut off, and reported', () => {
    const start = lastBatchStart();
    const length = written.readFileSync(lastPath).length;
    expect(length - start).toBeGreaterThan(recordHeaderBytes);
    for (let bit = start * 8; bit < length * 8; bit += 1) {
      const fileSystem = written.afterKill();
      fileSystem.flipBit(lastPath, bit);
      const { recovered, notes } = openStorage(fileSystem);
      expect(textOf(recovered), `bit ${bit}`).toBe(beforeLast);
      expect(notes).toHaveLength(1);
      expect(notes[0]).toContain(`${lastPath}: cut off the last ${length - start} bytes, at offset ${start}: `);
      expect(fileSystem.readFileSync(lastPath).length).toBe(start);
    }
  });
});

function offsetOf(fail: () => unknown): number {
  try {
    fail();
    return NaN;
  } catch (error) {
    return Number(/damaged at offset (\d+)/.exec(String(error))?.[1]);
  }
}

describe('other damage', () => {
  test.each([
    [
      'a file is missing at the beginning',
      () => withoutFile(firstPath),
      `${lastPath}: damaged at offset 0: it begins with batch 4, where batch 1`,
    ],
    [
      'a file is there twice, under another name',
      () => withCopy(firstPath, '000000000000006.log'),
      '000000000000006.log: damaged at offset 0: its header is that of batch 1',
    ],
    [
      'a file ends early',
      () => damaged(firstPath, (bytes) => bytes.subarray(0, -1)),
      `${firstPath}: damaged at offset `,
    ],
    [
      'a file lacks its last batch',
      () => damaged(firstPath, () => fileAfter(2, firstPath)),
      `${lastPath}: damaged at offset 0: it begins with batch 4, where batch 3`,
    ],
    [
      'something follows in a file that another follows',
      () => damaged(firstPath, (bytes) => Buffer.concat([bytes, Buffer.alloc(9)])),
      'no record begins here, but a later file follows',
    ],
    [
      'a batch is there twice',
      () => damaged(lastPath, (bytes) => Buffer.concat([bytes, bytes.subarray(lastBatchStart())])),
      'batch 5 does not follow batch 5',
    ],
    [
      'something stands before the last batch',
      () => damaged(lastPath, withGarbageBeforeLast),
      'but a later batch follows at offset',
    ],
  ])('%s: it is said where, and nothing starts', (_, fileSystem, text) => {
    const before = fileSystem();
    const disk = before.afterKill();
    expect(() => openStorage(disk)).toThrow(text);
    for (const path of before.paths) {
      expect(disk.readFileSync(path), 'nothing is changed').toEqual(before.readFileSync(path));
    }
  });

  test.each([
    ['of a later version of the format', 11, 'is in version 3 of the format, which this program does not read'],
    ['of another program', 0, 'damaged at offset 0: this is no log of this program'],
  ])('a file %s is not touched, though its checksum is right', (_, at, text) => {
    const disk = damaged(lastPath, (bytes) => {
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      bytes.writeUInt32BE(crc32c(bytes, 0, 28), 28);
      return bytes;
    });
    expect(() => openStorage(disk)).toThrow(`${lastPath}: ${text}`);
  });

  test('files of others in the directory do not matter', () => {
    const disk = written.afterKill();
    disk.put(`${directory}/notes.txt`, Buffer.from('mine'));
    disk.put(`${directory}/12.log`, Buffer.from('mine'));
    expect(textOf(openStorage(disk).recovered)).toBe(states.at(-1));
  });
});

function withoutFile(path: string): FaultyFileSystem {
  const fileSystem = written.afterKill();
  fileSystem.removeFileSync(path);
  return fileSystem;
}

function withCopy(path: string, name: string): FaultyFileSystem {
  const fileSystem = written.afterKill();
  fileSystem.put(`${directory}/${name}`, fileSystem.readFileSync(path));
  return fileSystem;
}

function withGarbageBeforeLast(bytes: Buffer): Buffer {
  const start = lastBatchStart();
  return Buffer.concat([bytes.subarray(0, start), Buffer.from('?'), bytes.subarray(start)]);
}

describe('what a crash leaves of a new file', () => {
  const nextPath = `${directory}/000000000000006.log`;

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a part of its header', Buffer.from('raft-l')],
    ['a sector that was not written', Buffer.alloc(26)],
  ])('%s: it is removed and reported, and nothing is lost', (_, bytes) => {
    const disk = written.afterKill();
    disk.put(nextPath, bytes);
    const storage = openStorage(disk);
    expect(textOf(storage.recovered)).toBe(states.at(-1));
    expect(storage.notes).toHaveLength(1);
    expect(disk.paths).not.toContain(nextPath);
    writeAllOf(storage, disk, [{ number: 1, entries: [{ term: 1, index: 7, command: 'g' }] }]);
    expect(openStorage(disk).recovered?.entries).toHaveLength(7);
  });

  test('a damaged batch in the file before it is damage: that batch was synced before the new file was made', () => {
    const disk = written.afterKill();
    disk.flipBit(lastPath, lastBatchStart() * 8);
    disk.put(nextPath, Buffer.alloc(0));
    const where = `${lastPath}: damaged at offset ${lastBatchStart()}: `;
    expect(() => openStorage(disk)).toThrow(`${where}no record begins here`);
  });
});

describe('a last batch that was cut short', () => {
  test('is not mistaken for damage by what a client has written into it', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = openStorage(fileSystem);
    writeAllOf(storage, fileSystem, batches.slice(0, 2));
    const [path = ''] = fileSystem.paths;
    const end = fileSystem.readFileSync(path).length;
    // A client's value that is, byte for byte, the record of a later batch.
    const record = written.readFileSync(lastPath).subarray(lastBatchStart());
    const value = record.toString('latin1');
    const entry = { term: 1, index: 3, command: { op: 'put', key: 1, value } };
    writeAllOf(storage, fileSystem, [{ number: 3, entries: [entry] }]);
    fileSystem.put(path, fileSystem.readFileSync(path).subarray(0, -3));
    const { recovered, notes } = openStorage(fileSystem);
    expect(textOf(recovered)).toBe(states[2]);
    expect(notes[0]).toContain(`at offset ${end}: the record goes on to offset`);
  });
});
