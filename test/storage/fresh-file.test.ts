import { describe, expect, test } from 'vitest';
import { Crash, directory, FaultyFileSystem } from './faulty-file-system.ts';
import { hardState, openStorage, textOf, workload, writeAllOf } from './workload.ts';

const entry = (index: number, command: string) => ({ term: 9, index, command });
const lastIndexOf = (disk: FaultyFileSystem): number => openStorage(disk).recovered?.entries.at(-1)?.index ?? 0;

/** An owner with so many batches on the disk, and its next one. */
function earlierOwner(batchCount: number, segmentBytes: number) {
  const disk = new FaultyFileSystem();
  let failure: string | undefined;
  const storage = openStorage(disk, { segmentBytes, onFailure: (error) => (failure = error.message) });
  writeAllOf(storage, disk, workload(batchCount, 5));
  const lastIndex = lastIndexOf(disk.afterKill());
  const next = { number: batchCount + 1, hardState: { ...hardState, term: 9 }, entries: [entry(lastIndex + 1, 'late')] };
  return { disk, lastIndex, writeLate: () => storage.write(next), failure: () => failure };
}

describe('an owner that replaced one that may still be alive', () => {
  // One that goes on in its last file, and one whose next batch begins another.
  test.each([100_000, 1])('is not touched by what that one still writes (files of %i bytes)', (segmentBytes) => {
    for (let batchCount = 1; batchCount <= 12; batchCount += 1) {
      const { disk, lastIndex, writeLate } = earlierOwner(batchCount, segmentBytes);
      const storage = openStorage(disk, { segmentBytes, startsInFreshFile: true });
      expect(storage.recovered?.entries.at(-1)?.index ?? 0).toBe(lastIndex);
      const next = { number: 1, hardState: { ...hardState, term: 9 }, entries: [entry(lastIndex + 1, 'new')] };
      writeAllOf(storage, disk, [next]);
      writeLate();
      disk.complete();
      writeAllOf(storage, disk, [{ number: 2, entries: [entry(lastIndex + 2, 'new')] }]);
      for (const found of [disk.afterKill(), disk.afterPowerCut(() => true), disk.afterPowerCut(() => false)]) {
        const commands = openStorage(found).recovered?.entries.slice(-2).map(({ command }) => command);
        expect(commands).toEqual(['new', 'new']);
      }
    }
  });

  test('ends where that one was quicker to begin the next file, and the next start finds all', () => {
    const { disk, lastIndex, writeLate } = earlierOwner(4, 1);
    let failure: string | undefined;
    const storage = openStorage(disk, { startsInFreshFile: true, onFailure: (error) => (failure = error.message) });
    writeLate();
    disk.complete();
    storage.write({ number: 1, hardState: { ...hardState, term: 9 }, entries: [entry(lastIndex + 1, 'new')] });
    disk.complete();
    expect(failure).toContain('EEXIST');
    expect(lastIndexOf(disk.afterKill())).toBe(lastIndex + 1);
  });

  test('finds all that was synced, though its own start is cut off anywhere, by a kill or a power cut', () => {
    let cuts = 0;
    for (let batchCount = 1; batchCount <= 20; batchCount += 1) {
      const { disk } = earlierOwner(batchCount, 600);
      const expected = textOf(openStorage(disk.afterKill()).recovered);
      for (let operation = 1, isOver = false; !isOver; operation += 1) {
        const recovering = disk.afterKill();
        recovering.crashAt = { operation, bytes: 7 };
        isOver = !crashes(() => openStorage(recovering, { startsInFreshFile: true }));
        cuts += 1;
        for (const found of [recovering.afterKill(), recovering.afterPowerCut(() => true), recovering.afterPowerCut(() => false)]) {
          for (const startsInFreshFile of [true, false]) {
            const again = found.afterKill();
            expect(textOf(openStorage(again, { startsInFreshFile }).recovered), `${batchCount}/${operation}`).toBe(expected);
            expect(again.paths.filter((path) => path.endsWith('.copy'))).toEqual([]);
          }
        }
      }
    }
    expect(cuts).toBeGreaterThan(80);
  });

  test('copies no more than was whole', () => {
    const { disk } = earlierOwner(3, 100_000);
    const path = `${directory}/000000000000001.log`;
    const torn = Buffer.concat([disk.readFileSync(path), Buffer.from('\x1ehalf a batch')]);
    disk.put(path, torn);
    const storage = openStorage(disk, { startsInFreshFile: true });
    expect(storage.notes.join()).toContain('cut off the last');
    expect(disk.readFileSync(path).length).toBe(torn.length - '\x1ehalf a batch'.length);
  });
});

function crashes(live: () => void): boolean {
  try {
    live();
    return false;
  } catch (error) {
    if (error instanceof Crash) return true;
    throw error;
  }
}
