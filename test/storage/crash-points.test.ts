import { describe, expect, test } from 'vitest';
import { Random } from '../../src/raft/random.ts';
import { Crash, FaultyFileSystem } from './faulty-file-system.ts';
import { hardState, openStorage, statesOf, textOf, workload, writeAllOf } from './workload.ts';

const batches = workload(32, 7);
const states = statesOf(batches);

/** With so many things to keep or lose, all their subsets are tried; with more, a sample drawn from a seed. */
const maxUnsyncedForAllSubsets = 6;
const sampledSubsets = 24;

type Place = FaultyFileSystem['crashAt'];

/** A disk in the moment of a crash, and what was promised until then. */
interface Crashed {
  readonly fileSystem: FaultyFileSystem;
  /** Batches that were reported as persisted, and batches that were begun. */
  readonly acknowledged: number;
  readonly begun: number;
}

/** Lives until the crash, or to the end where there is none. */
function liveUntil(crashAt: Place, maxBytesPerWrite: number): Crashed & { readonly hasCrashed: boolean } {
  const fileSystem = new FaultyFileSystem();
  fileSystem.crashAt = crashAt;
  fileSystem.maxBytesPerWrite = maxBytesPerWrite;
  let acknowledged = 0;
  let begun = 0;
  const hasCrashed = crashes(() => {
    const storage = openStorage(fileSystem, { onProgress: () => (acknowledged += 1) });
    for (const batch of batches) {
      begun += 1;
      storage.write(batch);
      fileSystem.complete();
    }
  });
  return { fileSystem, acknowledged, begun, hasCrashed };
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

/** Every disk that may be found after a crash: after SIGKILL, and after a power cut. */
function* disksAfter({ fileSystem }: Crashed, random: Random): Generator<FaultyFileSystem> {
  yield fileSystem.afterKill();
  const { unsyncedCount } = fileSystem;
  if (unsyncedCount <= maxUnsyncedForAllSubsets) {
    for (let kept = 0; kept < 2 ** unsyncedCount; kept += 1) {
      yield fileSystem.afterPowerCut((which) => ((kept >> which) & 1) === 1);
    }
    return;
  }
  yield fileSystem.afterPowerCut(() => false);
  yield fileSystem.afterPowerCut(() => true);
  for (let sample = 0; sample < sampledSubsets; sample += 1) {
    yield fileSystem.afterPowerCut(() => random.integer(2) === 0);
  }
}

/** What a restarted node finds is what it had after some number of batches, no fewer than were acknowledged. */
function expectNothingLost(found: string, { acknowledged, begun }: Crashed, where: string): void {
  const possible = states.slice(acknowledged, begun + 1);
  const what = `${where}: found ${found.slice(0, 200)}, which is none of ${possible.length}`;
  expect(possible.includes(found), what).toBe(true);
}

/** A restarted node counts its start, and finds that again when it loses power right after. */
function expectToGoOn(disk: FaultyFileSystem, where: string): void {
  const storage = openStorage(disk);
  const before = storage.recovered;
  const next = { ...(before?.hardState ?? hardState), bootCount: 9 };
  writeAllOf(storage, disk, [{ number: 1, hardState: next, entries: [] }]);
  const after = openStorage(disk.afterPowerCut(() => false)).recovered;
  expect(textOf(after), where).toBe(textOf({ hardState: next, entries: before?.entries ?? [] }));
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
    for (const bytes of [1, 15, 24, Math.floor(length / 2), length - 1]) {
      if (bytes >= length) continue;
      const within = liveUntil({ operation, bytes }, maxBytesPerWrite);
      yield { ...within, where: `in operation ${operation}, after ${bytes} bytes` };
    }
  }
}

const allCrashPoints = [...crashPoints()];

describe('a crash at any moment', () => {
  test('loses nothing that was acknowledged and invents nothing; the node goes on from there', () => {
    const random = new Random(1);
    let disks = 0;
    for (const crashed of allCrashPoints) {
      for (const disk of disksAfter(crashed, random)) {
        disks += 1;
        const where = `${crashed.where}, disk ${disks}`;
        expectNothingLost(textOf(openStorage(disk.afterKill()).recovered), crashed, where);
        expectToGoOn(disk, where);
      }
    }
    console.log(`${allCrashPoints.length} crash points, ${disks} disks recovered from`);
    expect(allCrashPoints.length).toBeGreaterThan(300);
    expect(disks).toBeGreaterThan(2000);
  });

  test('also where the disk takes a few bytes at a time', () => {
    for (const crashed of crashPoints(197)) {
      const where = `short writes, ${crashed.where}`;
      expectNothingLost(textOf(openStorage(crashed.fileSystem.afterKill()).recovered), crashed, where);
      expectNothingLost(textOf(openStorage(crashed.fileSystem.afterPowerCut(() => true)).recovered), crashed, where);
    }
  });

  test('also where the recovery crashes, and loses power', () => {
    const random = new Random(2);
    let recoveries = 0;
    for (const crashed of allCrashPoints) {
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
        for (const disk of [recovering.afterKill(), ...powerCuts]) {
          const where = `${crashed.where}; recovery cut at ${operation}`;
          expectNothingLost(textOf(openStorage(disk).recovered), crashed, where);
        }
      }
    }
    console.log(`${recoveries} recoveries cut`);
  });
});

describe('what was read back once', () => {
  test('is there for good: a power cut after the recovery does not take it away again', () => {
    for (const crashed of allCrashPoints) {
      const disk = crashed.fileSystem.afterKill();
      const found = textOf(openStorage(disk).recovered);
      expect(textOf(openStorage(disk.afterPowerCut(() => false)).recovered), crashed.where).toBe(found);
    }
  });

  test('also where the sync had failed, and the page cache says that all is well', () => {
    let syncsThatFailed = 0;
    for (let operation = 1; ; operation += 1) {
      const fileSystem = new FaultyFileSystem();
      fileSystem.failAt = { operation, error: new Error('EIO') };
      let hasFailed = false;
      const storage = openStorage(fileSystem, { onFailure: () => (hasFailed = true) });
      for (const batch of batches) if (!hasFailed) writeAllOf(storage, fileSystem, [batch]);
      if (!hasFailed) break;
      syncsThatFailed += 1;
      const disk = fileSystem.afterKill();
      const found = textOf(openStorage(disk).recovered);
      expect(textOf(openStorage(disk.afterPowerCut(() => false)).recovered), `operation ${operation}`).toBe(found);
    }
    expect(syncsThatFailed).toBeGreaterThan(100);
  });
});
