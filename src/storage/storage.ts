import type { Batch } from '../raft/durability.ts';
import type { HardState } from '../raft/hard-state.ts';
import type { Entry } from '../raft/messages.ts';

/** What a node finds when it starts again. */
export interface Recovered {
  readonly hardState: HardState;
  /** The log, from index 1 on. */
  readonly entries: readonly Entry[];
}

/**
 * What must survive a crash. It writes one batch at a time, and a write may take any time: `persistedBatch` tells how
 * far it has come. Whoever drives the node gives it another turn when that changes.
 */
export interface Storage {
  /** What an earlier incarnation left; undefined for a node that has never run. To be asked before the first write. */
  readonly recovered: Recovered | undefined;

  /** Begins to write a batch. Not to be called before the batch before is persisted. */
  write(batch: Batch): void;

  /** The number of the newest batch that would survive a crash; 0 before the first. */
  readonly persistedBatch: number;

  /**
   * Whether there is so little room left that no client's write should be taken in any more. Batches are written
   * nevertheless, as long as there is room at all: a node must be able to vote, and to keep up with its leader.
   */
  readonly isNearlyFull: boolean;
}
