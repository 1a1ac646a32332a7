import type { Batch } from '../raft/durability.ts';
import type { HardState } from '../raft/hard-state.ts';
import type { Entry } from '../raft/messages.ts';
import type { SnapshotDescription } from '../raft/snapshot.ts';

/** What a node recovers when it starts again. */
export interface Recovered {
  readonly hardState: HardState;
  /** Its text is in {@link Storage.snapshot}. Undefined if there has never been a snapshot. */
  readonly snapshot?: SnapshotDescription;
  /**
   * The entries of the log, without gaps. Without a snapshot they begin at index 1. With one they begin at or before
   * the index after the snapshot, or there are none.
   */
  readonly entries: readonly Entry[];
}

/**
 * Keeps what must survive a crash. It writes one batch at a time, and a write may take any time. `persistedBatch`,
 * `snapshot` and `SnapshotWriter.isReady` tell how far it has come. When one of them changes, the node must be given
 * another turn.
 */
export interface Storage {
  /** What an earlier incarnation left; undefined for a new node. It must be read before the first write. */
  readonly recovered: Recovered | undefined;

  /** Begins to write a batch. The previous batch must be persisted. */
  write(batch: Batch): void;

  /** The number of the newest batch that would survive a crash; 0 before the first. */
  readonly persistedBatch: number;

  /**
   * Whether free space is so low that the node should refuse further writes of clients. Batches are written as long as
   * there is any room, so that the node can still vote and follow its leader.
   */
  readonly isNearlyFull: boolean;

  /** The newest snapshot that would survive a crash, written here or received in a batch. */
  readonly snapshot: StoredSnapshot | undefined;

  /**
   * Begins a snapshot of this node's own state, beside the log. Batches can be written meanwhile. One at a time.
   * `lastIncludedIndex` must be higher than that of the current snapshot.
   */
  beginSnapshot(lastIncludedIndex: number, lastIncludedTerm: number): SnapshotWriter;

  /** The entries up to and including `index` are no longer needed. `snapshot` must cover them. */
  compact(index: number): void;
}

export interface StoredSnapshot {
  readonly description: SnapshotDescription;
  /** The text from `offset` on: `maxBytes` bytes of it, or fewer at its end. */
  read(offset: number, maxBytes: number): string;
  /** The snapshot will not be read any more. A newer one must have replaced it. */
  release(): void;
}

/** A snapshot that is being written. It becomes `Storage.snapshot` completely or not at all. */
export interface SnapshotWriter {
  /** Whether it is ready for the next call: the disk has taken what was given before. */
  readonly isReady: boolean;
  /** Writes the next piece of its text, which is ASCII. */
  write(piece: string): void;
  /** Ends the text. All entries that the snapshot covers must be persisted by now. */
  finish(): void;
  /** Gives the snapshot up. Must not be called after `finish`. */
  abandon(): void;
}
