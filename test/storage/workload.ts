import { Random } from '../../src/raft/random.ts';
import type { Batch } from '../../src/raft/durability.ts';
import type { HardState } from '../../src/raft/hard-state.ts';
import type { Entry } from '../../src/raft/messages.ts';
import { DiskStorage } from '../../src/storage/disk-storage.ts';
import type { DiskStorageOptions } from '../../src/storage/disk-storage.ts';
import { MemoryStorage } from '../../src/storage/memory-storage.ts';
import type { Recovered } from '../../src/storage/storage.ts';
import { directory } from './faulty-file-system.ts';
import type { FaultyFileSystem } from './faulty-file-system.ts';

export const hardState: HardState = { nodeId: 'n1', voters: ['n1', 'n2', 'n3'], bootCount: 0, term: 1, votedFor: 'n1' };

/** Opens the storage as a node does; what it says of batches and failures goes to the overrides. */
export function openStorage(fileSystem: FaultyFileSystem, overrides: Partial<DiskStorageOptions> = {}): DiskStorage {
  return new DiskStorage({
    fileSystem,
    directory,
    encodeEntry: (entry) => JSON.stringify(entry),
    reserveBytes: 0,
    onProgress: () => {},
    onFailure: (error) => {
      throw error;
    },
    segmentBytes: 600,
    ...overrides,
  });
}

/**
 * What a node writes in an eventful life: terms, votes, entries of all sizes, and entries that replace others. Some
 * batches fit in a sector, others span several.
 */
export function workload(batchCount: number, seed: number): readonly Batch[] {
  const random = new Random(seed);
  const log: Entry[] = [];
  let state = hardState;
  return Array.from({ length: batchCount }, (_, position): Batch => {
    const isNewTerm = position > 0 && random.integer(3) === 0;
    if (isNewTerm) state = { ...state, term: state.term + 1, votedFor: random.integer(2) === 0 ? null : 'n2' };
    const replaced = isNewTerm ? random.integer(Math.min(4, log.length + 1)) : 0;
    log.length -= replaced;
    const count = replaced > 0 ? 1 + random.integer(3) : random.integer(4);
    const entries = Array.from({ length: count }, (_unused, offset): Entry => {
      const length = random.integer(8) === 0 ? 700 : random.integer(30);
      const command = { op: 'put', key: offset, value: 'ä'.repeat(length) };
      return { term: state.term, index: log.length + 1 + offset, command, origin: { node: 'n1', id: position } };
    });
    log.push(...entries);
    const withHardState = position === 0 || isNewTerm || entries.length === 0;
    return { number: position + 1, ...(withHardState && { hardState: state }), entries };
  });
}

/** What a node must find after each number of batches, from none on; as text, to be compared. */
export function statesOf(batches: readonly Batch[]): readonly string[] {
  const storage = new MemoryStorage();
  const states = [textOf(undefined)];
  for (const batch of batches) {
    storage.write(batch);
    states.push(textOf(storage.contents));
  }
  return states;
}

export function textOf(recovered: Recovered | undefined): string {
  return JSON.stringify(recovered ?? null);
}

/** Writes batches, each when the one before is on the disk. */
export function writeAllOf(storage: DiskStorage, fileSystem: FaultyFileSystem, batches: readonly Batch[]): void {
  for (const batch of batches) {
    storage.write(batch);
    fileSystem.complete();
  }
}
