import { assert } from './assert.ts';
import type { RaftConfig } from './config.ts';
import type { ConfigurationHistory } from './configuration-history.ts';
import type { RaftLog } from './log.ts';
import type { AppendEntries, Entry, NodeId } from './messages.ts';
import type { Outbox } from './outbox.ts';
import { Progress } from './progress.ts';
import type { Proposal } from './proposal.ts';
import type { SnapshotChunk } from './ready.ts';
import { Reconfiguration } from './reconfiguration.ts';
import { SendTimes } from './send-times.ts';
import { ReadRounds } from './reads.ts';
import type { ConfirmedRead } from './reads.ts';
import type { SnapshotDescription } from './snapshot.ts';
import type { SnapshotTransfer } from './snapshot-transfer.ts';

/** The leadership of one term: what a leader knows besides what every node knows. It is made anew by each election. */
export class Leadership {
  readonly term: number;
  readonly reads: ReadRounds;
  readonly #leaderId: NodeId;
  readonly #log: RaftLog;
  readonly #config: RaftConfig;
  readonly #configurations: ConfigurationHistory;
  /** How the cluster's members are changed. */
  readonly changes: Reconfiguration;
  /** Of all other members of the configuration in force. */
  #progress: ReadonlyMap<NodeId, Progress> = new Map();
  /** The same, without their names. */
  #followers: readonly Progress[] = [];
  #mayHaveLease = true;
  readonly #firstIndexOfTerm: number;
  readonly #sendTimes: SendTimes;
  readonly #silentPeersUntilMs: number;

  /**
   * @param silentPeersUntilMs until then, peers that have not been heard may not be up yet and are sent nothing: the
   *   leader of term 1 leads from the moment it starts
   */
  constructor(
    leaderId: NodeId,
    term: number,
    log: RaftLog,
    configurations: ConfigurationHistory,
    config: RaftConfig,
    nowMs: number,
    silentPeersUntilMs: number,
  ) {
    this.term = term;
    this.reads = new ReadRounds(config.maxReadRounds);
    this.#leaderId = leaderId;
    this.#log = log;
    this.#configurations = configurations;
    this.#config = config;
    this.#firstIndexOfTerm = log.lastIndex + 1;
    this.#sendTimes = new SendTimes(config.electionTimeoutMs);
    this.#silentPeersUntilMs = silentPeersUntilMs;
    const progressOf = (node: NodeId): Progress | undefined => this.#progress.get(node);
    this.changes = new Reconfiguration(leaderId, configurations, progressOf, config.electionTimeoutMs);
    this.followConfiguration(nowMs);
  }

  /** Replicates to the members of the configuration that is in force now, and to no other. */
  followConfiguration(nowMs: number): void {
    const { maxInFlight, heartbeatMs } = this.#config;
    const progressOf = (peer: NodeId): Progress => {
      return this.#progress.get(peer) ?? new Progress(this.#log.lastIndex + 1, nowMs, maxInFlight, heartbeatMs);
    };
    const members = this.#configurations.current.membersBeside(this.#leaderId);
    this.#progress = new Map(members.map((peer) => [peer, progressOf(peer)]));
    this.#followers = [...this.#progress.values()];
  }

  /** Undefined for a node that is not another member. */
  progressOf(peer: NodeId): Progress | undefined {
    return this.#progress.get(peer);
  }

  /**
   * Check-quorum (Ongaro's thesis, section 6.2): whether a majority, this leader included, has answered in the last
   * election timeout. A leader without one may have been replaced and steps down.
   */
  hasLiveQuorum(nowMs: number): boolean {
    return nowMs < this.#quorumExpiresAtMs(nowMs);
  }

  /** When request `number` was sent, or somewhat earlier. */
  sentAtMs(number: number): number {
    return this.#sendTimes.of(number);
  }

  /**
   * The lease (Ongaro's thesis, section 6.4.1). A voter that answers a request of this term gives no vote to another for
   * P from then on, and so for P from when the request was sent. The lease runs from the send time that a quorum's newest
   * answers have reached. Winning an election, or bootstrapping, gives none.
   */
  hasLease(nowMs: number): boolean {
    const { readMode, electionTimeoutMs, maxClockDrift } = this.#config;
    if (readMode !== 'lease' || !this.#mayHaveLease) return false;
    const sentAtMs = this.#reached(nowMs, (progress) => progress.answeredSentAtMs);
    return nowMs < sentAtMs + electionTimeoutMs * (1 - maxClockDrift);
  }

  /**
   * From now on this leadership has no lease: it has ordered a campaign that followers let through, and never learns
   * when the order, or the request for votes, has got lost.
   */
  giveUpLease(): void {
    this.#mayHaveLease = false;
  }

  /**
   * Who is to lead next, where that is not said: of the voters that stay and have answered within the election timeout
   * the one with the most complete log. Undefined where there is none.
   */
  successor(nowMs: number): NodeId | undefined {
    const { voters } = this.#configurations.current.members;
    const matchIndexOf = (voter: NodeId): number => this.#progress.get(voter)?.matchIndex ?? 0;
    return voters
      .filter((voter) => this.isLiveFollower(voter, nowMs))
      .sort((left, right) => matchIndexOf(right) - matchIndexOf(left))[0];
  }

  /** Whether it has answered something of this term within the election timeout. */
  isLiveFollower(node: NodeId, nowMs: number): boolean {
    const progress = this.#progress.get(node);
    return progress !== undefined && !progress.isSilent && this.#isLive(progress, nowMs);
  }

  /**
   * Whether the members may be changed, as far as it hangs on what is committed: an entry of this term has to be, or a
   * change of an earlier leader's may still be open that this one does not know. Nothing precedes term 1.
   */
  hasCommittedOwnTerm(commitIndex: number): boolean {
    return this.term === 1 || commitIndex >= this.#firstIndexOfTerm;
  }

  /**
   * The commit rule (Raft paper, section 5.4.2): the highest entry on the disks of a majority, but only where it is of
   * this leader's own term; entries of older terms are committed along with it, never by counting.
   */
  commitIndexByCounting(ownPersistedIndex: number): number {
    const index = this.#reached(ownPersistedIndex, (progress) => progress.matchIndex);
    return this.#log.termAt(index) === this.term ? index : 0;
  }

  /**
   * The entries of these proposals, to be appended; undefined where the log has no room for all of them. There is always
   * room for one where all others are settled.
   *
   * @param settledIndex up to here the log is committed and on this leader's own disk
   */
  entriesOf(proposals: readonly Proposal[], settledIndex: number): readonly Entry[] | undefined {
    const { term } = this;
    const firstIndex = this.#log.lastIndex + 1;
    const entries = proposals.map(({ command, origin }, offset): Entry => {
      const index = firstIndex + offset;
      return origin === undefined ? { term, index, command } : { term, index, command, origin };
    });
    if (!this.#admits(entries, settledIndex)) return undefined;
    for (const { index, origin } of entries) {
      // The node that took a client's request answers it, and so waits for the commit index.
      if (origin !== undefined) this.progressOf(origin.node)?.awaitCommit(index);
    }
    return entries;
  }

  #admits(entries: readonly Entry[], settledIndex: number): boolean {
    const { maxUncommittedEntries, maxUncommittedBytes, sizeBytesOf } = this.#config;
    const { lastIndex } = this.#log;
    const count = lastIndex - settledIndex + entries.length;
    if (count > maxUncommittedEntries) return false;
    const bytes = this.#log.bytesBetween(settledIndex, lastIndex);
    return count === 1 || entries.reduce((sum, entry) => sum + sizeBytesOf(entry), bytes) <= maxUncommittedBytes;
  }

  /** Whether another read of a follower may wait here. */
  get admitsRead(): boolean {
    return this.reads.size < this.#config.maxWaitingReads;
  }

  /**
   * Up to where a read must see, or undefined while this leader cannot know it: not before an entry of its own term is
   * committed (Ongaro's thesis, section 6.4). Nothing precedes term 1, so there it knows from the start.
   */
  readableIndex(commitIndex: number): number | undefined {
    return this.hasCommittedOwnTerm(commitIndex) ? commitIndex : undefined;
  }

  /** For each peer, the highest index known to be on its disk. */
  matchIndexes(): ReadonlyMap<NodeId, number> {
    return new Map([...this.#progress].map(([peer, progress]) => [peer, progress.matchIndex]));
  }

  /**
   * Takes out the reads that are confirmed by now: those of a round that a quorum confirms. The leader confirms each, as
   * does a voter that answered something sent after the read arrived, and the follower that asked.
   */
  takeConfirmedReads(readableIndex: number | undefined): readonly ConfirmedRead[] {
    const { quorum } = this.#configurations.current;
    return this.reads.takeConfirmed(readableIndex, (firstNumber, asker) =>
      quorum.isWon((voter) => {
        if (voter === this.#leaderId || voter === asker) return true;
        return (this.#progress.get(voter)?.answeredNumber ?? 0) >= firstNumber;
      }),
    );
  }

  /**
   * One AppendEntries for each follower that needs one now, or a piece of a snapshot.
   *
   * @param snapshot this node's newest; there is one where the log does not begin with its first entry
   */
  replicate(commitIndex: number, snapshot: SnapshotDescription | undefined, nowMs: number, outbox: Outbox): void {
    this.#sendTimes.note(outbox.nextNumber, nowMs);
    for (const [peer, progress] of this.#progress) {
      if (this.#maySleep(progress, nowMs)) continue;
      this.#chooseTransfer(progress, snapshot, nowMs);
      if (progress.transfer !== undefined) {
        this.#sendPiece(peer, progress, progress.transfer, nowMs, outbox);
        continue;
      }
      const message = this.#appendEntriesFor(progress, commitIndex);
      if (message.entries.length === 0 && !this.#needsHeartbeat(progress, commitIndex, nowMs)) continue;
      const number = outbox.request(peer, message, this.term);
      const isFull = message.entries.length > 0 && message.prev_log_index + message.entries.length < this.#log.lastIndex;
      progress.sent(number, message.entries.length, commitIndex, nowMs, isFull);
    }
  }

  /**
   * How far the log may be compacted, up to `index`. What live followers want next stays, up to a bound: the entries
   * behind what they have, or behind the snapshot that they are being sent.
   */
  compactionLimit(index: number, nowMs: number): number {
    const { maxHeldBackEntries, maxHeldBackBytes } = this.#config;
    const live = this.#followers.filter((progress) => this.#isLive(progress, nowMs));
    const held = live.map((progress) => progress.heldIndex);
    const lowest = Math.max(index - maxHeldBackEntries, this.#log.startOfTail(index, maxHeldBackBytes));
    return Math.max(Math.min(index, ...held), lowest);
  }

  /** The last included indexes of the snapshots that followers are being sent. */
  snapshotsBeingSent(): readonly number[] {
    return this.#followers.flatMap(({ transfer }) => transfer?.snapshot.lastIncludedIndex ?? []);
  }

  /** When this leader has to act next if nothing arrives. */
  nextDeadlineMs(nowMs: number): number {
    let deadlineMs = this.#quorumExpiresAtMs(nowMs);
    for (const progress of this.#followers) {
      const hasEntriesToSend = progress.hasRoom() && progress.nextIndex <= this.#log.lastIndex;
      const hasPieceToSend = progress.transfer?.isUnderWay === false && this.#isLive(progress, nowMs);
      const moreAtMs = hasPieceToSend ? Math.max(nowMs, progress.snapshotRetry.dueAtMs) : nowMs;
      const heartbeatAtMs = progress.sentAtMs + this.#config.heartbeatMs;
      const dueMs = hasEntriesToSend || hasPieceToSend ? Math.min(moreAtMs, heartbeatAtMs) : heartbeatAtMs;
      deadlineMs = Math.min(deadlineMs, progress.isSilent ? Math.max(dueMs, this.#silentPeersUntilMs) : dueMs);
    }
    return deadlineMs;
  }

  #quorumExpiresAtMs(nowMs: number): number {
    return this.#reached(nowMs, (progress) => progress.heardAtMs) + this.#config.electionTimeoutMs;
  }

  /** What a quorum has reached, this leader included. A voter that is not a follower has reached nothing. */
  #reached(own: number, valueOf: (progress: Progress) => number): number {
    return this.#configurations.current.quorum.reached((voter) => {
      if (voter === this.#leaderId) return own;
      const progress = this.#progress.get(voter);
      return progress === undefined ? -Infinity : valueOf(progress);
    });
  }

  #maySleep(progress: Progress, nowMs: number): boolean {
    return progress.isSilent && nowMs < this.#silentPeersUntilMs;
  }

  /**
   * A follower whose next entry is gone gets the newest snapshot, and that to its end, though newer ones are taken
   * meanwhile; one that does not answer begins with the newest when it does.
   */
  #chooseTransfer(progress: Progress, newest: SnapshotDescription | undefined, nowMs: number): void {
    const { transfer } = progress;
    const isAbandoned = transfer !== undefined && transfer.snapshot !== newest && !this.#isLive(progress, nowMs);
    const isNeeded = transfer === undefined && progress.nextIndex < this.#log.firstIndex;
    if (!isAbandoned && !isNeeded) return;
    assert(newest !== undefined, 'what is gone from the log is in a snapshot');
    progress.beginTransfer(newest);
  }

  /**
   * Pieces are long: one that may be lost is sent again only to a follower that shows a sign of life. One that has
   * refused a snapshot gets heartbeats until it is sent one again.
   */
  #sendPiece(peer: NodeId, progress: Progress, transfer: SnapshotTransfer, nowMs: number, outbox: Outbox): void {
    const isReady = this.#isLive(progress, nowMs) && nowMs >= progress.snapshotRetry.dueAtMs;
    if ((transfer.isUnderWay || !isReady) && nowMs < progress.sentAtMs + this.#config.heartbeatMs) return;
    if (!isReady) return this.#askForSignOfLife(peer, progress, transfer.snapshot, nowMs, outbox);
    const message: SnapshotChunk = {
      type: 'install_snapshot',
      term: this.term,
      leader_id: this.#leaderId,
      last_included_index: transfer.snapshot.lastIncludedIndex,
      last_included_term: transfer.snapshot.lastIncludedTerm,
      offset: transfer.offset,
      total_bytes: transfer.snapshot.totalBytes,
      checksum: transfer.snapshot.checksum,
    };
    const number = outbox.snapshotChunk(peer, message, this.#config.maxSnapshotChunkBytes, this.term);
    progress.sentPiece(number, nowMs);
  }

  /** A heartbeat at the snapshot's end: accepted where the follower has what the snapshot covers, and else rejected. */
  #askForSignOfLife(
    peer: NodeId,
    progress: Progress,
    { lastIncludedIndex, lastIncludedTerm }: SnapshotDescription,
    nowMs: number,
    outbox: Outbox,
  ): void {
    const message = this.#appendEntries(lastIncludedIndex, lastIncludedTerm, [], lastIncludedIndex);
    progress.sentSignal(outbox.request(peer, message, this.term), nowMs);
  }

  #isLive(progress: Progress, nowMs: number): boolean {
    return nowMs < progress.heardAtMs + this.#config.electionTimeoutMs;
  }

  /** A heartbeat is due, or a read waits for an answer to something newer, or a client's answer hangs on the commit. */
  #needsHeartbeat(progress: Progress, commitIndex: number, nowMs: number): boolean {
    if (nowMs >= progress.sentAtMs + this.#config.heartbeatMs) return true;
    return progress.sentNumber < this.reads.newestNumber || progress.awaitsCommit(commitIndex);
  }

  #appendEntriesFor(progress: Progress, commitIndex: number): AppendEntries {
    const { maxAppendBytes, maxCatchUpBytes } = this.#config;
    const maxBytes = progress.nextIndex <= commitIndex ? Math.min(maxCatchUpBytes, maxAppendBytes) : maxAppendBytes;
    const prevLogIndex = progress.nextIndex - 1;
    const entries = progress.hasRoom() ? this.#log.sliceUpTo(progress.nextIndex, maxBytes) : [];
    return this.#appendEntries(prevLogIndex, this.#log.termAt(prevLogIndex) ?? 0, entries, commitIndex);
  }

  #appendEntries(
    prev_log_index: number,
    prev_log_term: number,
    entries: readonly Entry[],
    leader_commit: number,
  ): AppendEntries {
    const { term } = this;
    const leader_id = this.#leaderId;
    return { type: 'append_entries', term, leader_id, prev_log_index, prev_log_term, entries, leader_commit };
  }
}
