import { faultOfAppendEntries } from './append-entries.ts';
import { assert } from './assert.ts';
import { Ballot, maxTerm } from './ballot.ts';
import { Commitment } from './commitment.ts';
import type { RaftConfig } from './config.ts';
import type { Configuration } from './configuration.ts';
import { ConfigurationHistory } from './configuration-history.ts';
import { Durability } from './durability.ts';
import type { Batch } from './durability.ts';
import { candidacy, comesFirst, faultOfCandidacy } from './election.ts';
import { ElectionClock } from './election-clock.ts';
import { FollowerLog } from './follower-log.ts';
import { Leadership } from './leadership.ts';
import { LocalReads } from './local-reads.ts';
import { RaftLog } from './log.ts';
import type {
  AppendEntries,
  Entry,
  InstallSnapshot,
  Members,
  NodeId,
  PreVote,
  PreVoteReply,
  RaftReply,
  RaftRequest,
  ReadIndex,
  RequestVote,
  RequestVoteReply,
  TimeoutNow,
} from './messages.ts';
import type { RaftOptions } from './options.ts';
import { Outbox } from './outbox.ts';
import type { Proposal, Proposed } from './proposal.ts';
import { askForReads, confirmReads, giveUpReads, takeReadIndex } from './read-index.ts';
import type { Ready } from './ready.ts';
import type { ChangeOutcome, ChangeRefusal, Situation } from './reconfiguration.ts';
import type { FollowersReply } from './replies.ts';
import { takeFollowersRefusal, takeFollowersReply, termOfSender } from './replies.ts';
import type { RaftStatus, Role } from './role.ts';
import { placeOf } from './snapshot.ts';
import type { SnapshotDescription } from './snapshot.ts';
import { faultOfInstallSnapshot, SnapshotIntake } from './snapshot-intake.ts';
import { Transfer } from './transfer.ts';
import type { TransferOutcome, TransferRefusal } from './transfer.ts';

/**
 * The consensus core of one node: what happens goes in by calls, what is to be done comes out by `takeBatch` and
 * `takeReady`. It has no clock, no disk, no network and no chance of its own: the same inputs in the same order give
 * the same outputs. Times are milliseconds of any clock that never goes back.
 */
export class Raft {
  readonly #config: RaftConfig;
  readonly #nodeId: NodeId;
  readonly #log: RaftLog;
  readonly #configurations: ConfigurationHistory;
  readonly #commitment: Commitment;
  readonly #durability: Durability;
  readonly #ballot: Ballot;
  readonly #outbox: Outbox;
  readonly #reads = new LocalReads();
  readonly #bootstrapAtMs: number | undefined;
  readonly #electionClock: ElectionClock;
  readonly #intake: SnapshotIntake;
  readonly #followerLog: FollowerLog;
  #role: Role = { name: 'follower' };
  #leader: NodeId | null = null;
  #snapshot: SnapshotDescription | undefined;
  /** One that this node began where it led, and that is not over. */
  #transfer: Transfer | undefined;
  #transferOutcome: TransferOutcome | undefined;
  #changeOutcome: ChangeOutcome | 'in-doubt' | undefined;

  constructor({ config, hardState, snapshot, members, entries, isRecovered, openSnapshot, random, nowMs }: RaftOptions) {
    this.#config = config;
    this.#nodeId = hardState.nodeId;
    this.#log = new RaftLog(entries, snapshot && placeOf(snapshot), config.sizeBytesOf);
    const founders = { voters: hardState.voters, learners: [] };
    this.#configurations = new ConfigurationHistory(members ?? founders, snapshot?.lastIncludedIndex ?? 0, entries);
    this.#snapshot = snapshot;
    this.#commitment = new Commitment(this.#log, snapshot?.lastIncludedIndex ?? 0);
    this.#durability = new Durability(this.#log, config.maxBatchBytes);
    const isFounder = hardState.voters.includes(hardState.nodeId);
    this.#outbox = new Outbox(this.#durability, isFounder ? undefined : hardState.voters);
    this.#ballot = new Ballot(hardState, this.#durability);
    const leadsTermOne = !isRecovered && hardState.voters[0] === hardState.nodeId;
    this.#bootstrapAtMs = leadsTermOne ? nowMs + config.heartbeatMs : undefined;
    this.#electionClock = new ElectionClock(config.electionTimeoutMs, random, isRecovered, nowMs);
    this.#intake = new SnapshotIntake(openSnapshot);
    const logs = { log: this.#log, configurations: this.#configurations, commitment: this.#commitment };
    const others = { durability: this.#durability, intake: this.#intake, outbox: this.#outbox };
    this.#followerLog = new FollowerLog({ ...logs, ...others });
  }

  get status(): RaftStatus {
    return {
      role: this.#role.name,
      term: this.#term,
      leader: this.#leader,
      commitIndex: this.#commitIndex,
      firstIndex: this.#log.firstIndex,
      lastIndex: this.#log.lastIndex,
    };
  }

  // Single parts of the status, for what every request and every turn asks.

  get term(): number {
    return this.#ballot.term;
  }

  get leader(): NodeId | null {
    return this.#leader;
  }

  get isLeader(): boolean {
    return this.#role.name === 'leader';
  }

  /** The entries from `from` up to and including `to`, committed or not. */
  entries(from: number, to: number): readonly Entry[] {
    return this.#log.slice(Math.max(from, this.#log.firstIndex), to);
  }

  /** What this node, where it leads, knows to be on the disks of the others: the index for each; empty elsewhere. */
  get matchIndexes(): ReadonlyMap<NodeId, number> {
    return this.#role.name === 'leader' ? this.#role.leadership.matchIndexes() : new Map();
  }

  /** The configuration as of the entry at `index`, which is held or the last that a snapshot covers. */
  configurationAsOf(index: number): Configuration {
    return this.#configurations.asOf(index);
  }

  /** Who takes part by the configuration in force. */
  get members(): Members {
    return this.#configurations.current.members;
  }

  /** Whether a node takes part, or did by what is still known here. */
  knows(node: NodeId): boolean {
    return this.#configurations.knows(node);
  }

  /** Whether this leader lets another node lead, and takes no proposals meanwhile. */
  get isTransferring(): boolean {
    return this.#role.name === 'leader' && this.#transfer !== undefined;
  }

  // Inputs ------------------------------------------------------------------------------------------------------------

  /**
   * A request from another node of this cluster, which need not be a member by what is known here: who counts goes by
   * its own configuration, but who is asked answers. `ticket` comes back with the answer.
   */
  receiveRequest(from: NodeId, request: RaftRequest, ticket: number, nowMs: number): void {
    switch (request.type) {
      case 'append_entries':
        return this.#onAppendEntries(from, request, ticket, nowMs);
      case 'request_vote':
        return this.#onRequestVote(from, request, ticket, nowMs);
      case 'pre_vote':
        return this.#onPreVote(from, request, ticket, nowMs);
      case 'read_index':
        return this.#onReadIndex(from, request, ticket, nowMs);
      case 'install_snapshot':
        return this.#onInstallSnapshot(from, request, ticket, nowMs);
      case 'timeout_now':
        return this.#onTimeoutNow(from, request, nowMs);
    }
  }

  /** The answer to request `number`, which this incarnation sent to `from` in term `sentInTerm`. */
  receiveReply(from: NodeId, reply: RaftReply, number: number, sentInTerm: number, nowMs: number): void {
    const senderTerm = termOfSender(reply);
    if (senderTerm > this.#term) return this.#takeUpTerm(senderTerm, nowMs);
    if (sentInTerm !== this.#term) return undefined;
    switch (reply.type) {
      case 'request_vote_ok':
        return this.#onVoteReply(from, reply, nowMs);
      case 'pre_vote_ok':
        return this.#onPreVoteReply(from, reply, nowMs);
      case 'read_index_ok':
        return this.#reads.answered(number, reply.index);
      case 'append_entries_ok':
      case 'install_snapshot_ok':
        return this.#onFollowersReply(from, reply, number, nowMs);
    }
  }

  /** `from` refuses request `number`, which this incarnation sent it in term `sentInTerm`. */
  receiveRefusal(from: NodeId, number: number, sentInTerm: number, nowMs: number): void {
    if (sentInTerm !== this.#term || this.#role.name !== 'leader') return;
    const fault = takeFollowersRefusal(this.#role.leadership, from, number, nowMs);
    if (fault !== undefined) this.#outbox.complain(fault);
  }

  /**
   * Appends commands to the log where this node leads.
   *
   * @param onlyInTerm the term that the caller believes in; where it is another, nothing is appended
   */
  propose(proposals: readonly Proposal[], onlyInTerm?: number): Proposed {
    if (this.#role.name !== 'leader') return { kind: 'refused', why: 'not-leader' };
    if (onlyInTerm !== undefined && onlyInTerm !== this.#term) return { kind: 'refused', why: 'wrong-term' };
    if (this.isTransferring) return { kind: 'refused', why: 'transferring' };
    const settledIndex = Math.min(this.#commitIndex, this.persistedIndex);
    const entries = this.#role.leadership.entriesOf(proposals, settledIndex);
    if (entries === undefined) return { kind: 'refused', why: 'full' };
    const firstIndex = this.#log.lastIndex + 1;
    this.#append(entries);
    return { kind: 'accepted', term: this.#term, firstIndex };
  }

  /** Asks for linearizable reads; their numbers come back in `Ready.reads`, each once, when they may be served. */
  read(ids: readonly number[]): void {
    this.#reads.add(ids);
  }

  /** No client waits for these reads any more. */
  forgetReads(ids: readonly number[]): void {
    const forgotten = new Set(ids);
    this.#reads.forget(forgotten);
    if (this.#role.name === 'leader') this.#role.leadership.reads.forget(forgotten);
  }

  /**
   * Changes who takes part, where this node leads. Its outcome comes in {@link Ready.change}, one for each change that
   * was begun. Returns why it was not.
   *
   * @param target not joint; nothing is wrong with it by {@link faultOfMembers}
   */
  reconfigure(target: Members, nowMs: number): ChangeRefusal | undefined {
    if (this.#role.name !== 'leader') return 'not-leader';
    if (this.isTransferring) return 'transferring';
    const { leadership } = this.#role;
    const refusal = leadership.changes.begin(target, this.#situation(leadership, nowMs));
    if (refusal === undefined) this.#advanceChange(leadership, nowMs);
    return refusal;
  }

  /**
   * Lets another node lead, where this one does (Ongaro's thesis, section 3.10). The outcome comes in
   * {@link Ready.transfer}. Returns why it was not begun.
   *
   * @param to a voter; where it is not said, the one that is likely to be up with the log first
   */
  transfer(to: NodeId | undefined, nowMs: number): TransferRefusal | undefined {
    if (this.#role.name !== 'leader') return 'not-leader';
    if (this.#transfer !== undefined) return 'transferring';
    const { leadership } = this.#role;
    const target = to ?? leadership.successor(nowMs);
    if (target === undefined || !leadership.isLiveFollower(target, nowMs)) return 'no-target';
    if (!this.#configurations.current.isVoter(target)) return 'no-target';
    this.#transfer = new Transfer(target, this.#term, nowMs + this.#config.electionTimeoutMs);
    this.#orderCampaign(leadership);
    return undefined;
  }

  /** Takes up term 1, where that is this fresh node's to lead: with its first client request, or a heartbeat after. */
  bootstrap(nowMs: number): void {
    if (!this.#mayBootstrap) return;
    this.#ballot.takeUp(1);
    this.#becomeLeader(nowMs);
  }

  /** Campaigns now instead of at the election timeout, unless there may be a leader, which may have a lease. */
  campaign(nowMs: number): void {
    if (!this.#mustStandByLeader(nowMs) && this.#role.name !== 'leader') this.#startPreVote(nowMs);
  }

  /** Time has passed. All input that was there is handed in before, so that no timer overtakes a message. */
  tick(nowMs: number): void {
    if (this.#bootstrapAtMs !== undefined && nowMs >= this.#bootstrapAtMs) this.bootstrap(nowMs);
    this.#reads.askAgainAfter(this.#config.electionTimeoutMs, nowMs);
    this.#endTransfer(nowMs);
    if (this.#role.name === 'leader') {
      const { leadership } = this.#role;
      this.#advanceChange(leadership, nowMs);
      if (!leadership.hasLiveQuorum(nowMs)) this.#stepDown(nowMs);
    } else if (nowMs >= this.#electionClock.dueAtMs) {
      this.#startPreVote(nowMs);
    }
  }

  // Outputs -----------------------------------------------------------------------------------------------------------

  /** Entries up to here are on this node's own disk. A snapshot covers nothing beyond. */
  get persistedIndex(): number {
    return this.#durability.persistedIndex;
  }

  /** How large the entries behind `after` up to and including `upTo` are together, as far as the log holds them. */
  bytesBetween(after: number, upTo: number): number {
    return this.#log.bytesBetween(after, upTo);
  }

  /** The lowest index behind which the entries up to and including `index` fit in `maxBytes` together. */
  startOfTail(index: number, maxBytes: number): number {
    return this.#log.startOfTail(index, maxBytes);
  }

  /** This node has a snapshot of its own state on its disk, newer than the one before. */
  snapshotTaken(snapshot: SnapshotDescription): void {
    assert(snapshot.lastIncludedIndex <= this.#commitment.handedOutIndex, 'a snapshot covers what has been applied');
    assert(snapshot.lastIncludedIndex <= this.persistedIndex, 'a snapshot covers what is on the disk');
    this.#snapshot = snapshot;
  }

  /** The snapshots that followers are being sent, by their last included indexes. */
  get snapshotsBeingSent(): readonly number[] {
    return this.#role.name === 'leader' ? this.#role.leadership.snapshotsBeingSent() : [];
  }

  /**
   * Lets go of the entries up to and including `index`, which a snapshot covers, as far as no follower wants them.
   *
   * @returns the last index that is gone
   */
  compact(index: number, nowMs: number): number {
    assert(index <= (this.#snapshot?.lastIncludedIndex ?? 0), 'only what a snapshot covers is let go');
    const limit = this.#role.name === 'leader' ? this.#role.leadership.compactionLimit(index, nowMs) : index;
    if (limit >= this.#log.firstIndex) this.#log.compactTo(limit);
    this.#configurations.compactedTo(this.#log.firstIndex - 1);
    return this.#log.firstIndex - 1;
  }

  /** What is to be written to the disk, or undefined. Not to be called while a batch is being written. */
  takeBatch(): Batch | undefined {
    return this.#durability.takeBatch(this.#ballot.hardState);
  }

  /** The batch that holds, or will hold, everything that has been decided so far. */
  get batchOfEverything(): number {
    return this.#durability.batchOfEverything;
  }

  /** The batch that holds, or will hold, the term and vote as they are now. */
  get batchOfHardState(): number {
    return this.#durability.batchOfHardState;
  }

  /** The disk has written the batch in flight. */
  persisted(batchNumber: number, nowMs: number): void {
    this.#durability.persisted(batchNumber);
    if (this.#role.name === 'candidate' && this.#role.phase === 'vote') this.#countOwnVote(this.#role, nowMs);
    if (this.#role.name === 'leader') this.#advanceCommitIndex(this.#role.leadership, nowMs);
  }

  /** What else the turn brought. To be called once a turn, after all input and the tick. */
  takeReady(nowMs: number): Ready {
    askForReads(this.#role, this.#leader, this.#term, nowMs, this.#reads, this.#outbox);
    if (this.#role.name === 'leader') {
      confirmReads(this.#role.leadership, this.#commitIndex, nowMs, this.#reads, this.#outbox);
      this.#role.leadership.replicate(this.#commitIndex, this.#snapshot, nowMs, this.#outbox);
    }
    const { messages, faults } = this.#outbox.take();
    const { maxAppliedPerTurn, maxAppliedBytesPerTurn } = this.#config;
    const { installed, committed } = this.#commitment.take(maxAppliedPerTurn, maxAppliedBytesPerTurn);
    const reads = this.#reads.takeServable(this.#commitment.handedOutIndex);
    const change = this.#changeOutcome;
    const transfer = this.#transferOutcome;
    this.#changeOutcome = undefined;
    this.#transferOutcome = undefined;
    return { messages, faults, installed, committed, reads, change, transfer };
  }

  /** When `tick` and `takeReady` have something to do if nothing arrives; a time in the past means now. */
  nextDeadlineMs(nowMs: number): number {
    if (this.#commitment.handedOutIndex < this.#commitIndex) return nowMs;
    const askAgainAtMs = (this.#reads.oldestAskedAtMs ?? Infinity) + this.#config.electionTimeoutMs;
    const endsAtMs = Math.min(askAgainAtMs, this.#transfer?.endsAtMs ?? Infinity);
    if (this.#role.name === 'leader') return Math.min(endsAtMs, this.#role.leadership.nextDeadlineMs(nowMs));
    const bootstrapAtMs = this.#mayBootstrap ? (this.#bootstrapAtMs ?? Infinity) : Infinity;
    return Math.min(endsAtMs, bootstrapAtMs, this.#electionClock.dueAtMs);
  }

  // Terms and roles ---------------------------------------------------------------------------------------------------

  get #term(): number {
    return this.#ballot.term;
  }

  get #commitIndex(): number {
    return this.#commitment.commitIndex;
  }

  /** Term 1 belongs to the first voter; every fresh node counts as having voted for it. */
  get #mayBootstrap(): boolean {
    return this.#bootstrapAtMs !== undefined && this.#term === 0;
  }

  /** A higher term was seen (Raft paper, section 5.1). One far ahead is taken up in several steps. */
  #takeUpTerm(term: number, nowMs: number): void {
    this.#ballot.takeUp(Math.min(term, this.#ballot.reachableTerm));
    this.#leader = null;
    this.#intake.drop();
    this.#becomeFollower(nowMs);
  }

  #becomeFollower(nowMs: number): void {
    if (this.#role.name === 'leader') {
      const { changes } = this.#role.leadership;
      giveUpReads(this.#role.leadership, this.#reads, this.#outbox);
      // Another leader may take it further, as far as it is in the log.
      if (changes.isUnderWay) this.#changeOutcome = 'in-doubt';
      this.#electionClock.reset(nowMs);
    }
    this.#role = { name: 'follower' };
    this.#reads.askAgain();
  }

  /** A leader that a majority no longer answers leads no longer, though no higher term was seen. */
  #stepDown(nowMs: number): void {
    this.#becomeFollower(nowMs);
    this.#leader = null;
  }

  #followLeader(leader: NodeId, term: number, nowMs: number): void {
    if (term > this.#term) this.#takeUpTerm(term, nowMs);
    if (this.#role.name !== 'follower') this.#becomeFollower(nowMs);
    this.#leader = leader;
    this.#electionClock.heardFromLeader(nowMs);
    this.#endTransfer(nowMs);
  }

  #becomeLeader(nowMs: number): void {
    const term = this.#term;
    const silentPeersUntilMs = term === 1 ? (this.#bootstrapAtMs ?? nowMs) : nowMs;
    const parts = [this.#log, this.#configurations, this.#config] as const;
    const leadership = new Leadership(this.#nodeId, term, ...parts, nowMs, silentPeersUntilMs);
    this.#role = { name: 'leader', leadership };
    this.#leader = this.#nodeId;
    // A leader learns what is committed by committing an entry of its own (Ongaro's thesis, section 6.4).
    if (term > 1) this.#append([{ term, index: this.#log.lastIndex + 1, command: null }]);
  }

  // Elections ---------------------------------------------------------------------------------------------------------

  /** Asks first whether an election could be won, so that a node that was cut off disturbs no leader (thesis, 9.6). */
  #startPreVote(nowMs: number): void {
    this.#becomeFollower(nowMs);
    this.#leader = null;
    this.#electionClock.reset(nowMs);
    if (!this.#configurations.mayCampaign(this.#nodeId, this.#commitIndex)) return undefined;
    if (this.#ballot.campaignTerm > maxTerm) return this.#outbox.complain(`no election after term ${maxTerm}`);
    const grantedBy = new Set([this.#nodeId]);
    this.#role = { name: 'candidate', phase: 'pre-vote', grantedBy, askedAtMs: nowMs };
    if (this.#isWon(grantedBy)) return this.#startElection(0, nowMs);
    return this.#askForVotes('pre_vote', this.#ballot.campaignTerm);
  }

  /**
   * @param roundTripMs how long it took to ask a majority
   * @param transfer the leader that has ordered it, if one has
   */
  #startElection(roundTripMs: number, nowMs: number, transfer?: NodeId): void {
    this.#ballot.takeUp(this.#ballot.campaignTerm);
    this.#ballot.vote(this.#nodeId);
    this.#electionClock.campaigned(roundTripMs, nowMs);
    const ownVoteBatch = this.#durability.batchOfHardState;
    this.#role = { name: 'candidate', phase: 'vote', grantedBy: new Set(), ownVoteBatch };
    this.#askForVotes('request_vote', this.#term, transfer);
  }

  #askForVotes(type: 'pre_vote' | 'request_vote', term: number, transfer?: NodeId): void {
    const voters = this.#configurations.current.votersBeside(this.#nodeId);
    for (const voter of voters) this.#askForVote(voter, type, term, transfer);
  }

  #askForVote(voter: NodeId, type: 'pre_vote' | 'request_vote', term: number, transfer?: NodeId): void {
    this.#outbox.request(voter, candidacy(type, term, this.#nodeId, this.#log, transfer), this.#term);
  }

  #isWon(grantedBy: ReadonlySet<NodeId>): boolean {
    return this.#configurations.current.quorum.isWon((voter) => grantedBy.has(voter));
  }

  /** A candidate's own vote is like any other: it counts once it cannot be forgotten. */
  #countOwnVote(role: Extract<Role, { phase: 'vote' }>, nowMs: number): void {
    if (!this.#durability.hasPersisted(role.ownVoteBatch)) return;
    this.#countVote(role, this.#nodeId, nowMs);
  }

  #onVoteReply(from: NodeId, reply: RequestVoteReply, nowMs: number): void {
    if (this.#role.name !== 'candidate' || this.#role.phase !== 'vote') return;
    if (!reply.vote_granted || reply.term !== this.#term) return;
    this.#countVote(this.#role, from, nowMs);
  }

  #countVote(role: Extract<Role, { phase: 'vote' }>, voter: NodeId, nowMs: number): void {
    role.grantedBy.add(voter);
    if (this.#isWon(role.grantedBy)) this.#becomeLeader(nowMs);
  }

  #onPreVoteReply(from: NodeId, reply: PreVoteReply, nowMs: number): void {
    if (this.#role.name !== 'candidate' || this.#role.phase !== 'pre-vote') return;
    if (!reply.vote_granted || reply.term !== this.#ballot.campaignTerm) return;
    this.#role.grantedBy.add(from);
    if (this.#isWon(this.#role.grantedBy)) this.#startElection(nowMs - this.#role.askedAtMs, nowMs);
  }

  #onRequestVote(from: NodeId, request: RequestVote, ticket: number, nowMs: number): void {
    const fault = faultOfCandidacy(from, request);
    if (fault !== undefined) return this.#outbox.refuseMalformed(from, ticket, fault);
    const mustRefuse = this.#mustStandByLeader(nowMs) && !this.#isOrderedByLeader(request);
    if (!mustRefuse && request.term > this.#term) this.#takeUpTerm(request.term, nowMs);
    const vote_granted = !mustRefuse && this.#ballot.mayVoteFor(request, this.#log);
    if (vote_granted) {
      this.#ballot.vote(from);
      this.#becomeFollower(nowMs);
      this.#electionClock.reset(nowMs);
    }
    return this.#outbox.reply(from, ticket, { type: 'request_vote_ok', term: this.#term, vote_granted });
  }

  #onPreVote(from: NodeId, request: PreVote, ticket: number, nowMs: number): void {
    const fault = faultOfCandidacy(from, request);
    if (fault !== undefined) return this.#outbox.refuseMalformed(from, ticket, fault);
    const vote_granted = !this.#mustStandByLeader(nowMs) && this.#ballot.wouldVoteFor(request, this.#log);
    if (vote_granted) this.#yieldTo(request, nowMs);
    else if (!this.#mustStandByLeader(nowMs) && request.term > this.#term) this.#campaignAgainst(from, nowMs);
    // A refusal carries this node's own term, so that a candidate of a lower one catches up instead of asking for ever.
    const term = vote_granted ? request.term : this.#term;
    return this.#outbox.reply(from, ticket, { type: 'pre_vote_ok', term, vote_granted });
  }

  get #isAsking(): boolean {
    return this.#role.name === 'candidate' && this.#role.phase === 'pre-vote';
  }

  /** Vote yielding: a node that would vote for a rival does not campaign against it, unless it comes first itself. */
  #yieldTo(request: PreVote, nowMs: number): void {
    if (this.#isAsking && !comesFirst(request, this.#nodeId, this.#log, this.#configurations.current.voters)) return;
    if (this.#isAsking) this.#becomeFollower(nowMs);
    this.#electionClock.reset(nowMs);
  }

  /** A node that cannot win has given up the leader. One with a longer log campaigns at once. */
  #campaignAgainst(from: NodeId, nowMs: number): void {
    if (this.#role.name === 'follower') this.#startPreVote(nowMs);
    else if (this.#isAsking) this.#askForVote(from, 'pre_vote', this.#ballot.campaignTerm);
  }

  /** A leader with a live quorum stands by itself. */
  #mustStandByLeader(nowMs: number): boolean {
    if (this.#electionClock.standsByLeader(nowMs)) return true;
    return this.#role.name === 'leader' && this.#role.leadership.hasLiveQuorum(nowMs);
  }

  /** Whether the leader that this node follows, or this node where it leads, has ordered the campaign itself. */
  #isOrderedByLeader({ transfer, candidate_id }: RequestVote): boolean {
    if (transfer === undefined || transfer !== this.#leader) return false;
    return this.#role.name !== 'leader' || (this.#transfer?.isOrdered === true && this.#transfer.target === candidate_id);
  }

  // Leadership transfer -----------------------------------------------------------------------------------------------

  /** The leader that this node follows lets it lead: it asks for votes at once, and for no pre-vote. */
  #onTimeoutNow(from: NodeId, { term, target }: TimeoutNow, nowMs: number): void {
    if (term !== this.#term || target !== this.#nodeId || this.#role.name !== 'follower' || this.#leader !== from) return;
    if (!this.#configurations.current.isVoter(this.#nodeId) || this.#ballot.campaignTerm > maxTerm) return;
    this.#becomeFollower(nowMs);
    this.#leader = null;
    this.#startElection(0, nowMs, from);
  }

  /** Tells the target to campaign once it has the whole log, and only once. */
  #orderCampaign(leadership: Leadership): void {
    const transfer = this.#transfer;
    if (transfer === undefined || transfer.isOrdered || transfer.term !== leadership.term) return;
    const { target, term } = transfer;
    if (leadership.progressOf(target)?.matchIndex !== this.#log.lastIndex) return;
    leadership.giveUpLease();
    this.#outbox.request(target, { type: 'timeout_now', term, target }, term);
    transfer.ordered();
  }

  #endTransfer(nowMs: number): void {
    const outcome = this.#transfer?.outcome(this.#leader, this.#term, nowMs);
    if (outcome === undefined) return;
    this.#transfer = undefined;
    this.#transferOutcome = outcome;
  }

  // Changes of the members --------------------------------------------------------------------------------------------

  #situation(leadership: Leadership, nowMs: number): Situation {
    const commitIndex = this.#commitIndex;
    return {
      commitIndex,
      lastIndex: this.#log.lastIndex,
      hasCommittedOwnTerm: leadership.hasCommittedOwnTerm(commitIndex),
      isOfOwnTerm: this.#log.termAt(this.#configurations.currentIndex) === leadership.term,
      nowMs,
    };
  }

  /** Takes the next step of a change, where the last is committed. A leader that is no voter any more goes. */
  #advanceChange(leadership: Leadership, nowMs: number): void {
    const { changes } = leadership;
    if (!changes.isIdle && !this.isTransferring) {
      const members = changes.next(this.#situation(leadership, nowMs));
      const { term } = leadership;
      const index = this.#log.lastIndex + 1;
      if (members !== undefined) {
        this.#append([{ kind: 'configuration', term, index, command: members }]);
        leadership.followConfiguration(nowMs);
      }
      this.#changeOutcome = changes.takeOutcome() ?? this.#changeOutcome;
    }
    const { current, currentIndex } = this.#configurations;
    if (!current.isVoter(this.#nodeId) && currentIndex <= this.#commitIndex) this.#leaveOffice(leadership, nowMs);
  }

  /** A leader that was removed leads until that is committed, and then lets another lead (Ongaro's thesis, 4.2.2). */
  #leaveOffice(leadership: Leadership, nowMs: number): void {
    const begun = this.#transfer === undefined ? this.transfer(undefined, nowMs) : undefined;
    this.#orderCampaign(leadership);
    if (begun === 'no-target' || this.#transfer?.isOrdered === true) this.#stepDown(nowMs);
  }

  // Replication -------------------------------------------------------------------------------------------------------

  #onAppendEntries(from: NodeId, request: AppendEntries, ticket: number, nowMs: number): void {
    const fault = faultOfAppendEntries(from, request) ?? this.#faultOfLeader(from, request.term);
    if (fault !== undefined) return this.#outbox.refuseMalformed(from, ticket, fault);
    if (request.term < this.#term) {
      return this.#outbox.reply(from, ticket, { type: 'append_entries_ok', success: false, term: this.#term });
    }
    if (request.term > this.#ballot.reachableTerm) return this.#refuseFarTerm(from, ticket, request.term, nowMs);
    return this.#followerLog.appendEntries(from, request, ticket, () => this.#followLeader(from, request.term, nowMs));
  }

  #onInstallSnapshot(from: NodeId, request: InstallSnapshot, ticket: number, nowMs: number): void {
    const { maxSnapshotBytes } = this.#config;
    const fault = faultOfInstallSnapshot(from, request, maxSnapshotBytes) ?? this.#faultOfLeader(from, request.term);
    if (fault !== undefined) return this.#outbox.refuseMalformed(from, ticket, fault);
    if (request.term < this.#term) {
      return this.#outbox.reply(from, ticket, { type: 'install_snapshot_ok', term: this.#term, offset: 0 });
    }
    if (request.term > this.#ballot.reachableTerm) return this.#refuseFarTerm(from, ticket, request.term, nowMs);
    const follow = (): void => this.#followLeader(from, request.term, nowMs);
    this.#snapshot = this.#followerLog.installSnapshot(from, request, ticket, follow) ?? this.#snapshot;
  }

  #refuseFarTerm(from: NodeId, ticket: number, term: number, nowMs: number): void {
    this.#takeUpTerm(term, nowMs);
    this.#outbox.complain(`${from} leads term ${term}, which is far ahead: term ${this.#term} for now`);
    this.#outbox.refuse(from, ticket, `term ${term} is far ahead of ${this.#term}`);
  }

  /** There is one leader a term (Raft paper, section 5.2), so a second one is not followed. */
  #faultOfLeader(from: NodeId, term: number): string | undefined {
    if (term !== this.#term || this.#leader === null || this.#leader === from) return undefined;
    return `${this.#leader} leads term ${term}`;
  }

  #append(entries: readonly Entry[]): void {
    this.#log.append(entries);
    this.#configurations.appended(entries);
  }

  #onFollowersReply(from: NodeId, reply: FollowersReply, number: number, nowMs: number): void {
    if (this.#role.name !== 'leader') return;
    const { leadership } = this.#role;
    const fault = takeFollowersReply(leadership, { from, reply, number, nowMs }, this.#log);
    if (fault !== undefined) return this.#outbox.complain(fault);
    return this.#advanceCommitIndex(leadership, nowMs);
  }

  /** What hangs on answers and on the disk: what is committed, and the steps that wait for that. */
  #advanceCommitIndex(leadership: Leadership, nowMs: number): void {
    this.#commitment.advanceTo(leadership.commitIndexByCounting(this.#durability.persistedIndex));
    this.#orderCampaign(leadership);
    this.#advanceChange(leadership, nowMs);
  }

  // Reads -------------------------------------------------------------------------------------------------------------

  #onReadIndex(from: NodeId, request: ReadIndex, ticket: number, nowMs: number): void {
    if (this.#role.name !== 'leader' || request.term !== this.#term) {
      return this.#outbox.refuse(from, ticket, `not the leader of term ${request.term}`);
    }
    return takeReadIndex(this.#role.leadership, from, ticket, nowMs, this.#outbox);
  }
}
