import type { Entry } from './messages.ts';
import { utf8Bytes } from './utf8-bytes.ts';

/** What may be tuned. Equal on all nodes of a cluster, above all `electionTimeoutMs`. */
export interface RaftConfig {
  /**
   * P of the design: for so long after a sign of life a leader is believed in, a leader without a majority's answers
   * steps down, and a recovered node stays silent. A follower campaigns after a random time from P to 1.1 P.
   */
  readonly electionTimeoutMs: number;
  /** A follower that was sent nothing for so long gets an empty AppendEntries. Well below `electionTimeoutMs`. */
  readonly heartbeatMs: number;
  /** AppendEntries to one follower that may be unanswered at a time. */
  readonly maxInFlight: number;
  /** The size of the entries of one AppendEntries together; a single larger entry still goes, alone. */
  readonly maxAppendBytes: number;
  /**
   * The same where they begin with one that is committed already: the follower lags behind, and no client
   * waits for them. A long message would hold up others that a client waits for.
   */
  readonly maxCatchUpBytes: number;
  /**
   * Entries that a leader takes before the first of them is committed and on its own disk; further proposals are
   * refused. A majority may commit without this leader's disk, which may have stopped.
   */
  readonly maxUncommittedEntries: number;
  /** How large those may be together; a single larger one is taken alone. */
  readonly maxUncommittedBytes: number;
  /** How large the entries of one write to the disk may be together; a single larger one is written alone. */
  readonly maxBatchBytes: number;
  /**
   * How a leader makes sure, before it serves a read, that it has not been replaced. `read-index` asks a majority
   * (Ongaro's thesis, section 6.4). `lease` relies on clocks (section 6.4.1): where a majority has answered what was sent
   * less than P ago, none of it has helped to elect another leader yet. Without such answers it asks as well.
   */
  readonly readMode: 'read-index' | 'lease';
  /**
   * By what part the clocks of two nodes may differ in how fast they run, and a lease is shorter than P. A lease is safe
   * only where that holds; processes that stand still, and clocks that show different times, do no harm.
   */
  readonly maxClockDrift: number;
  /** ReadIndex rounds in flight at a leader; further reads share the next. */
  readonly maxReadRounds: number;
  /** Reads of followers that wait at a leader; further ones are refused. */
  readonly maxWaitingReads: number;
  /** Entries handed out for application in one turn; the rest follows in the next. */
  readonly maxAppliedPerTurn: number;
  /** How large those may be together; a single larger one is handed out alone. */
  readonly maxAppliedBytesPerTurn: number;
  /** The longest piece of a snapshot in one message. */
  readonly maxSnapshotChunkBytes: number;
  /** The longest snapshot that is taken from a leader. By default memory decides: it is held there while it arrives. */
  readonly maxSnapshotBytes: number;
  /**
   * Entries before the newest snapshot that a leader keeps at most for live followers that want them next: those that
   * lag behind, and those that are being sent an older snapshot.
   */
  readonly maxHeldBackEntries: number;
  /** How large those may be together. */
  readonly maxHeldBackBytes: number;
  /** How large an entry is on the wire, in bytes of UTF-8. All bounds in bytes count by it. */
  readonly sizeBytesOf: (entry: Entry) => number;
}

const mebibyte = 1024 * 1024;

export const defaultRaftConfig: RaftConfig = {
  electionTimeoutMs: 500,
  heartbeatMs: 150,
  maxInFlight: 128,
  maxAppendBytes: 1024 * 1024,
  maxCatchUpBytes: 64 * 1024,
  maxUncommittedEntries: 65_536,
  maxUncommittedBytes: 64 * mebibyte,
  maxBatchBytes: 8 * mebibyte,
  readMode: 'read-index',
  maxClockDrift: 0.05,
  maxReadRounds: 64,
  maxWaitingReads: 65_536,
  maxAppliedPerTurn: 16_384,
  maxAppliedBytesPerTurn: 8 * mebibyte,
  maxSnapshotChunkBytes: 256 * 1024,
  maxSnapshotBytes: Number.MAX_SAFE_INTEGER,
  maxHeldBackEntries: 1_000_000,
  maxHeldBackBytes: 64 * mebibyte,
  sizeBytesOf: (entry) => utf8Bytes(JSON.stringify(entry)),
};
