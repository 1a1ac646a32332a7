import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DiskStorage } from '../../src/storage/disk-storage.ts';
import { segmentHeaderBytes } from '../../src/storage/segments.ts';
import { FaultyFileSystem } from './faulty-file-system.ts';
import { entriesOf, received, stateOn, takeSnapshot } from './snapshot-fixtures.ts';
import { hardState, openStorage, writeAllOf } from './workload.ts';

/** Small enough for each batch to have a segment of its own. */
const segmentBytes = 33;

/** A storage on which batches have the entries 1 to 5, 6 to 10, and so on, all of term 1. */
function storageOfFives(fileSystem: FaultyFileSystem, batchCount: number): DiskStorage {
  const storage = openStorage(fileSystem, { segmentBytes });
  writeAllOf(storage, fileSystem, Array.from({ length: batchCount }, (_, batch) => {
    return { number: batch + 1, ...(batch === 0 && { hardState }), entries: entriesOf(1, batch * 5 + 1, batch * 5 + 5) };
  }));
  return storage;
}

/** The numbers of the first batches in the segments that are there. */
function segmentsOn(fileSystem: FaultyFileSystem): readonly number[] {
  const names = fileSystem.paths.map((path) => basename(path)).filter((name) => name.endsWith('.log'));
  return names.map((name) => Number(name.slice(0, 15)));
}

function bytesOn(fileSystem: FaultyFileSystem): number {
  return fileSystem.paths.reduce((sum, path) => sum + fileSystem.readFileSync(path).length, 0);
}

describe('segments', () => {
  test('go, oldest first and for good, when all their entries are covered; the last one stays', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageOfFives(fileSystem, 4);
    takeSnapshot(storage, fileSystem, { index: 20, term: 1 }, ['text\n']);
    expect(segmentsOn(fileSystem)).toEqual([1, 2, 3, 4]);
    storage.compact(9);
    fileSystem.complete();
    expect(segmentsOn(fileSystem), 'entry 10 is still wanted').toEqual([2, 3, 4]);
    storage.compact(20);
    const seen: unknown[] = [segmentsOn(fileSystem)];
    while (fileSystem.isBusy) {
      fileSystem.completeOne();
      seen.push(segmentsOn(fileSystem.afterPowerCut((which) => which !== 0)));
    }
    expect(seen.map((segments) => JSON.stringify(segments))).toEqual(['[3,4]', '[3,4]', '[3,4]', '[4]', '[4]']);
    const found = openStorage(fileSystem.afterPowerCut(() => false)).recovered;
    expect(found).toMatchObject({ hardState, entries: entriesOf(1, 16, 20) });
  });

  test('begin anew after a compaction, so that a small one can go as well', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = openStorage(fileSystem, { segmentBytes: 1_000_000 });
    writeAllOf(storage, fileSystem, [{ number: 1, hardState, entries: entriesOf(1, 1, 5) }]);
    takeSnapshot(storage, fileSystem, { index: 5, term: 1 }, ['text\n']);
    storage.compact(5);
    storage.compact(5);
    storage.compact(4);
    writeAllOf(storage, fileSystem, [{ number: 2, entries: entriesOf(1, 6, 6) }]);
    expect(segmentsOn(fileSystem)).toEqual([2]);
    storage.compact(5);
    writeAllOf(storage, fileSystem, [{ number: 3, entries: entriesOf(1, 7, 7) }]);
    expect(segmentsOn(fileSystem), 'once for each').toEqual([2]);
    const found = stateOn(openStorage(fileSystem.afterPowerCut(() => false)));
    expect(found).toMatchObject({ hardState, entries: entriesOf(1, 6, 7) });
  });

  test('that hold the only hard state stay until the next one has it', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageOfFives(fileSystem, 1);
    takeSnapshot(storage, fileSystem, { index: 5, term: 1 }, ['text\n']);
    storage.compact(5);
    storage.write({ number: 2, entries: entriesOf(1, 6, 6) });
    while (storage.isWriting) {
      expect(segmentsOn(fileSystem)[0]).toBe(1);
      expect(stateOn(openStorage(fileSystem.afterPowerCut(() => false)))?.hardState).toEqual(hardState);
      fileSystem.completeOne();
    }
    fileSystem.complete();
    expect(segmentsOn(fileSystem)).toEqual([2]);
  });

  test('that hold the only hard state stay also where the node stopped before the next one had it', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageOfFives(fileSystem, 1);
    takeSnapshot(storage, fileSystem, { index: 5, term: 1 }, ['text\n']);
    storage.write({ number: 2, entries: entriesOf(1, 6, 6) });
    while (fileSystem.paths.every((path) => fileSystem.readFileSync(path).length !== segmentHeaderBytes)) {
      fileSystem.completeOne();
    }
    const disk = fileSystem.afterKill();
    const next = openStorage(disk);
    next.compact(5);
    disk.complete();
    expect(segmentsOn(disk)).toEqual([1, 2]);
    expect(stateOn(openStorage(disk.afterKill()))).toMatchObject({ hardState, entries: [] });
    writeAllOf(next, disk, [{ number: 1, entries: entriesOf(1, 6, 6) }]);
    expect(segmentsOn(disk)).toEqual([2]);
    expect(stateOn(openStorage(disk.afterKill()))).toMatchObject({ hardState, entries: entriesOf(1, 6, 6) });
  });

  test('all stay before there is a snapshot, also those without entries', () => {
    const fileSystem = new FaultyFileSystem();
    const batches = [1, 2, 3].map((number) => ({ number, hardState: { ...hardState, term: number }, entries: [] }));
    writeAllOf(openStorage(fileSystem, { segmentBytes }), fileSystem, batches);
    writeAllOf(openStorage(fileSystem, { segmentBytes }), fileSystem, batches);
    expect(segmentsOn(fileSystem)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(openStorage(fileSystem.afterKill()).recovered?.hardState.term).toBe(3);
  });

  test('go also where a later life compacts, which knows what each of them holds', () => {
    const fileSystem = new FaultyFileSystem();
    takeSnapshot(storageOfFives(fileSystem, 4), fileSystem, { index: 20, term: 1 }, ['text\n']);
    const storage = openStorage(fileSystem);
    storage.compact(14);
    fileSystem.complete();
    expect(segmentsOn(fileSystem)).toEqual([3, 4]);
  });

  test('with entries beyond the index stay, also where those were replaced', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageOfFives(fileSystem, 3);
    // Replaces from entry 9 on: of segment 2 the entries 6 to 8 count, and of segment 3 none.
    writeAllOf(storage, fileSystem, [{ number: 4, hardState: { ...hardState, term: 2 }, entries: entriesOf(2, 9, 12) }]);
    takeSnapshot(storage, fileSystem, { index: 12, term: 2 }, ['text\n']);
    storage.compact(12);
    fileSystem.complete();
    expect(segmentsOn(fileSystem)).toEqual([3, 4]);
    const found = openStorage(fileSystem.afterPowerCut(() => false)).recovered;
    expect(found?.entries, 'from below where the log begins').toEqual(entriesOf(2, 9, 12));
  });

  test('are bounded by the snapshot interval, however long the node runs', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = openStorage(fileSystem, { segmentBytes: 1_000_000 });
    let writtenBytes = 0;
    let highestBytes = 0;
    for (let number = 1; number <= 2000; number += 1) {
      writeAllOf(storage, fileSystem, [{ number, ...(number === 1 && { hardState }), entries: entriesOf(1, number, number) }]);
      if (number % 50 === 0) {
        takeSnapshot(storage, fileSystem, { index: number, term: 1 }, ['x'.repeat(1000)]);
        if (number > 50) storage.compact(number - 10);
        fileSystem.complete();
      }
      writtenBytes += 60;
      highestBytes = Math.max(highestBytes, bytesOn(fileSystem));
    }
    // Two snapshots for a moment, and the entries of an interval and what is kept, twice.
    expect(highestBytes).toBeLessThan(2 * 1100 + 2 * 60 * 80 + 1000);
    expect(writtenBytes).toBeGreaterThan(10 * highestBytes);
    expect(fileSystem.paths.length).toBeLessThanOrEqual(4);
  });

  test('stay while the log does not say yet that a snapshot has taken its place', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageOfFives(fileSystem, 4);
    storage.write({ number: 5, snapshot: received({ index: 10, term: 3 }, ['text\n']), entries: [] });
    while (storage.snapshot === undefined) fileSystem.completeOne();
    const disk = fileSystem.afterKill();
    const next = openStorage(disk);
    // Without the first two segments it could not be seen any more that entry 10 was another one.
    next.compact(10);
    disk.complete();
    expect(segmentsOn(disk)).toEqual([1, 2, 3, 4]);
    expect(stateOn(openStorage(disk.afterPowerCut(() => false)))?.entries).toEqual([]);
    writeAllOf(next, disk, [{ number: 1, hardState: { ...hardState, term: 3 }, entries: [] }]);
    expect(segmentsOn(disk)).toEqual([5]);
  });

  test('whose removal fails are a failure of the disk', () => {
    for (const operation of [1, 2]) {
      const fileSystem = new FaultyFileSystem();
      const failures: string[] = [];
      storageOfFives(fileSystem, 2);
      const storage = openStorage(fileSystem, { onFailure: ({ message }) => failures.push(message) });
      takeSnapshot(storage, fileSystem, { index: 10, term: 1 }, ['text\n']);
      fileSystem.failAt = { operation: fileSystem.operations + operation, error: new Error('EIO: i/o error') };
      storage.compact(10);
      fileSystem.complete();
      expect(failures).toEqual(['EIO: i/o error']);
    }
  });
});
