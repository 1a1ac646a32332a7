import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DiskStorage } from '../../src/storage/disk-storage.ts';
import { FaultyFileSystem } from './faulty-file-system.ts';
import { describe as described, entriesOf, received, stateOn, takeSnapshot } from './snapshot-fixtures.ts';
import { hardState, openStorage, writeAllOf } from './workload.ts';

const pieces = ['{"head":1}\n["a"', ',1]\n', '["b",2]\n'];
const text = pieces.join('');
const at10 = { index: 10, term: 1 };
const at20 = { index: 20, term: 1 };

/** A storage whose log has 30 entries of term 1, six batches of five. */
function storageWithLog(fileSystem: FaultyFileSystem, overrides: Parameters<typeof openStorage>[1] = {}): DiskStorage {
  const storage = openStorage(fileSystem, overrides);
  writeAllOf(storage, fileSystem, Array.from({ length: 6 }, (_, batch) => {
    return { number: batch + 1, ...(batch === 0 && { hardState }), entries: entriesOf(1, batch * 5 + 1, batch * 5 + 5) };
  }));
  return storage;
}

function namesOf(fileSystem: FaultyFileSystem, ending: string): readonly string[] {
  return fileSystem.paths.map((path) => basename(path)).filter((name) => name.includes(ending));
}

describe('a snapshot of the node’s own', () => {
  test('becomes current when all of it is on the disk, and not before', () => {
    const fileSystem = new FaultyFileSystem();
    let reports = 0;
    const storage = storageWithLog(fileSystem, { onProgress: () => (reports += 1) });
    const writer = storage.beginSnapshot(10, 1);
    for (const piece of pieces) {
      fileSystem.complete();
      writer.write(piece);
    }
    fileSystem.complete();
    writer.finish();
    reports = 0;
    const survives: boolean[] = [];
    while (storage.snapshot === undefined) {
      expect(reports).toBe(0);
      const lost = stateOn(openStorage(fileSystem.afterPowerCut(() => false)));
      survives.push(lost?.snapshot !== undefined);
      expect(lost?.entries).toHaveLength(lost?.snapshot === undefined ? 30 : 20);
      fileSystem.completeOne();
    }
    // The last line, sync, rename, sync of the directory: each has done its work when it is asked for.
    expect([survives, reports]).toEqual([[false, false, false, true], 1]);
    const found = stateOn(openStorage(fileSystem.afterPowerCut(() => false)));
    expect(found?.snapshot).toEqual({ description: described(at10, text), text });
    expect(found?.entries).toEqual(entriesOf(1, 11, 30));
  });

  test('is readable text, with a line at the end that says what it is', () => {
    const fileSystem = new FaultyFileSystem();
    takeSnapshot(storageWithLog(fileSystem), fileSystem, at10, pieces);
    const [path = ''] = fileSystem.paths.filter((name) => name.endsWith('0000000000000010.snapshot'));
    expect(fileSystem.readFileSync(path).toString()).toMatch(
      /^{"head":1}\n\["a",1\]\n\["b",2\]\nraft-snapshot 0001 0{14}10 0{15}1 0{14}27 [0-9a-f]{8} [0-9a-f]{8}\n$/,
    );
  });

  test('keeps one operation in flight, and says when it is ready', () => {
    const fileSystem = new FaultyFileSystem();
    fileSystem.maxBytesPerWrite = 4;
    let reports = 0;
    const storage = storageWithLog(fileSystem, { onProgress: () => (reports += 1) });
    reports = 0;
    const writer = storage.beginSnapshot(10, 1);
    for (const [position, piece] of [...pieces, 'finish'].entries()) {
      expect(() => writer.write('too early')).toThrow('one piece at a time');
      while (!writer.isReady) {
        expect([fileSystem.waitingCount, reports]).toEqual([1, position]);
        fileSystem.completeOne();
      }
      expect([fileSystem.waitingCount, reports]).toEqual([0, position + 1]);
      if (piece === 'finish') writer.finish();
      else writer.write(piece);
    }
    while (fileSystem.isBusy) {
      expect([fileSystem.waitingCount, writer.isReady]).toEqual([1, false]);
      fileSystem.completeOne();
    }
    expect(storage.snapshot?.read(0, 1000)).toBe(text);
  });

  test('lets batches pass while it is written', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem);
    const writer = storage.beginSnapshot(10, 1);
    fileSystem.complete();
    writer.write('a'.repeat(2000));
    storage.write({ number: 7, entries: entriesOf(1, 31, 31) });
    fileSystem.complete();
    expect([storage.persistedBatch, writer.isReady, storage.snapshot]).toEqual([7, true, undefined]);
  });

  test.each([
    ['before its file is there', 0, 0],
    ['while it waits for a piece', 1, 0],
    ['while a piece is being written', 1, 1],
  ])('is given up %s: its file goes, and another may be begun at once', (_, completions, writes) => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem);
    const writer = storage.beginSnapshot(10, 1);
    for (let completion = 0; completion < completions; completion += 1) fileSystem.completeOne();
    for (let write = 0; write < writes; write += 1) writer.write('never wanted');
    writer.abandon();
    expect(writer.isReady).toBe(false);
    takeSnapshot(storage, fileSystem, at10, pieces);
    expect(namesOf(fileSystem, 'snapshot')).toEqual(['0000000000000010.snapshot']);
    expect(storage.snapshot?.read(0, 1000)).toBe(text);
  });

  test('that fails at any operation is reported, and what was before is there', () => {
    let operations = 0;
    for (let hasFailed = true; hasFailed; operations += 1) {
      const fileSystem = new FaultyFileSystem();
      const failures: string[] = [];
      const storage = storageWithLog(fileSystem, { onFailure: ({ message }) => failures.push(message) });
      takeSnapshot(storage, fileSystem, at10, pieces);
      fileSystem.failAt = { operation: fileSystem.operations + operations + 1, error: new Error('EIO: i/o error') };
      const writer = storage.beginSnapshot(20, 1);
      fileSystem.complete();
      for (const piece of ['new', 'er']) {
        if (writer.isReady) writer.write(piece);
        fileSystem.complete();
      }
      if (writer.isReady) writer.finish();
      fileSystem.complete();
      hasFailed = failures.length > 0;
      // Create, two pieces, last line, sync, rename, sync of the directory; then the old file is removed.
      const isCurrent = operations >= 7;
      expect(failures, `operation ${operations}`).toEqual(hasFailed ? ['EIO: i/o error'] : []);
      expect(storage.snapshot?.read(0, 1000)).toBe(isCurrent ? 'newer' : text);
      const found = stateOn(openStorage(fileSystem.afterPowerCut(() => false)));
      expect(found?.snapshot?.text, `operation ${operations}`).toBe(isCurrent ? 'newer' : text);
    }
    expect(operations, 'one more than there are').toBe(9);
  });

  test('that cannot be opened when it is whole is a failure as well; the next life has it', () => {
    const fileSystem = new FaultyFileSystem();
    const failures: string[] = [];
    const storage = storageWithLog(fileSystem, { onFailure: ({ message }) => failures.push(message) });
    fileSystem.openForReadingError = new Error('EMFILE: too many open files');
    takeSnapshot(storage, fileSystem, at10, pieces);
    expect([failures, storage.snapshot]).toEqual([['EMFILE: too many open files'], undefined]);
    fileSystem.openForReadingError = undefined;
    expect(stateOn(openStorage(fileSystem.afterKill()))?.snapshot?.text).toBe(text);
  });

  test('that the disk has no room for is a failure; what was persisted before is there', () => {
    const fileSystem = new FaultyFileSystem();
    const failures: string[] = [];
    const storage = storageWithLog(fileSystem, { onFailure: ({ message }) => failures.push(message) });
    fileSystem.freeSpaceBytes = 1000;
    const writer = storage.beginSnapshot(10, 1);
    fileSystem.complete();
    writer.write('x'.repeat(1500));
    fileSystem.complete();
    expect([failures, writer.isReady]).toEqual([['ENOSPC: no space left on device'], false]);
    fileSystem.freeSpaceBytes = Infinity;
    const disk = fileSystem.afterKill();
    expect(stateOn(openStorage(disk))).toEqual({ hardState, snapshot: undefined, entries: entriesOf(1, 1, 30) });
    expect(namesOf(disk, 'snapshot'), 'and the room is there again').toEqual([]);
  });

  test('replaces the one before, which can be read until it is released', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem);
    takeSnapshot(storage, fileSystem, at10, pieces);
    const before = storage.snapshot;
    takeSnapshot(storage, fileSystem, at20, ['newer']);
    expect(namesOf(fileSystem, 'snapshot')).toEqual(['0000000000000020.snapshot']);
    expect([before?.read(0, 1000), storage.snapshot?.read(0, 1000)]).toEqual([text, 'newer']);
    expect(fileSystem.openForReading).toBe(2);
    before?.release();
    before?.release();
    expect(fileSystem.openForReading).toBe(1);
    expect(() => before?.read(0, 1)).toThrow('before it is released');
    storage.close();
    expect(fileSystem.openForReading).toBe(0);
  });

  test('that is not finished when the storage is closed is given up, and one that nearly is does no harm', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem);
    const writer = storage.beginSnapshot(10, 1);
    fileSystem.complete();
    writer.write('part');
    storage.close();
    fileSystem.complete();
    expect(namesOf(fileSystem, 'snapshot')).toEqual([]);

    const next = openStorage(fileSystem);
    const nearly = next.beginSnapshot(10, 1);
    fileSystem.complete();
    nearly.finish();
    next.close();
    fileSystem.complete();
    expect([next.snapshot, fileSystem.openForReading]).toEqual([undefined, 0]);
    expect(openStorage(fileSystem).snapshot?.description.lastIncludedIndex).toBe(10);
  });

  test('counts when the disk is nearly full', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem, { reserveBytes: 16_384 });
    fileSystem.freeSpaceBytes = 20_000;
    takeSnapshot(storage, fileSystem, at10, Array.from({ length: 4 }, () => 'x'.repeat(1000)));
    expect(storage.isNearlyFull).toBe(true);
  });
});

describe('the text of a snapshot', () => {
  test('is read from any place, and no further than its end', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem);
    takeSnapshot(storage, fileSystem, at10, pieces);
    for (const maxBytesPerRead of [Infinity, 3]) {
      fileSystem.maxBytesPerRead = maxBytesPerRead;
      const read = (offset: number, maxBytes: number): string | undefined => storage.snapshot?.read(offset, maxBytes);
      expect([read(0, 5), read(3, 100), read(text.length - 1, 9), read(text.length, 9)]).toEqual(
        [text.slice(0, 5), text.slice(3), '\n', ''],
      );
      expect(() => read(text.length + 1, 1)).toThrow('not beyond its end');
    }
  });

  test('that is cut off while the node runs is damaged', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem);
    takeSnapshot(storage, fileSystem, at10, pieces);
    fileSystem.maxBytesPerRead = 0;
    expect(() => storage.snapshot?.read(4, 8)).toThrow('damaged at offset 4: it ends here');
  });
});

describe('it is a broken invariant', () => {
  test.each([
    ['to write two at a time', (storage: DiskStorage) => void storage.beginSnapshot(21, 1), 'one snapshot of its own'],
    ['to write what is not ASCII', (_: DiskStorage) => {}, 'is ASCII'],
  ])('%s', (_, act, what) => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem);
    const writer = storage.beginSnapshot(20, 1);
    fileSystem.complete();
    expect(() => {
      act(storage);
      writer.write('ä');
    }).toThrow(what);
  });

  test('to go back, to let go of what no snapshot covers, or to give up what is finished', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem);
    expect(() => storage.compact(1)).toThrow('only what the snapshot covers');
    takeSnapshot(storage, fileSystem, at10, pieces);
    expect(() => storage.beginSnapshot(10, 1)).toThrow('is newer than the one before');
    expect(() => storage.compact(11)).toThrow('only what the snapshot covers');
    const writer = storage.beginSnapshot(20, 1);
    fileSystem.complete();
    writer.finish();
    expect(() => writer.abandon()).toThrow('given up before it is finished');
  });

  test('to install what is not what it claims to be', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem);
    const { description } = received(at20, ['one']);
    storage.write({ number: 7, snapshot: { description, pieces: ['two'] }, entries: [] });
    expect(() => fileSystem.complete()).toThrow('has been verified');
  });
});

describe('a snapshot that was received', () => {
  const at25 = { index: 25, term: 2 };
  const newHardState = { ...hardState, term: 3, votedFor: null };

  test('takes the place of the log; the hard state comes before, entries after', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem);
    const entries = entriesOf(3, 26, 27);
    storage.write({ number: 7, hardState: newHardState, snapshot: received(at25, pieces), entries });
    const seen: unknown[] = [];
    while (storage.isWriting) {
      const found = stateOn(openStorage(fileSystem.afterPowerCut(() => false)));
      const now = [found?.hardState.term, found?.snapshot?.description.lastIncludedIndex, found?.entries.length];
      if (JSON.stringify(now) !== JSON.stringify(seen.at(-1))) seen.push(now);
      fileSystem.completeOne();
    }
    expect(seen).toEqual([[1, undefined, 30], [3, undefined, 30], [3, 25, 0], [3, 25, 2]]);
    expect(storage.persistedBatch).toBe(7);
    const found = stateOn(openStorage(fileSystem.afterPowerCut(() => false)));
    expect(found).toEqual({
      hardState: newHardState,
      snapshot: { description: described(at25, text), text },
      entries,
    });
  });

  test('has all older segments go at once, whatever they hold', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem, { segmentBytes: 200 });
    expect(namesOf(fileSystem, '.log').length).toBeGreaterThan(2);
    writeAllOf(storage, fileSystem, [{ number: 7, snapshot: received(at25, pieces), entries: [] }]);
    expect(namesOf(fileSystem, '.log')).toEqual(['000000000000007.log']);
    writeAllOf(storage, fileSystem, [{ number: 8, entries: entriesOf(2, 26, 26) }]);
    const found = stateOn(openStorage(fileSystem.afterPowerCut(() => false)));
    expect(found).toMatchObject({ hardState, entries: entriesOf(2, 26, 26) });
  });

  test('has all older segments go also where the node restarts in between', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem, { segmentBytes: 200 });
    storage.write({ number: 7, snapshot: received(at25, pieces), entries: [] });
    while (storage.isWriting) fileSystem.completeOne();
    const disk = fileSystem.afterKill();
    const before = namesOf(disk, '.log');
    expect(before.length).toBeGreaterThan(2);
    const next = openStorage(disk);
    writeAllOf(next, disk, [{ number: 1, hardState, entries: [] }]);
    expect(namesOf(disk, '.log')).toEqual(before.slice(-1));
  });

  test('is not undone by an older one of the node’s own that is finished later', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem);
    const writer = storage.beginSnapshot(10, 1);
    fileSystem.complete();
    storage.write({ number: 7, snapshot: received(at25, ['new']), entries: [] });
    while (storage.snapshot === undefined) fileSystem.completeOne();
    writer.write('old');
    fileSystem.complete();
    writer.finish();
    fileSystem.complete();
    expect([storage.persistedBatch, storage.snapshot?.read(0, 9)]).toEqual([7, 'new']);
    expect(namesOf(fileSystem, 'snapshot')).toEqual(['0000000000000025.snapshot']);
    expect(fileSystem.openForReading).toBe(1);
    takeSnapshot(storage, fileSystem, { index: 26, term: 2 }, ['own']);
    expect(storage.snapshot?.read(0, 9)).toBe('own');
  });

  test('may come when an own one is being finished; the newer one wins', () => {
    const fileSystem = new FaultyFileSystem();
    const storage = storageWithLog(fileSystem);
    const writer = storage.beginSnapshot(10, 1);
    fileSystem.complete();
    writer.finish();
    storage.write({ number: 7, snapshot: received(at25, ['new']), entries: [] });
    fileSystem.complete();
    expect([storage.persistedBatch, storage.snapshot?.read(0, 9)]).toEqual([7, 'new']);
    expect(namesOf(fileSystem, 'snapshot')).toEqual(['0000000000000025.snapshot']);
  });
});
