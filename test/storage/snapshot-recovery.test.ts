import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { crc32c } from '../../src/storage/crc32c.ts';
import type { DiskStorage } from '../../src/storage/disk-storage.ts';
import { trailerBytes } from '../../src/storage/snapshot-file.ts';
import { directory, FaultyFileSystem } from './faulty-file-system.ts';
import { describe as described, entriesOf, received, stateOn, takeSnapshot } from './snapshot-fixtures.ts';
import { hardState, openStorage, writeAllOf } from './workload.ts';

const text = '{"head":1}\n["a",1]\n["b",2]\n';

/** Small enough for each batch to have a segment of its own. */
const segmentBytes = 33;

/** A disk with one batch after another of five entries each. */
function diskOfFives(batchCount: number, term: number = 1): { fileSystem: FaultyFileSystem; storage: DiskStorage } {
  const fileSystem = new FaultyFileSystem();
  const storage = openStorage(fileSystem, { segmentBytes });
  writeAllOf(storage, fileSystem, Array.from({ length: batchCount }, (_, batch) => {
    const head = batch === 0 && { hardState: { ...hardState, term } };
    return { number: batch + 1, ...head, entries: entriesOf(term, batch * 5 + 1, batch * 5 + 5) };
  }));
  return { fileSystem, storage };
}

/** A snapshot up to entry 15 of a log that goes to 30 and begins at 11: segments 3 to 6 are left. */
function compactedDisk(): FaultyFileSystem {
  const { fileSystem, storage } = diskOfFives(6);
  takeSnapshot(storage, fileSystem, { index: 15, term: 1 }, [text]);
  storage.compact(10);
  fileSystem.complete();
  return fileSystem;
}

/** A disk whose power was cut when a received snapshot was current, and the log had not been told. */
function interruptedInstallation(place: { index: number; term: number }): FaultyFileSystem {
  const { fileSystem, storage } = diskOfFives(4);
  const newHardState = { ...hardState, term: place.term };
  const entries = entriesOf(place.term, place.index + 1, place.index + 2);
  storage.write({ number: 5, hardState: newHardState, snapshot: received(place, [text]), entries });
  while (storage.snapshot === undefined) fileSystem.completeOne();
  return fileSystem.afterPowerCut(() => false);
}

const compacted = compactedDisk();
const snapshotPath = compacted.paths.find((path) => path.endsWith('.snapshot')) ?? '';
const segmentPaths = compacted.paths.filter((path) => path.endsWith('.log'));

describe('a snapshot that is current, of which the log was not told', () => {
  test.each([
    ['had another entry there', { index: 12, term: 3 }, 'had entry 12 in term 1'],
    ['ended before', { index: 40, term: 1 }, 'ended at entry 20'],
  ])('takes the place of a log that %s, and that is reported', (_, place, why) => {
    const disk = interruptedInstallation(place);
    const storage = openStorage(disk);
    const snapshot = { description: described(place, text), text };
    expect(stateOn(storage)).toEqual({ hardState: { ...hardState, term: place.term }, snapshot, entries: [] });
    expect(storage.notes).toHaveLength(1);
    expect(storage.notes[0]).toContain(`.snapshot: takes the place of the log, which ${why}`);
  });

  test('leaves a log alone that has its last entry: what follows may have been acknowledged', () => {
    const disk = interruptedInstallation({ index: 12, term: 1 });
    const storage = openStorage(disk);
    expect(stateOn(storage)?.entries).toEqual(entriesOf(1, 13, 20));
    expect(storage.notes).toEqual([]);
  });

  test('is told to the log by the next life, before anything that follows it', () => {
    for (const life of [1, 2, 3]) {
      const disk = interruptedInstallation({ index: 12, term: 3 });
      // Lives in which nothing was written change nothing.
      for (let empty = 1; empty < life; empty += 1) openStorage(disk);
      const next = openStorage(disk);
      writeAllOf(next, disk, [{ number: 1, hardState: { ...hardState, term: 4 }, entries: [] }]);
      writeAllOf(next, disk, [{ number: 2, entries: entriesOf(4, 13, 14) }]);
      const last = openStorage(disk.afterPowerCut(() => false));
      expect([stateOn(last)?.entries, last.notes]).toEqual([entriesOf(4, 13, 14), []]);
    }
  });

  test('is told to the log also where the first attempt is torn', () => {
    const disk = interruptedInstallation({ index: 12, term: 3 });
    const batch = { number: 1, hardState: { ...hardState, term: 4 }, entries: [] };
    openStorage(disk).write(batch);
    while (disk.waitingCount > 0 && !disk.paths.some((path) => path.endsWith('6.log'))) disk.completeOne();
    const torn = disk.afterKill();
    const [path = ''] = torn.paths.filter((name) => name.endsWith('6.log'));
    for (const length of [0, 10, 32]) {
      const again = torn.afterKill();
      again.put(path, torn.readFileSync(path).subarray(0, length));
      const next = openStorage(again);
      expect(stateOn(next)?.entries).toEqual([]);
      writeAllOf(next, again, [batch, { number: 2, entries: entriesOf(4, 13, 14) }]);
      expect(stateOn(openStorage(again.afterPowerCut(() => false)))?.entries).toEqual(entriesOf(4, 13, 14));
    }
  });
});

describe('a log that begins late', () => {
  test('is read back from where it begins, before the end of the snapshot', () => {
    const storage = openStorage(compacted.afterKill());
    expect(storage.recovered?.entries).toEqual(entriesOf(1, 11, 30));
    expect(storage.recovered?.snapshot).toEqual(described({ index: 15, term: 1 }, text));
  });

  test('may begin right after the snapshot, or hold no entry at all', () => {
    const { fileSystem, storage } = diskOfFives(3);
    takeSnapshot(storage, fileSystem, { index: 15, term: 1 }, [text]);
    storage.compact(15);
    writeAllOf(storage, fileSystem, [{ number: 4, hardState: { ...hardState, term: 2 }, entries: [] }]);
    expect(stateOn(openStorage(fileSystem.afterKill()))?.entries).toEqual([]);
    writeAllOf(storage, fileSystem, [{ number: 5, entries: entriesOf(2, 16, 17) }]);
    const disk = fileSystem.afterPowerCut(() => false);
    const names = disk.paths.map((path) => basename(path));
    expect(names).toEqual(['0000000000000015.snapshot', '000000000000005.log']);
    expect(openStorage(disk).recovered?.entries).toEqual(entriesOf(2, 16, 17));
  });

  test('does not go on below the snapshot that it began with', () => {
    const { fileSystem } = diskOfFives(3);
    const storage = openStorage(fileSystem);
    writeAllOf(storage, fileSystem, [{ number: 1, snapshot: received({ index: 12, term: 2 }, [text]), entries: [] }]);
    writeAllOf(storage, fileSystem, [{ number: 2, entries: entriesOf(2, 12, 13) }]);
    const what = 'batch 5 is impossible: entry 12, which a snapshot up to entry 12 covers';
    expect(() => openStorage(fileSystem.afterKill())).toThrow(what);
  });
});

describe('older snapshots and parts of new ones', () => {
  const leftovers = ['0000000000000003.snapshot', '0000000000000040.snapshot.partial-2'];

  test('are removed, and nobody reads them', () => {
    const disk = compacted.afterKill();
    for (const name of leftovers) disk.put(join(directory, name), Buffer.from('not even whole'));
    disk.put(join(directory, '15.snapshot'), Buffer.from('mine'));
    const storage = openStorage(disk);
    expect(storage.snapshot?.description.lastIncludedIndex).toBe(15);
    const names = disk.paths.map((path) => basename(path)).filter((name) => name.includes('snapshot'));
    expect(names, 'but what somebody else has put there').toEqual(['0000000000000015.snapshot', '15.snapshot']);
  });

  test('do not outlive the newer one, whose name is on the disk before they go', () => {
    const { fileSystem, storage } = diskOfFives(4);
    takeSnapshot(storage, fileSystem, { index: 5, term: 1 }, ['older']);
    const writer = storage.beginSnapshot(15, 1);
    fileSystem.complete();
    writer.finish();
    // The last line, the sync: then the file has its new name, and the directory is not synced.
    fileSystem.completeOne();
    fileSystem.completeOne();
    const disk = fileSystem.afterKill();
    expect(disk.paths.filter((path) => path.endsWith('.snapshot'))).toHaveLength(2);
    expect(openStorage(disk).snapshot?.description.lastIncludedIndex).toBe(15);
    for (const kept of [0, 1, 2, 3]) {
      const found = openStorage(disk.afterPowerCut((which) => ((kept >> which) & 1) === 1));
      expect(found.snapshot?.description.lastIncludedIndex).toBe(15);
    }
  });
});

describe('one flipped bit of a snapshot', () => {
  test('stops the node, wherever it is; the message names file and offset, and nothing is changed', () => {
    const { length } = compacted.readFileSync(snapshotPath);
    expect(length).toBe(text.length + trailerBytes);
    for (let bit = 0; bit < length * 8; bit += 1) {
      const disk = compacted.afterKill();
      disk.flipBit(snapshotPath, bit);
      const offset = bit >> 3 < text.length ? 0 : text.length;
      expect(() => openStorage(disk), `bit ${bit}`).toThrow(`${snapshotPath}: damaged at offset ${offset}: `);
      expect(disk.operations).toBe(0);
    }
    console.log(`${length * 8} bits of a snapshot flipped`);
  });

  test('also where an older whole one is there: it is never used silently', () => {
    const disk = compacted.afterKill();
    disk.put(join(directory, '0000000000000012.snapshot'), compacted.readFileSync(snapshotPath));
    disk.flipBit(snapshotPath, 77);
    expect(() => openStorage(disk)).toThrow(`${snapshotPath}: damaged at offset 0: `);
  });

  test('of a segment of a log that begins late stops it as well', () => {
    let bits = 0;
    for (const path of segmentPaths.slice(0, -1)) {
      for (let bit = 0; bit < compacted.readFileSync(path).length * 8; bit += 1, bits += 1) {
        const disk = compacted.afterKill();
        disk.flipBit(path, bit);
        expect(() => openStorage(disk), `bit ${bit} of ${path}`).toThrow(`${path}: damaged at offset `);
      }
    }
    console.log(`${bits} bits of a log that begins late flipped`);
  });
});

describe('a snapshot that is', () => {
  test('cut short is damaged, wherever that is', () => {
    for (let length = 0; length < text.length + trailerBytes; length += 1) {
      const disk = compacted.afterKill();
      disk.put(snapshotPath, compacted.readFileSync(snapshotPath).subarray(0, length));
      const where = `${snapshotPath}: damaged at offset ${Math.max(0, length - trailerBytes)}: `;
      expect(() => openStorage(disk), `${length} bytes`).toThrow(where);
    }
  });

  test.each([
    ['longer than it says', (bytes: Buffer) => Buffer.concat([Buffer.from('x'), bytes]), 'should after 27 bytes'],
    ['without an end', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')]), 'does not end with the last line'],
    ['another one', () => fileOf({ index: 14, term: 1 }), 'is that of a snapshot up to entry 14'],
  ])('%s is damaged', (_, change, what) => {
    const disk = compacted.afterKill();
    disk.put(snapshotPath, change(compacted.readFileSync(snapshotPath)));
    expect(() => openStorage(disk)).toThrow(what);
  });

  test.each([
    ['a later version', '0002', 'is in version 2 of the format, which this program does not read'],
    ['no version', '000x', 'does not end with the last line of a snapshot'],
  ])('of %s is not read, though its checksum is right', (_, version, what) => {
    const disk = compacted.afterKill();
    const lastLine = compacted.readFileSync(snapshotPath).subarray(text.length, -9).toString();
    disk.put(snapshotPath, Buffer.from(text + withChecksum(lastLine.replace(' 0001 ', ` ${version} `))));
    expect(() => openStorage(disk)).toThrow(what);
  });

  test('not understood is not believed, though its checksum is right', () => {
    const disk = compacted.afterKill();
    const lastLine = compacted.readFileSync(snapshotPath).subarray(text.length, -9).toString();
    disk.put(snapshotPath, Buffer.from(text + withChecksum(lastLine.replace('0000000000000015', '             +15'))));
    expect(() => openStorage(disk)).toThrow('the last line is not understood');
  });

  test('large is verified a piece at a time', () => {
    const { fileSystem, storage } = diskOfFives(1);
    const mebibyte = 'x'.repeat(1024 * 1024);
    takeSnapshot(storage, fileSystem, { index: 5, term: 1 }, [mebibyte, mebibyte, 'the end']);
    const disk = fileSystem.afterKill();
    expect(openStorage(disk).snapshot?.description.totalBytes).toBe(2 * 1024 * 1024 + 7);
    expect(disk.largestReadBytes).toBe(1024 * 1024);
    disk.flipBit(disk.paths.find((path) => path.endsWith('.snapshot')) ?? '', (2 * 1024 * 1024 + 3) * 8);
    expect(() => openStorage(disk)).toThrow('the checksum of the text');
  });
});

function withChecksum(line: string): string {
  return `${line}${crc32c(Buffer.from(line)).toString(16).padStart(8, '0')}\n`;
}

function fileOf(place: { index: number; term: number }): Buffer {
  const { fileSystem, storage } = diskOfFives(6);
  takeSnapshot(storage, fileSystem, place, [text]);
  return fileSystem.readFileSync(fileSystem.paths.find((path) => path.endsWith('.snapshot')) ?? '');
}

describe('what is missing', () => {
  test.each([
    ['the snapshot of a log that begins late', snapshotPath, 'it begins with batch 3, where batch 1 should follow'],
    ['the segment in the middle', segmentPaths[2], 'it begins with batch 6, where batch 5 should follow'],
  ])('%s: nothing starts', (_, path = '', what) => {
    const disk = compacted.afterKill();
    disk.removeFileSync(path);
    const before = disk.operations;
    expect(() => openStorage(disk)).toThrow(what);
    expect(disk.operations).toBe(before);
  });

  test('the first segments, so that entries behind the snapshot are gone: nothing starts', () => {
    const disk = compacted.afterKill();
    for (const path of segmentPaths.slice(0, 1)) disk.removeFileSync(path);
    expect(openStorage(disk.afterKill()).recovered?.entries, 'nobody misses 11 to 15').toEqual(entriesOf(1, 16, 30));
    disk.removeFileSync(segmentPaths[1] ?? '');
    const what = `${segmentPaths[2]}: damaged at offset 0: the log goes on after entry 20, and the snapshot ends at entry 15`;
    expect(() => openStorage(disk)).toThrow(what);
  });

  test('those segments, where the rest has no entries: the header says what there was', () => {
    const { fileSystem, storage } = diskOfFives(2);
    takeSnapshot(storage, fileSystem, { index: 5, term: 1 }, [text]);
    writeAllOf(storage, fileSystem, [{ number: 3, hardState: { ...hardState, term: 2 }, entries: [] }]);
    const disk = fileSystem.afterKill();
    for (const number of [1, 2]) disk.removeFileSync(join(directory, `00000000000000${number}.log`));
    expect(() => openStorage(disk)).toThrow('the log goes on after entry 10, and the snapshot ends at entry 5');
  });

  test('the snapshot that took the place of the log: the batch that says so is named', () => {
    const { fileSystem, storage } = diskOfFives(1);
    const path = join(directory, '000000000000002.log');
    storage.write({ number: 2, snapshot: received({ index: 12, term: 2 }, [text]), entries: [] });
    while (storage.isWriting) fileSystem.completeOne();
    // The first segment is being removed, and a power cut brings it back.
    const disk = fileSystem.afterPowerCut(() => false);
    expect(disk.paths.filter((name) => name.endsWith('.log'))).toHaveLength(2);
    disk.removeFileSync(join(directory, '0000000000000012.snapshot'));
    const what = `${path}: damaged at offset 32: the log goes on after entry 12, and there is no snapshot`;
    expect(() => openStorage(disk)).toThrow(what);
  });

  test('the log, where there is a snapshot: term and vote are gone', () => {
    const disk = compacted.afterKill();
    for (const path of segmentPaths) disk.removeFileSync(path);
    expect(() => openStorage(disk)).toThrow(`${snapshotPath}: damaged at offset 0: it is here, but of the log`);
  });

  test('nothing, but log and snapshot contradict each other: nothing starts', () => {
    const { fileSystem, storage } = diskOfFives(1);
    writeAllOf(storage, fileSystem, [{ number: 2, snapshot: received({ index: 12, term: 2 }, [text]), entries: [] }]);
    const disk = fileSystem.afterKill();
    disk.put(join(directory, '0000000000000012.snapshot'), fileOf({ index: 12, term: 9 }));
    expect(() => openStorage(disk)).toThrow('entry 12 is in term 2 in the log, and in term 9 in the snapshot');
  });
});
