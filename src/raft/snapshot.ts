import type { LogPlace } from './log.ts';
import type { Members } from './messages.ts';

/** What is known of a snapshot besides what it says: the state after `lastIncludedIndex`, as text (Raft paper, section 7). */
export interface SnapshotDescription {
  /** The last entry whose effect is in it; at least 1. */
  readonly lastIncludedIndex: number;
  /** The term of that entry. */
  readonly lastIncludedTerm: number;
  /** The length of its text, which is ASCII: as many characters as bytes. */
  readonly totalBytes: number;
  /** The CRC-32C of its text: eight hexadecimal digits. */
  readonly checksum: string;
}

/** The last place that it covers. */
export function placeOf({ lastIncludedIndex, lastIncludedTerm }: SnapshotDescription): LogPlace {
  return { index: lastIncludedIndex, term: lastIncludedTerm };
}

/** A whole snapshot, on its way from a leader to this node's disk. */
export interface ReceivedSnapshot {
  readonly description: SnapshotDescription;
  /** Its text, in order. */
  readonly pieces: readonly string[];
}

/**
 * Reads a snapshot while its pieces arrive, and builds what they say beside the state that is in use. The core does not
 * know what that is. What is wrong is returned as a clause; undefined where nothing is.
 */
export interface SnapshotReader {
  /** The next piece, cut anywhere. */
  take(piece: string): string | undefined;
  /** That was the last piece. */
  end(): string | undefined;
  /** Who takes part as of the snapshot's last entry. Undefined as long as the piece that says so has not come. */
  readonly members: Members | undefined;
  /** Puts what was built in the place of the state in use. After a good end only; the core leaves it to its caller. */
  adopt(): void;
}
