import type { RaftConfig } from '../raft/config.ts';
import type { Entry, Members, NodeId } from '../raft/messages.ts';
import type { Proposal } from '../raft/proposal.ts';
import type { Raft } from '../raft/raft.ts';
import { Random } from '../raft/random.ts';
import type { InstalledSnapshot } from '../raft/ready.ts';
import type { ChangeRefusal } from '../raft/reconfiguration.ts';
import type { TransferRefusal } from '../raft/transfer.ts';
import type { Json } from '../services/json.ts';
import type { Storage } from '../storage/storage.ts';
import { admit } from './admission.ts';
import { AppliedState } from './applied-state.ts';
import { ClientRequests } from './client-requests.ts';
import { startCore } from './core.ts';
import { DiskWrites } from './disk-writes.ts';
import { fitting, forwardSizeBytes } from './forwarding.ts';
import { faultOfTarget, isFounding, isSameList, outcomeOfChange, outcomeOfTransfer } from './membership.ts';
import type { PeerReply, PeerRequest, Propose, Refused, Sent } from './messages.ts';
import type { Outcome, Refusal } from './outcome.ts';
import type { MemberOptions } from './options.ts';
import { Outbox } from './outbox.ts';
import type { Write } from './pending-writes.ts';
import { ReceivedForwards } from './received-forwards.ts';
import { RequestIds } from './request-ids.ts';
import { defaultSnapshotPolicy, Snapshots } from './snapshots.ts';
import type { MemberStatus } from './status.ts';
import type { Effect, Leaving, Turn } from './turn.ts';
import { maxWaitingBytes, waitingSizeBytes } from './waiting-size.ts';

/** Entries that are shown at a time at most, and where that is not said. */
const maxLogLimit = 1000;
const defaultLogLimit = 100;

/**
 * One member of a cluster, whatever carries its messages: a core, a storage and a state machine, and what clients wait
 * for. Requests, messages and time come in as calls. What is to be done comes out as values, once a turn. Nothing else
 * orders what is persisted, sent, applied and answered.
 *
 * `Caller` is what the edge needs to answer a request, and comes back with its outcome.
 */
export class Member<Query extends Json, Result, Caller> {
  readonly nodeId: NodeId;
  readonly voters: readonly NodeId[];
  readonly bootCount: number;
  readonly #config: RaftConfig;
  readonly #storage: Storage;
  readonly #raft: Raft;
  readonly #state: AppliedState<Query, Result>;
  readonly #snapshots: Snapshots;
  readonly #diskWrites: DiskWrites;
  readonly #requests: ClientRequests<Caller, Query, Result>;
  readonly #receivedForwards: ReceivedForwards;
  readonly #outbox: Outbox<Leaving<Caller, Result>>;
  /** Callers that want to see what this turn brings. */
  #looks: (() => void)[] = [];
  #faults: string[] = [];
  /** Answers a read that may be served now. */
  readonly #answer = (query: Query): Result => this.#state.read(query);
  #lastForward = 0;
  /** Who waits for the change of members that is under way, and for the transfer. */
  #changeCaller: { readonly caller: Caller } | undefined;
  #transferCaller: { readonly caller: Caller } | undefined;

  constructor(options: MemberOptions<Query, Result>) {
    const { nodeId, voters, config, storage, stateMachine, maxPending, lifeSeed, nowMs } = options;
    this.nodeId = nodeId;
    this.voters = voters;
    this.#config = config;
    this.#storage = storage;
    this.#state = new AppliedState(stateMachine);
    const { raft, bootCount } = startCore(options, this.#state);
    this.#raft = raft;
    this.bootCount = bootCount;
    const policy = options.snapshots ?? defaultSnapshotPolicy;
    this.#snapshots = new Snapshots(policy, voters, raft, storage, stateMachine, nowMs);
    this.#diskWrites = new DiskWrites(raft, storage);
    this.#receivedForwards = new ReceivedForwards(raft, storage);
    const sizeBytesOf = (item: Leaving<Caller, Result>): number => waitingSizeBytes(item, config.sizeBytesOf);
    this.#outbox = new Outbox({ maxBytes: maxWaitingBytes, sizeBytesOf });
    this.#requests = new ClientRequests({
      nodeId,
      ids: new RequestIds(bootCount, new Random(lifeSeed)),
      leaderlessLimitMs: options.leaderlessLimitMs ?? config.electionTimeoutMs,
      maxPending,
      tell: (caller, outcome) => this.#tell(caller, outcome, 0),
    });
  }

  get status(): MemberStatus {
    const { role, term, leader, commitIndex, firstIndex, lastIndex } = this.#raft.status;
    const status = { role, term, leader, commitIndex, firstIndex, lastIndex, lastApplied: this.#state.last.index };
    const { members } = this;
    return isFounding(members, this.voters) ? status : { ...status, configuration: members };
  }

  /** Who takes part, by the configuration in force here. */
  get members(): Members {
    return this.#raft.members;
  }

  /** `status.role` is `leader`: asked for in every turn. */
  get isLeader(): boolean {
    return this.#raft.isLeader;
  }

  /** The entries from `from` up to and including `to`, committed or not. */
  entries(from: number, to: number): readonly Entry[] {
    return this.#raft.entries(from, to);
  }

  /** What this member, where it leads, knows to be on the disks of the others: the index for each; empty elsewhere. */
  get matchIndexes(): ReadonlyMap<NodeId, number> {
    return this.#raft.matchIndexes;
  }

  /**
   * Whether this member knows the name: a founder's, or one of any configuration that the log still tells of. Whom it does
   * not know it hears nevertheless, where a request shows the founders of this cluster.
   */
  isPeer(name: string): boolean {
    return name !== this.nodeId && (this.voters.includes(name) || this.#raft.knows(name));
  }

  // Clients -----------------------------------------------------------------------------------------------------------

  /** Proposes a command, here or by forwarding it to the leader. Its outcome is its result. */
  write(caller: Caller, command: Json, nowMs: number): void {
    this.#raft.bootstrap(nowMs);
    if (this.#storage.isNearlyFull) return this.refuse(caller, { kind: 'disk-nearly-full' });
    return this.#requests.write(caller, command, nowMs, this.#leadsFirstTerm);
  }

  /** Asks a linearizable query. */
  read(caller: Caller, query: Query, nowMs: number): void {
    this.#raft.bootstrap(nowMs);
    this.#requests.read(caller, query, nowMs);
  }

  /**
   * Appends a command to the log of this member, where it leads. The outcome says that it is on this member's disk, and
   * no more.
   *
   * @param onlyInTerm where the leader's term is another, nothing is appended
   */
  append(caller: Caller, command: Json, onlyInTerm: number | undefined, nowMs: number): void {
    this.#raft.bootstrap(nowMs);
    if (this.#storage.isNearlyFull) return this.refuse(caller, { kind: 'disk-nearly-full' });
    const { leader, term } = this.#raft.status;
    if (leader === null) return this.refuse(caller, { kind: 'no-leader' });
    if (leader !== this.nodeId) return this.refuse(caller, { kind: 'not-leader', leader });
    if (onlyInTerm !== undefined && onlyInTerm !== term) {
      return this.refuse(caller, { kind: 'wrong-term', asked: onlyInTerm, term });
    }
    const proposed = this.#raft.propose([{ command }]);
    if (proposed.kind === 'refused') {
      return this.refuse(caller, { kind: proposed.why === 'transferring' ? 'transferring' : 'log-full' });
    }
    return this.#tell(caller, { kind: 'appended', index: proposed.firstIndex }, this.#raft.batchOfEverything);
  }

  /**
   * Changes who takes part, where this member leads: these are to be the voters and the learners. The outcome comes when
   * that is committed, or when it is known that it never will be.
   */
  reconfigure(caller: Caller, target: Members, nowMs: number): void {
    this.#raft.bootstrap(nowMs);
    const fault = faultOfTarget(target);
    if (fault !== undefined) return this.refuse(caller, { kind: 'malformed', text: fault });
    if (this.#storage.isNearlyFull) return this.refuse(caller, { kind: 'disk-nearly-full' });
    const refusal = this.#raft.reconfigure(target, nowMs);
    if (refusal !== undefined) return this.refuse(caller, this.#whyNotChanged(refusal));
    this.#changeCaller = { caller };
    return undefined;
  }

  /**
   * Lets another member lead, where this one does.
   *
   * @param to a voter; where it is not said, the one whose log is the most complete
   */
  transfer(caller: Caller, to: NodeId | undefined, nowMs: number): void {
    const refusal = this.#raft.transfer(to, nowMs);
    if (refusal !== undefined) return this.refuse(caller, this.#whyNotTransferred(refusal));
    this.#transferCaller = { caller };
    return undefined;
  }

  /** Begins to let another member lead, as one does that is about to end. False where there is nothing to wait for. */
  yieldLeadership(nowMs: number): boolean {
    return this.#raft.isTransferring || this.#raft.transfer(undefined, nowMs) === undefined;
  }

  /** Whether this leader lets another member lead. */
  get isYielding(): boolean {
    return this.#raft.isTransferring;
  }

  /** Refuses what the edge does not let in. It is told in its place among the others. */
  refuse(caller: Caller, why: Refusal): void {
    this.#tell(caller, { kind: 'refused', why }, 0);
  }

  /** Says when all that has been decided so far is on the disk. */
  confirm(caller: Caller): void {
    this.#tell(caller, { kind: 'durable' }, this.#raft.batchOfEverything);
  }

  /** Shows this member's own view, as it is at the end of the turn. */
  showStatus(caller: Caller, nowMs: number): void {
    this.#raft.bootstrap(nowMs);
    this.#looks.push(() => this.#tell(caller, { kind: 'status', status: this.status }, 0));
  }

  /**
   * Shows entries of this member's log, from index `from` on, as it is at the end of the turn: at most `limit` of them,
   * and no more than one AppendEntries may hold.
   */
  showLog(caller: Caller, nowMs: number, from: number = 1, limit: number = defaultLogLimit): void {
    this.#raft.bootstrap(nowMs);
    this.#looks.push(() => {
      const { status } = this;
      const first = Math.max(from, status.firstIndex);
      const found = this.entries(first, first + Math.min(limit, maxLogLimit) - 1);
      const entries = fitting(found, this.#config.maxAppendBytes, this.#config.sizeBytesOf);
      this.#tell(caller, { kind: 'log', entries, status }, 0);
    });
  }

  // Peers -------------------------------------------------------------------------------------------------------------

  /** A peer asks something. `ticket` comes back with the answer, and is the peer's number for the request. */
  receiveRequest(from: NodeId, request: PeerRequest, ticket: number, nowMs: number): void {
    const isKnown = this.isPeer(from) || this.#showsFounders(from, request);
    if (!isKnown) return this.#refuseStranger(from, request, ticket);
    if (request.type === 'propose') return this.#onForward(from, request, ticket);
    return this.#raft.receiveRequest(from, request, ticket, nowMs);
  }

  /** A peer answers what this life sent it. */
  receiveReply(from: NodeId, reply: PeerReply, sent: Sent, nowMs: number): void {
    if (!this.isPeer(from) || sent.kind !== 'request') return;
    this.#raft.receiveReply(from, reply, sent.number, sent.term, nowMs);
  }

  /** A peer refuses what this life sent it. */
  receiveRefusal(from: NodeId, { term, taken }: Refused, sent: Sent, nowMs: number): void {
    if (!this.isPeer(from)) return;
    if (sent.kind === 'request') return this.#raft.receiveRefusal(from, sent.number, sent.term, nowMs);
    // Each forward is sent once, and answered at its first arrival only. So the leader of its own term has not taken
    // these before, and will not. A refusal by any other is no proof: it may be the answer to a second copy.
    if (term === sent.term && taken !== undefined) this.#requests.refusedByLeader(sent.number, taken, from);
  }

  /** Campaigns now instead of at the election timeout, unless there may be a leader, which may have a lease. */
  campaign(nowMs: number): void {
    this.#raft.campaign(nowMs);
  }

  /** Whether the sender shows that it is of this cluster, though it is not known here. */
  #showsFounders(from: NodeId, { founders }: PeerRequest): boolean {
    return from !== this.nodeId && founders !== undefined && isSameList(founders, this.voters);
  }

  #refuseStranger(to: NodeId, { type }: PeerRequest, ticket: number): void {
    this.#faults.push(`refused ${type} from ${to}, who is no peer`);
    const text = `src: ${to} is not a peer of ${this.nodeId}`;
    this.#outbox.add({ kind: 'refusal', to, ticket, reason: 'malformed', text, afterBatch: 0 });
  }

  #onForward(from: NodeId, propose: Propose, ticket: number): void {
    const answer = this.#receivedForwards.take(from, propose, ticket);
    if (answer !== undefined) this.#outbox.add(answer);
  }

  // Turns -------------------------------------------------------------------------------------------------------------

  /** Ends a turn, after all input has been handed in: lets time pass, persists, sends, applies, answers. */
  turn(nowMs: number): Turn<Caller, Result> {
    const givenUp = this.#requests.tick(nowMs);
    if (givenUp.length > 0) this.#raft.forgetReads(givenUp);
    this.#passToLeader();
    this.#raft.tick(nowMs);
    this.#diskWrites.advance(nowMs);
    const { messages, installed, committed, reads, faults, change, transfer } = this.#raft.takeReady(nowMs);
    for (const message of messages) this.#outbox.add(message);
    if (installed !== undefined) this.#install(installed);
    for (const entry of committed) this.#requests.applied(entry, this.#state.apply(entry));
    for (const id of reads) this.#requests.served(id, this.#answer);
    if (change !== undefined) this.#tellChange(outcomeOfChange(change));
    if (transfer !== undefined) this.#tellTransfer(outcomeOfTransfer(transfer));
    for (const look of this.#looks.splice(0)) look();
    const effects = this.#release();
    this.#snapshots.advance(this.#state.last, nowMs);
    return { effects, faults: this.#takeFaults(faults) };
  }

  /** When the next turn is due if nothing arrives; a time that is not in the future means at once. */
  nextDeadlineMs(nowMs: number): number {
    if (this.#requests.hasWaiting && this.#raft.leader !== null && !this.#raft.isTransferring) return nowMs;
    if (this.#snapshots.wantsTurn) return nowMs;
    return Math.min(this.#raft.nextDeadlineMs(nowMs), this.#requests.nextDeadlineMs());
  }

  get #leadsFirstTerm(): boolean {
    return this.#raft.isLeader && this.#raft.term === 1;
  }

  /** What waits for a leader goes to it: proposed and asked here, or forwarded in one message. */
  #passToLeader(): void {
    const { leader, term } = this.#raft;
    if (leader === null || !this.#requests.hasWaiting || this.#raft.isTransferring) return;
    const reads = this.#requests.readsToAsk().map(({ id }) => id);
    if (reads.length > 0) this.#raft.read(reads);
    const writes = this.#requests.waitingWrites();
    if (writes.length === 0) return;
    return leader === this.nodeId ? this.#propose(writes, term) : this.#forward(writes, leader, term);
  }

  #forward(writes: readonly Write<Caller>[], leader: NodeId, term: number): void {
    const batch = fitting(writes, this.#config.maxAppendBytes, forwardSizeBytes);
    const requests = batch.map(({ id, command }) => ({ id, command }));
    this.#lastForward += 1;
    const number = this.#lastForward;
    const shown = this.voters.includes(this.nodeId) ? {} : { founders: this.voters };
    const message: Propose = { type: 'propose', term, requests, ...shown };
    this.#outbox.add({ kind: 'forward', to: leader, message, number, afterBatch: this.#raft.batchOfHardState });
    this.#requests.forwarded(batch, term, number);
  }

  #propose(writes: readonly Write<Caller>[], term: number): void {
    const proposals = writes.map(({ id, command }): Proposal => ({ command, origin: { node: this.nodeId, id } }));
    const admitted = admit(this.#raft, proposals, term);
    const taken = admitted.kind === 'taken' ? admitted.taken : 0;
    if (admitted.kind === 'taken') this.#requests.proposed(writes.slice(0, taken), term, admitted.firstIndex);
    this.#requests.refused(writes.slice(taken), { kind: 'log-full' });
  }

  #whyNotChanged(refusal: ChangeRefusal): Refusal {
    switch (refusal) {
      case 'not-leader':
        return this.#whyNotLeader;
      case 'not-ready':
        return { kind: 'leader-not-ready' };
      case 'change-in-progress':
      case 'transferring':
        return { kind: refusal };
    }
  }

  #whyNotTransferred(refusal: TransferRefusal): Refusal {
    switch (refusal) {
      case 'not-leader':
        return this.#whyNotLeader;
      case 'no-target':
        return { kind: 'no-transfer-target' };
      case 'transferring':
        return { kind: refusal };
    }
  }

  get #whyNotLeader(): Refusal {
    const { leader } = this.#raft.status;
    return leader === null ? { kind: 'no-leader' } : { kind: 'not-leader', leader };
  }

  #tellChange(outcome: Outcome<Result>): void {
    const waiting = this.#changeCaller;
    this.#changeCaller = undefined;
    if (waiting !== undefined) this.#tell(waiting.caller, outcome, 0);
  }

  #tellTransfer(outcome: Outcome<Result>): void {
    const waiting = this.#transferCaller;
    this.#transferCaller = undefined;
    if (waiting !== undefined) this.#tell(waiting.caller, outcome, 0);
  }

  /** A snapshot that a leader has sent takes the place of the state. */
  #install({ reader, description }: InstalledSnapshot): void {
    this.#state.adopt(reader, description);
    this.#snapshots.installed(description.lastIncludedIndex);
    this.#requests.installed(description.lastIncludedIndex);
  }

  #tell(caller: Caller, outcome: Outcome<Result>, afterBatch: number): void {
    this.#outbox.add({ kind: 'outcome', caller, outcome, afterBatch });
  }

  #release(): readonly Effect<Caller, Result>[] {
    const released = this.#outbox.release(this.#storage.persistedBatch);
    const effects: Effect<Caller, Result>[] = [];
    for (const item of released) {
      const whole = item.kind === 'snapshot-chunk' ? this.#snapshots.fill(item) : item;
      if (whole !== undefined) effects.push(whole);
    }
    return effects;
  }

  #takeFaults(ofCore: readonly string[]): readonly string[] {
    const dropped = this.#outbox.takeDropped();
    if (dropped > 0) this.#faults.push(`the disk does not answer: ${dropped} messages that waited for it were dropped`);
    if (this.#faults.length === 0) return ofCore;
    const faults = [...this.#faults, ...ofCore];
    this.#faults = [];
    return faults;
  }
}
