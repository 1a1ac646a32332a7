import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { lifeOf, ownIdentity } from './process-identity.ts';
import { encodeEntry } from '../wire/encode.ts';
import { DiskStorage } from '../storage/disk-storage.ts';
import type { DiskStorageOptions } from '../storage/disk-storage.ts';
import { guarded } from './guarded-file-system.ts';
import { beatIntervalMs, takeLock } from '../storage/lock.ts';
import { nodeDirectory } from '../storage/node-directory.ts';
import { realFileSystem } from '../storage/real-file-system.ts';

/** How often the free space is asked for, since other programs may fill the disk. */
const freeSpaceIntervalMs = 1000;

/**
 * Opens a node's directory and locks it for this process. Throws if that is impossible, or the directory is damaged.
 * `main.ts` loads this file only if the node has a disk, because that makes a node without one start sooner.
 */
export function openDisk(
  dataDirectory: string,
  nodeId: string,
  options: Pick<DiskStorageOptions, 'reserveBytes' | 'onProgress' | 'onFailure'>,
): DiskStorage {
  const directory = nodeDirectory(resolve(dataDirectory), nodeId);
  realFileSystem.createDirectorySync(directory);
  const owner = { ...ownIdentity(), token: randomBytes(16).toString('hex') };
  const lock = takeLock({ directory, owner, lifeOf: (other) => lifeOf(other, owner), pause });
  const fileSystem = guarded(realFileSystem, () => lock.whyLost());
  const heart = setInterval(() => {
    const why = lock.whyLost();
    if (why !== undefined) return options.onFailure(new Error(why));
    return lock.beat();
  }, beatIntervalMs);
  const onClosed = (): void => {
    clearInterval(heart);
    clearInterval(freeSpace);
    lock.release();
  };
  const own = { directory, fileSystem, encodeEntry, startsInFreshFile: lock.replacedSilentOwner, onClosed };
  let disk: DiskStorage | undefined;
  const freeSpace = setInterval(() => disk?.checkFreeSpace(), freeSpaceIntervalMs);
  try {
    disk = new DiskStorage({ ...options, ...own });
    return disk;
  } catch (error) {
    onClosed();
    throw error;
  }
}

/** Blocks the process. A node cannot do anything else before it has its disk. */
function pause(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
}
