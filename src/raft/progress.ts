import { BackOff } from './back-off.ts';
import type { Conflict, RaftLog } from './log.ts';
import type { SnapshotDescription } from './snapshot.ts';
import { SnapshotTransfer } from './snapshot-transfer.ts';

/** What one AppendEntries covered: the entries after `prevLogIndex` up to `lastIndex` (equal in a heartbeat). */
interface InFlight {
  readonly prevLogIndex: number;
  readonly lastIndex: number;
  /** Whether it left entries behind: it is as long as a message gets. */
  readonly isFull: boolean;
}

/**
 * Full messages that may be unanswered at a time. A follower far behind is sent one after the other: more than it takes
 * in soon would only lie in its way, and in that of what its clients wait for.
 */
const maxFullInFlight = 16;

/** A refused snapshot is sent again after a heartbeat, and after twice as long each time, up to so many heartbeats. */
const longestRetryInHeartbeats = 128;

/**
 * What a leader knows of one follower (Raft paper, figure 2: nextIndex and matchIndex), and how fast to feed it:
 * - `probe`: it is not known where the logs part. One message with entries at a time, and the heartbeats.
 * - `replicate`: they agree. Messages follow each other without waiting, up to `maxInFlight` of them with entries, and
 *   fewer where they are full.
 * - `snapshot`: what it needs next is no longer in the leader's log. It is sent a snapshot, and no entries until then.
 */
export class Progress {
  readonly #maxInFlight: number;
  readonly #inFlight = new Map<number, InFlight>();
  /** When a snapshot may be sent again that the follower has refused, or has lost. */
  readonly snapshotRetry: BackOff;
  #mode: 'probe' | 'replicate' = 'probe';
  #transfer: SnapshotTransfer | undefined;
  #matchIndex = 0;
  #nextIndex: number;
  #heardAtMs: number;
  #isSilent = true;
  #cameOnAtMs: number;
  #answeredNumber = 0;
  #answeredSentAtMs = -Infinity;
  #sentNumber = 0;
  #sentAtMs = -Infinity;
  #sentCommit = 0;
  #awaitedCommit = 0;

  /**
   * @param nextIndex where to try first: one past the new leader's log (Raft paper, section 5.3)
   * @param nowMs counted as the time of the last answer, so that a new leader has time to be answered at all
   * @param heartbeatMs how long a refused snapshot waits at first
   */
  constructor(nextIndex: number, nowMs: number, maxInFlight: number, heartbeatMs: number = 0) {
    this.#nextIndex = nextIndex;
    this.#heardAtMs = nowMs;
    this.#cameOnAtMs = nowMs;
    this.#maxInFlight = maxInFlight;
    this.snapshotRetry = new BackOff(heartbeatMs, longestRetryInHeartbeats * heartbeatMs);
  }

  get mode(): 'probe' | 'replicate' | 'snapshot' {
    return this.#transfer === undefined ? this.#mode : 'snapshot';
  }

  /** The snapshot that the follower is being sent. */
  get transfer(): SnapshotTransfer | undefined {
    return this.#transfer;
  }

  /** The highest index known to be on the follower's disk. */
  get matchIndex(): number {
    return this.#matchIndex;
  }

  /**
   * Up to here the follower wants no entry any more: it has them, or is being sent a snapshot that covers them. Nothing
   * is known of one that has said nothing yet.
   */
  get heldIndex(): number {
    if (this.#transfer !== undefined) return this.#transfer.snapshot.lastIncludedIndex;
    return this.#isSilent ? Infinity : this.#matchIndex;
  }

  /** The next entry to send; always above `matchIndex`. */
  get nextIndex(): number {
    return this.#nextIndex;
  }

  /** When the follower last answered something of this term, or when this leadership began. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** When the follower last got further, or showed that it has all it was sent; or when this leadership began. */
  get cameOnAtMs(): number {
    return this.#cameOnAtMs;
  }

  /** Whether nothing has come from the follower in this term yet. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** The number of the newest request that the follower has answered in this term. */
  get answeredNumber(): number {
    return this.#answeredNumber;
  }

  /** When that was sent, or somewhat earlier: for P from then on the follower votes for no other node. */
  get answeredSentAtMs(): number {
    return this.#answeredSentAtMs;
  }

  /** The number of the newest request sent to the follower in this term. */
  get sentNumber(): number {
    return this.#sentNumber;
  }

  get sentAtMs(): number {
    return this.#sentAtMs;
  }

  /** Whether the follower may be sent entries now: one message while probing, a bounded window after that. */
  hasRoom(): boolean {
    if (this.#transfer !== undefined) return false;
    if (this.#mode === 'probe') return this.#inFlight.size === 0;
    return this.#inFlight.size < this.#maxInFlight && !this.#hasManyFullInFlight();
  }

  /**
   * Whether the follower waits for a commit index that it has not been told: a client's answer hangs on it. A message
   * tells it nothing beyond the entries that it is known, or on its way, to have.
   */
  awaitsCommit(commitIndex: number): boolean {
    return Math.min(this.#awaitedCommit, commitIndex, this.#nextIndex - 1) > this.#sentCommit;
  }

  /** The follower waits until the entry at `index` is committed. */
  awaitCommit(index: number): void {
    this.#awaitedCommit = Math.max(this.#awaitedCommit, index);
  }

  /**
   * An AppendEntries with the given number, of `entryCount` entries from `nextIndex` on, is on its way.
   *
   * @param isFull whether there are entries that did not fit
   */
  sent(number: number, entryCount: number, leaderCommit: number, nowMs: number, isFull = false): void {
    const prevLogIndex = this.#nextIndex - 1;
    const lastIndex = prevLogIndex + entryCount;
    this.#sentNumber = number;
    this.#sentAtMs = nowMs;
    this.#sentCommit = Math.max(this.#sentCommit, Math.min(leaderCommit, lastIndex));
    if (this.#mode === 'replicate') this.#nextIndex = lastIndex + 1;
    this.#remember(number, { prevLogIndex, lastIndex, isFull });
  }

  /** Any sign of life in this term. */
  heard(nowMs: number): void {
    this.#heardAtMs = Math.max(this.#heardAtMs, nowMs);
    this.#isSilent = false;
  }

  /** The follower answered request `number`, sent at `sentAtMs` in this term, well or badly. */
  answered(number: number, sentAtMs: number, nowMs: number): void {
    this.heard(nowMs);
    this.#answeredNumber = Math.max(this.#answeredNumber, number);
    this.#answeredSentAtMs = Math.max(this.#answeredSentAtMs, sentAtMs);
  }

  /** The follower's log holds everything up to `matchIndex`. */
  accepted(number: number, matchIndex: number): void {
    const answersProbe = this.#inFlight.has(number);
    if (matchIndex > this.#matchIndex || matchIndex === this.#nextIndex - 1) this.#cameOnAtMs = this.#heardAtMs;
    this.#matchIndex = Math.max(this.#matchIndex, matchIndex);
    this.#nextIndex = Math.max(this.#nextIndex, this.#matchIndex + 1);
    for (const [earlier, { lastIndex }] of this.#inFlight) {
      if (lastIndex <= matchIndex || earlier === number) this.#inFlight.delete(earlier);
    }
    const hasCaughtUp = this.#transfer !== undefined && matchIndex >= this.#transfer.snapshot.lastIncludedIndex;
    if (hasCaughtUp || (this.#mode === 'probe' && answersProbe)) this.#enter('replicate');
  }

  /** The follower is sent this snapshot from now on, from its beginning. */
  beginTransfer(snapshot: SnapshotDescription): void {
    this.#transfer = new SnapshotTransfer(snapshot);
    this.#inFlight.clear();
  }

  /** Request `number` carries the next piece of the snapshot. */
  sentPiece(number: number, nowMs: number): void {
    this.sentSignal(number, nowMs);
    this.#transfer?.sent(number);
  }

  /** Request `number` asks the follower for a sign of life, and carries nothing. */
  sentSignal(number: number, nowMs: number): void {
    this.#sentNumber = number;
    this.#sentAtMs = nowMs;
  }

  /**
   * The follower has so much of the snapshot. With the whole of it, it has everything that the snapshot covers. With
   * less than before it has lost what it had, and may lose it again.
   */
  tookPiece(number: number, offset: number, nowMs: number): void {
    const before = this.#transfer?.offset ?? 0;
    this.#transfer?.answered(number, offset);
    if (this.#transfer !== undefined && this.#transfer.offset < before) this.snapshotRetry.failed(nowMs);
    if (this.#transfer !== undefined && this.#transfer.offset > before) this.#cameOnAtMs = nowMs;
    if (this.#transfer?.isInstalled === true) this.accepted(number, this.#transfer.snapshot.lastIncludedIndex);
  }

  /**
   * The follower has refused request `number`. False where that was no piece of the snapshot that it is being sent.
   * Otherwise it is sent the newest snapshot from its beginning, but not at once.
   */
  refused(number: number, nowMs: number): boolean {
    if (this.#transfer?.awaits(number) !== true) return false;
    this.#transfer = undefined;
    this.snapshotRetry.failed(nowMs);
    return true;
  }

  /**
   * The follower lacked the entry before request `number`. Stale where that request is no longer of interest or its
   * previous entry is known to match by now; otherwise the leader goes back to where the logs may agree, and probes.
   */
  rejected(number: number, conflict: Conflict, log: RaftLog): void {
    const request = this.#inFlight.get(number);
    if (request === undefined || request.prevLogIndex <= this.#matchIndex) return;
    const proposed = log.nextIndexAfter(conflict, request.prevLogIndex);
    this.#nextIndex = Math.max(this.#matchIndex + 1, Math.min(proposed, request.prevLogIndex));
    this.#enter('probe');
  }

  #enter(mode: 'probe' | 'replicate'): void {
    this.#mode = mode;
    if (mode === 'replicate') this.snapshotRetry.succeeded();
    this.#transfer = undefined;
    this.#inFlight.clear();
    this.#sentCommit = Math.min(this.#sentCommit, this.#matchIndex);
  }

  #hasManyFullInFlight(): boolean {
    if (this.#inFlight.size < maxFullInFlight) return false;
    let full = 0;
    for (const { isFull } of this.#inFlight.values()) full += isFull ? 1 : 0;
    return full >= maxFullInFlight;
  }

  /** Heartbeats go to a full window too; where answers never come, the oldest are forgotten. */
  #remember(number: number, request: InFlight): void {
    this.#inFlight.set(number, request);
    for (const oldest of this.#inFlight.keys()) {
      if (this.#inFlight.size <= this.#maxInFlight) break;
      this.#inFlight.delete(oldest);
    }
  }
}
