import { expect, test } from 'vitest';
import { guarded } from '../../src/process/guarded-file-system.ts';
import { directory, FaultyFileSystem } from '../storage/faulty-file-system.ts';
import { hardState, openStorage } from '../storage/workload.ts';
import { DiskStorage } from '../../src/storage/disk-storage.ts';

const batches = [
  { number: 1, hardState, entries: [{ term: 1, index: 1, command: 'SET x 1' }] },
  { number: 2, entries: [{ term: 1, index: 2, command: 'SET y 2' }] },
];

/** Loses its lock after so many operations that change something; returns what was acknowledged, and what came then. */
async function liveUntilLost(operations: number): Promise<{ acknowledged: number; why: string | undefined; disk: FaultyFileSystem }> {
  const disk = new FaultyFileSystem();
  const isLost = (): boolean => disk.operations >= operations;
  let why: string | undefined;
  const storage = new DiskStorage({
    // A class's methods are no own properties of its objects.
    fileSystem: guarded(plain(disk), () => (isLost() ? 'the lock is gone' : undefined)),
    directory,
    encodeEntry: (entry) => JSON.stringify(entry),
    reserveBytes: 0,
    onProgress: () => {},
    onFailure: (error) => (why = error.message),
  });
  for (const batch of batches) {
    if (why !== undefined) break;
    storage.write(batch);
    while (storage.isWriting && why === undefined) {
      disk.complete();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { acknowledged: storage.persistedBatch, why, disk };
}

function plain(disk: FaultyFileSystem): FaultyFileSystem {
  return new Proxy(disk, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    ownKeys: () => Object.getOwnPropertyNames(FaultyFileSystem.prototype),
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });
}

test('what loses its lock writes nothing more, and acknowledges nothing that it had begun', async () => {
  const whole = await liveUntilLost(Infinity);
  expect([whole.acknowledged, whole.why]).toEqual([2, undefined]);
  for (let operations = 0; operations < whole.disk.operations; operations += 1) {
    const { acknowledged, why, disk } = await liveUntilLost(operations);
    expect(why, `after ${operations}`).toBe('the lock is gone');
    expect(disk.operations, 'nothing more is done').toBe(operations);
    const found = openStorage(disk.afterPowerCut(() => false)).recovered?.entries.length ?? 0;
    expect(found, 'what was acknowledged is there').toBeGreaterThanOrEqual(acknowledged);
  }
  expect((await liveUntilLost(whole.disk.operations)).acknowledged, 'the last sync is not told').toBe(1);
});
