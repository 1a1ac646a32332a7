import { describe, expect, test } from 'vitest';
import { Random } from '../../src/raft/random.ts';
import type { DiskStorage } from '../../src/storage/disk-storage.ts';
import { Crash, FaultyFileSystem } from './faulty-file-system.ts';
import { describe as described, entriesOf, placeOf, stateOn, takeSnapshot } from './snapshot-fixtures.ts';
import type { State } from './snapshot-fixtures.ts';
import { Life, SnapshotWorkload } from './snapshot-workload.ts';
import { hardState, openStorage, writeAllOf } from './workload.ts';

/** Chosen so that a snapshot is received over each kind of log. */
const workload = new SnapshotWorkload(60, 164);

/** With so many things to keep or lose, all their subsets are tried; with more, a sample drawn from a seed. */
const maxUnsyncedForAllSubsets = 3;
const sampledSubsets = 6;

type Place = FaultyFileSystem['crashAt'];

interface Crashed {
  readonly fileSystem: FaultyFileSystem;
  readonly hasCrashed: boolean;
  /** What may be found, as text. */
  readonly possible: readonly string[];
}

/** Lives until the crash, or to the end where there is none. */
function liveUntil(crashAt: Place, maxBytesPerWrite: number): Crashed {
  const fileSystem = new FaultyFileSystem();
  fileSystem.crashAt = crashAt;
  fileSystem.maxBytesPerWrite = maxBytesPerWrite;
  const life = new Life(openStorage(fileSystem), fileSystem);
  const hasCrashed = crashes(() => {
    for (const action of workload.actions) life.act(action);
  });
  return { fileSystem, hasCrashed, possible: [...new Set(life.possible.map(textOf))] };
}

function crashes(live: () => void): boolean {
  try {
    live();
    return false;
  } catch (error) {
    if (error instanceof Crash) return true;
    throw error;
  }
}

function textOf(state: State | undefined): string {
  return JSON.stringify(state ?? null, ['hardState', 'term', 'votedFor', 'bootCount', 'snapshot', 'description',
    'lastIncludedIndex', 'lastIncludedTerm', 'text', 'entries', 'index', 'command']);
}

interface CrashPoint extends Crashed {
  readonly where: string;
}

/** All places at which the workload can be cut: before each operation, and in writes after some of their bytes. */
function* crashPoints(maxBytesPerWrite: number = Infinity): Generator<CrashPoint> {
  for (let operation = 1; ; operation += 1) {
    const before = liveUntil({ operation }, maxBytesPerWrite);
    yield { ...before, where: `before operation ${operation}` };
    if (!before.hasCrashed) return;
    const length = before.fileSystem.bytesOfCrashedWrite ?? 0;
    for (const bytes of new Set([1, Math.floor(length / 2), length - 1])) {
      if (bytes < 1 || bytes >= length) continue;
      const within = liveUntil({ operation, bytes }, maxBytesPerWrite);
      yield { ...within, where: `in operation ${operation}, after ${bytes} bytes` };
    }
  }
}

/** Every disk that may be found after a crash: after SIGKILL, and after a power cut. */
function* disksAfter({ fileSystem }: Crashed, random: Random): Generator<FaultyFileSystem> {
  yield fileSystem.afterKill();
  const { unsyncedCount } = fileSystem;
  const isSmall = unsyncedCount <= maxUnsyncedForAllSubsets;
  for (let kept = 0; isSmall && kept < 2 ** unsyncedCount; kept += 1) {
    yield fileSystem.afterPowerCut((which) => ((kept >> which) & 1) === 1);
  }
  if (isSmall) return;
  yield fileSystem.afterPowerCut(() => false);
  yield fileSystem.afterPowerCut(() => true);
  for (let sample = 0; sample < sampledSubsets; sample += 1) {
    yield fileSystem.afterPowerCut(() => random.integer(2) === 0);
  }
}

function expectNothingLost(storage: DiskStorage, { possible, where }: CrashPoint, more: string): void {
  const found = textOf(stateOn(storage));
  expect(possible.includes(found), `${where}, ${more}: found ${found}, which is none of ${possible.join('\n')}`).toBe(true);
}

/** A restarted node writes on, takes a snapshot and lets go of the log, and loses power after each of these. */
function expectToGoOn(disk: FaultyFileSystem, where: string): void {
  const storage = openStorage(disk);
  const before = stateOn(storage);
  const last = before?.entries.at(-1) ?? placeOf(before?.snapshot?.description);
  const nextHardState = { ...(before?.hardState ?? hardState), bootCount: 9, term: (before?.hardState.term ?? 0) + 1 };
  // More than were ever replaced: a segment stays for the sake of those as well.
  const next = entriesOf(nextHardState.term, last.index + 1, last.index + 9);
  const expectFound = (expected: State): void => {
    expect(textOf(stateOn(openStorage(disk.afterPowerCut(() => false)))), where).toBe(textOf(expected));
  };
  writeAllOf(storage, disk, [{ number: 1, hardState: nextHardState, entries: [] }, { number: 2, entries: next }]);
  expectFound({ hardState: nextHardState, snapshot: before?.snapshot, entries: [...(before?.entries ?? []), ...next] });
  const place = { index: last.index + 9, term: nextHardState.term };
  const text = 'of the next life\n';
  takeSnapshot(storage, disk, place, [text]);
  storage.compact(place.index);
  const entries = entriesOf(place.term, place.index + 1, place.index + 1);
  writeAllOf(storage, disk, [{ number: 3, entries }]);
  expectFound({ hardState: nextHardState, snapshot: { description: described(place, text), text }, entries });
  expect(disk.paths.length, `${where}: one snapshot, one segment`).toBe(2);
}

const allCrashPoints = [...crashPoints()];

describe('a crash at any moment of a life with snapshots', () => {
  test('finds a life in which there is everything', () => {
    expect(workload.received.matching).toBeGreaterThan(0);
    expect(workload.received.conflicting).toBeGreaterThan(0);
    expect(workload.received.beyond).toBeGreaterThan(0);
    const kinds = new Set(workload.actions.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['abandon', 'batch', 'begin', 'compact', 'complete', 'finish', 'piece']);
    const end = allCrashPoints.at(-1);
    expect([end?.hasCrashed, end?.possible.length]).toEqual([false, 1]);
  });

  test('loses nothing that was acknowledged and invents nothing; the node goes on from there', () => {
    const random = new Random(1);
    let disks = 0;
    for (const crashed of allCrashPoints) {
      for (const disk of disksAfter(crashed, random)) {
        disks += 1;
        expectNothingLost(openStorage(disk.afterKill()), crashed, `disk ${disks}`);
        expectToGoOn(disk, `${crashed.where}, disk ${disks}`);
      }
    }
    console.log(`with snapshots: ${allCrashPoints.length} crash points, ${disks} disks recovered from`);
    expect(allCrashPoints.length).toBeGreaterThan(400);
    expect(disks).toBeGreaterThan(2000);
  });

  test('also where the disk takes a few bytes at a time', () => {
    let points = 0;
    for (const crashed of crashPoints(197)) {
      points += 1;
      expectNothingLost(openStorage(crashed.fileSystem.afterKill()), crashed, 'short writes');
      expectNothingLost(openStorage(crashed.fileSystem.afterPowerCut(() => true)), crashed, 'short writes');
    }
    expect(points).toBeGreaterThan(allCrashPoints.length);
  });

  test('also where the recovery crashes, and loses power', () => {
    const random = new Random(2);
    let recoveries = 0;
    for (const crashed of allCrashPoints.filter((_, position) => position % 3 === 0)) {
      const kept = random.integer(2 ** 16);
      const found = random.integer(2) === 0
        ? crashed.fileSystem.afterKill()
        : crashed.fileSystem.afterPowerCut((which) => ((kept >> (which % 16)) & 1) === 1);
      for (let operation = 1, isOver = false; !isOver; operation += 1) {
        const recovering = found.afterKill();
        recovering.crashAt = { operation, bytes: random.integer(60) };
        isOver = !crashes(() => openStorage(recovering));
        recoveries += 1;
        const powerCuts = [false, true].map((isKept) => recovering.afterPowerCut(() => isKept));
        const sampled = recovering.afterPowerCut(() => random.integer(2) === 0);
        for (const disk of [recovering.afterKill(), ...powerCuts, sampled]) {
          expectNothingLost(openStorage(disk), crashed, `recovery cut at ${operation}`);
        }
      }
    }
    console.log(`with snapshots: ${recoveries} recoveries cut`);
  });

  test('what was read back once is there for good', () => {
    for (const crashed of allCrashPoints) {
      const disk = crashed.fileSystem.afterKill();
      const found = textOf(stateOn(openStorage(disk)));
      expect(textOf(stateOn(openStorage(disk.afterPowerCut(() => false)))), crashed.where).toBe(found);
    }
  });
});
