import { describe, expect, test } from 'vitest';
import { encodeBatch } from '../../src/storage/batch-codec.ts';
import type { BatchContents } from '../../src/storage/batch-codec.ts';
import { checksumOf, encodeRecord, recordHeaderBytes } from '../../src/storage/record.ts';
import type { Place } from '../../src/storage/record.ts';
import { encodeHeader, segmentHeaderBytes } from '../../src/storage/segments.ts';
import { directory, FaultyFileSystem } from './faulty-file-system.ts';
import { hardState, openStorage, statesOf, textOf, workload, writeAllOf } from './workload.ts';

const firstBatch = { number: 1, hardState, entries: [{ term: 1, index: 1, command: 'SET x 1' }] };
const secondBatch = { number: 2, entries: [{ term: 1, index: 2, command: 'SET y 2' }] };

describe('a batch', () => {
  test('is persisted when its sync is done, and not before', () => {
    const fileSystem = new FaultyFileSystem();
    let reports = 0;
    const storage = openStorage(fileSystem, { onProgress: () => (reports += 1) });
    storage.write(firstBatch);
    while (fileSystem.isBusy) {
      expect([storage.persistedBatch, storage.isWriting, reports]).toEqual([0, true, 0]);
      fileSystem.completeOne();
    }
    expect([storage.persistedBatch, storage.isWriting, reports]).toEqual([1, false, 1]);
    const { recovered } = openStorage(fileSystem.afterPowerCut(() => false));
    expect(recovered).toEqual({ hardState, entries: firstBatch.entries });
  });

  test('costs one sync', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = openStorage(fileSystem);
    writeAllOf(storage, fileSystem, [firstBatch]);
    const before = fileSystem.operations;
    writeAllOf(storage, fileSystem, [secondBatch]);
    expect(fileSystem.operations - before, 'a write and a sync').toBe(2);
  });

  test('has each entry stringified once', () => {
    const fileSystem = new FaultyFileSystem();
    const encoded: number[] = [];
    const storage = openStorage(fileSystem, {
      encodeEntry: (entry) => {
        encoded.push(entry.index);
        return JSON.stringify(entry);
      },
    });
    writeAllOf(storage, fileSystem, [firstBatch, secondBatch]);
    expect(encoded).toEqual([1, 2]);
  });

  test('is not begun while another is on its way', () => {
    const storage = openStorage(new FaultyFileSystem());
    storage.write(firstBatch);
    expect(() => storage.write(secondBatch)).toThrow('one at a time');
  });
});

describe('the log', () => {
  test('is read back as it was, over many files and many lives', () => {
    const batches = workload(200, 3);
    const states = statesOf(batches);
    const fileSystem = new FaultyFileSystem();
    for (let start = 0; start < batches.length; start += 20) {
      const storage = openStorage(fileSystem);
      expect(textOf(storage.recovered)).toBe(states[start]);
      const life = batches.slice(start, start + 20).map((batch, position) => ({ ...batch, number: position + 1 }));
      writeAllOf(storage, fileSystem, life);
    }
    expect(fileSystem.paths.length).toBeGreaterThan(10);
    expect(textOf(openStorage(fileSystem).recovered)).toBe(states.at(-1));
  });

  test('has the hard state at the beginning of each file, so that the files before it can go', () => {
    const fileSystem = new FaultyFileSystem();
    writeAllOf(openStorage(fileSystem), fileSystem, workload(100, 4));
    const filesBefore = fileSystem.paths.length;
    const storage = openStorage(fileSystem);
    const nextIndex = (storage.recovered?.entries.length ?? 0) + 1;
    const entriesOnly = Array.from({ length: 30 }, (_, offset) => {
      return { number: offset + 1, entries: [{ term: 99, index: nextIndex + offset, command: 'SET x 1' }] };
    });
    writeAllOf(storage, fileSystem, entriesOnly);
    expect(fileSystem.paths.length, 'also in a life whose batches have none').toBeGreaterThan(filesBefore + 1);
    for (const path of fileSystem.paths) {
      const [firstLine = ''] = fileSystem.readFileSync(path).subarray(segmentHeaderBytes + recordHeaderBytes).toString().split('\n');
      expect(JSON.parse(firstLine)).toMatchObject({ nodeId: 'n1' });
    }
  });

  test('lets go of what it recovered once the node writes', () => {
    const fileSystem = new FaultyFileSystem();
    writeAllOf(openStorage(fileSystem), fileSystem, [firstBatch]);
    const storage = openStorage(fileSystem);
    expect(storage.recovered).toBeDefined();
    writeAllOf(storage, fileSystem, [{ number: 1, hardState, entries: [] }]);
    expect(storage.recovered).toBeUndefined();
  });

  test.each([
    ['leaves out an entry', { entries: [{ term: 1, index: 3, command: 1 }] }, 'entry 3 after entry 1'],
    [
      'leaves out an entry in itself',
      { entries: [{ term: 1, index: 2, command: 1 }, { term: 1, index: 4, command: 1 }] },
      'entry 4 after entry 2',
    ],
    ['goes back in terms', { entries: [{ term: 0, index: 2, command: 1 }] }, 'entry 2 of term 0 after one of term 1'],
  ])('that %s cannot have been written by a node', (_, batch, why) => {
    expect(() => openStorage(diskWith([firstBatch, batch]))).toThrow(`batch 2 is impossible: ${why}`);
  });

  test.each([
    ['the number of another', { sequence: 3 }, 'batch 3 does not follow batch 1'],
    ['another predecessor', { predecessor: 1 }, 'batch 2 does not follow batch 1'],
  ])('in which a batch has %s is damaged', (_, place, why) => {
    expect(() => openStorage(diskWith([firstBatch, secondBatch], place))).toThrow(why);
  });

  test.each([
    ['another file', { sequence: 2, predecessor: 0, lastIndex: 0 }],
    ['a file that follows others', { sequence: 1, predecessor: 7, lastIndex: 0 }],
  ])('that begins with the header of %s is damaged', (_, header) => {
    const disk = new FaultyFileSystem();
    disk.put(`${directory}/000000000000001.log`, encodeHeader(header));
    const what = `its header is that of batch ${header.sequence}, and does not follow batch 0`;
    expect(() => openStorage(disk)).toThrow(what);
  });

  test('whose header knows of entries that nobody wrote is damaged', () => {
    const disk = new FaultyFileSystem();
    disk.put(`${directory}/000000000000001.log`, encodeHeader({ sequence: 1, predecessor: 0, lastIndex: 5 }));
    expect(() => openStorage(disk)).toThrow('its header follows entry 5, and the log ends at entry 0');
  });

  test('without a hard state cannot have been written by a node', () => {
    const what = 'batch 1 is impossible: no hard state comes before it';
    expect(() => openStorage(diskWith([{ entries: [] }]))).toThrow(what);
  });

  test.each([
    ['an entry without a command', ['null', '{"term":1,"index":1}'], 'line 2 of it is no entry'],
    ['an entry at index 0', ['null', '{"term":1,"index":0,"command":1}'], 'line 2 of it is no entry'],
    ['an entry whose origin has no id', ['null', '{"term":1,"index":1,"command":1,"origin":{"node":"n1"}}'], 'line 2'],
    ['a snapshot of nothing', ['null', '{"replacedBy":{"index":0,"term":1}}'], 'line 2 of it is no entry'],
    ['a snapshot without a term', ['null', '{"replacedBy":{"index":7}}'], 'line 2 of it is no entry'],
    ['a snapshot among entries', ['null', 'null', '{"replacedBy":{"index":7,"term":1}}'], 'line 2 of it is no entry'],
    ['a term below zero', [JSON.stringify({ ...hardState, term: -1 })], 'line 1 of it is no hard state'],
    ['no founders', [JSON.stringify({ ...hardState, voters: [] })], 'line 1 of it is no hard state'],
    ['voters without names', [JSON.stringify({ ...hardState, voters: ['n1', 2] })], 'line 1 of it is no hard state'],
    ['no JSON', ['null', '{"term":'], 'line 2 of it is no entry'],
  ])('with %s in it is not believed, though its checksum is right', (_, lines, why) => {
    const disk = new FaultyFileSystem();
    const header = encodeHeader({ sequence: 1, predecessor: 0, lastIndex: 0 });
    const record = encodeRecord({ sequence: 1, predecessor: 0 }, lines);
    disk.put(`${directory}/000000000000001.log`, Buffer.concat([header, record]));
    expect(() => openStorage(disk)).toThrow(`damaged at offset 32: batch 1 is not understood: ${why}`);
  });
});

/** A disk with batches that no storage would have written, the last of them perhaps at a place that is not its own. */
function diskWith(batches: readonly BatchContents[], lastPlace: Partial<Place> = {}): FaultyFileSystem {
  const disk = new FaultyFileSystem();
  const parts = [encodeHeader({ sequence: 1, predecessor: 0, lastIndex: 0 })];
  let predecessor = 0;
  for (const [position, batch] of batches.entries()) {
    const place = { sequence: position + 1, predecessor, ...(batch === batches.at(-1) && lastPlace) };
    const record = encodeRecord(place, encodeBatch(batch, (entry) => JSON.stringify(entry)));
    predecessor = checksumOf(record);
    parts.push(record);
  }
  disk.put(`${directory}/000000000000001.log`, Buffer.concat(parts));
  return disk;
}

describe('a disk that fails', () => {
  test('at any operation: it is said once, and nothing is persisted from then on', () => {
    for (let operation = 1; operation <= 7; operation += 1) {
      const fileSystem = new FaultyFileSystem();
      const failures: string[] = [];
      let persisted = 0;
      const storage = openStorage(fileSystem, {
        onProgress: () => (persisted += 1),
        onFailure: ({ message }) => failures.push(message),
      });
      fileSystem.failAt = { operation, error: new Error('EIO: i/o error') };
      writeAllOf(storage, fileSystem, [firstBatch]);
      if (failures.length === 0) writeAllOf(storage, fileSystem, [secondBatch]);
      fileSystem.complete();
      // The first batch takes six: create, header, sync, sync of the directory, record, sync.
      expect([failures, persisted], `operation ${operation}`).toEqual([['EIO: i/o error'], operation <= 6 ? 0 : 1]);
      expect(storage.persistedBatch).toBe(persisted);
    }
  });

  test('for want of space: what was persisted before is there', () => {
    const fileSystem = new FaultyFileSystem();
    fileSystem.freeSpaceBytes = 1000;
    const failures: string[] = [];
    const storage = openStorage(fileSystem, { onFailure: ({ message }) => failures.push(message) });
    const batches = workload(50, 5);
    for (const batch of batches) if (failures.length === 0) writeAllOf(storage, fileSystem, [batch]);
    expect(failures).toEqual(['ENOSPC: no space left on device']);
    fileSystem.freeSpaceBytes = Infinity;
    expect(textOf(openStorage(fileSystem).recovered)).toBe(statesOf(batches)[storage.persistedBatch]);
  });
});

describe('a disk that takes nothing, and says nothing', () => {
  test('has failed', () => {
    const fileSystem = new FaultyFileSystem();
    fileSystem.maxBytesPerWrite = 0;
    const failures: string[] = [];
    const storage = openStorage(fileSystem, { onFailure: ({ message }) => failures.push(message) });
    writeAllOf(storage, fileSystem, [firstBatch]);
    expect(failures).toEqual(['the disk took none of the bytes']);
  });
});

describe('the reserve', () => {
  test('is looked at when the storage opens, now and then as it writes, and when somebody asks', () => {
    const fileSystem = new FaultyFileSystem();
    fileSystem.freeSpaceBytes = 20_000;
    const storage = openStorage(fileSystem, { reserveBytes: 16_384 });
    expect(storage.isNearlyFull).toBe(false);
    let batches = 0;
    for (const batch of workload(100, 6)) {
      if (storage.isNearlyFull) break;
      writeAllOf(storage, fileSystem, [batch]);
      batches += 1;
    }
    expect(storage.isNearlyFull).toBe(true);
    expect(fileSystem.freeSpaceBytes, 'not long after').toBeGreaterThan(16_384 * 0.75);
    expect(openStorage(fileSystem, { reserveBytes: 16_384 }).isNearlyFull).toBe(true);

    fileSystem.freeSpaceBytes = 20_000;
    storage.checkFreeSpace();
    storage.checkFreeSpace();
    fileSystem.complete();
    expect(storage.isNearlyFull).toBe(false);
    writeAllOf(storage, fileSystem, [{ number: batches + 1, hardState, entries: [] }]);
  });
});
