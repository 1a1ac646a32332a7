import type { Batch } from '../raft/durability.ts';
import type { HardState } from '../raft/hard-state.ts';
import type { Entry } from '../raft/messages.ts';
import type { SnapshotDescription } from '../raft/snapshot.ts';

/** What a node finds when it starts again. */
export interface Recovered {
  readonly hardState: HardState;
  /** Its text is in {@link Storage.snapshot}. Undefined where there has never been one. */
  readonly snapshot?: SnapshotDescription;
  /**
   * The log: without gaps, up to its end. It begins at index 1 where there is no snapshot; otherwise at or before the
   * entry that follows the snapshot, or it is empty.
   */
  readonly entries: readonly Entry[];
}

/**
 * What must survive a crash. It writes one batch at a time, and a write may take any time: `persistedBatch` tells how
 * far it has come, as do `snapshot` and `SnapshotWriter.isReady`. Whoever drives the node gives it another turn when
 * one of them changes.
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

  /** The newest snapshot that would survive a crash, whether written here or received in a batch. */
  readonly snapshot: StoredSnapshot | undefined;

  /**
   * Begins a snapshot of this node's own, beside the log; batches go on meanwhile. One at a time. The entry at
   * `lastIncludedIndex` is newer than the current snapshot.
   */
  beginSnapshot(lastIncludedIndex: number, lastIncludedTerm: number): SnapshotWriter;

  /** Nobody will ask for the entries up to and including `index` any more; `snapshot` covers them. */
  compact(index: number): void;
}

export interface StoredSnapshot {
  readonly description: SnapshotDescription;
  /** The text from `offset` on, at most `maxBytes` of it; fewer only at its end. */
  read(offset: number, maxBytes: number): string;
  /** Nobody will read it any more. It must have been replaced by a newer one. */
  release(): void;
}

/** A snapshot that is being written. It becomes `Storage.snapshot` as a whole, or not at all. */
export interface SnapshotWriter {
  /** Whether it takes something now: what was given before has been taken by the disk. */
  readonly isReady: boolean;
  /** The next piece of its text, which is ASCII. */
  write(piece: string): void;
  /** There are no more pieces. All entries that the snapshot covers must be persisted by now. */
  finish(): void;
  /** Gives it up; not to be called after `finish`. */
  abandon(): void;
}
