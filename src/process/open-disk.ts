import { resolve } from 'node:path';
import { identifyProcess } from './process-identity.ts';
import { encodeEntry } from '../wire/encode.ts';
import { DiskStorage } from '../storage/disk-storage.ts';
import type { DiskStorageOptions } from '../storage/disk-storage.ts';
import { takeLock } from '../storage/lock.ts';
import { nodeDirectory } from '../storage/node-directory.ts';
import { realFileSystem } from '../storage/real-file-system.ts';

/** How often the disk is asked how much room it has: others may fill it. */
const freeSpaceIntervalMs = 1000;

/**
 * Opens a node's own directory for this process, which nobody else may then use. Throws where that is not possible, or
 * what is there is damaged. Part of a process's edge, like `main.ts`, which loads it only where a node has a disk:
 * start-up is measured.
 */
export function openDisk(
  dataDirectory: string,
  nodeId: string,
  options: Pick<DiskStorageOptions, 'reserveBytes' | 'onProgress' | 'onFailure'>,
): DiskStorage {
  const directory = nodeDirectory(resolve(dataDirectory), nodeId);
  realFileSystem.createDirectorySync(directory);
  takeLock(directory, process.pid, identifyProcess);
  const disk = new DiskStorage({ ...options, directory, fileSystem: realFileSystem, encodeEntry });
  setInterval(() => disk.checkFreeSpace(), freeSpaceIntervalMs);
  return disk;
}
