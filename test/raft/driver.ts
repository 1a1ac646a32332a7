import { assert } from '../../src/raft/assert.ts';
import { defaultRaftConfig } from '../../src/raft/config.ts';
import type { RaftConfig } from '../../src/raft/config.ts';
import type { Batch } from '../../src/raft/durability.ts';
import type { AppendEntries, Entry, InstallSnapshot, Members, NodeId, RaftReply, RaftRequest } from '../../src/raft/messages.ts';
import type { Proposed } from '../../src/raft/proposal.ts';
import { Raft } from '../../src/raft/raft.ts';
import { Random } from '../../src/raft/random.ts';
import type { InstalledSnapshot, Outgoing, OutgoingChunk } from '../../src/raft/ready.ts';
import type { ChangeOutcome } from '../../src/raft/reconfiguration.ts';
import type { SnapshotDescription, SnapshotReader } from '../../src/raft/snapshot.ts';
import type { TransferOutcome } from '../../src/raft/transfer.ts';

export const threeNodes: readonly NodeId[] = ['n1', 'n2', 'n3'];
export const fiveNodes: readonly NodeId[] = ['n1', 'n2', 'n3', 'n4', 'n5'];

/** P, and how long a follower may be sent nothing. */
export const { electionTimeoutMs, heartbeatMs } = defaultRaftConfig;

/** What leaves a core; the piece of text that a chunk lacks is put in by whoever has the snapshot. */
export type Leaving = Outgoing | OutgoingChunk;

export type SentRequest = Extract<Outgoing, { kind: 'request' }>;

/** What a request got for an answer: a reply, or the reason for which it was refused. */
export type Answer = RaftReply | { readonly refused: 'malformed' | 'unavailable' };

export interface CoreOptions {
  readonly nodeId?: NodeId;
  readonly voters?: readonly NodeId[];
  readonly term?: number;
  readonly votedFor?: NodeId | null;
  /** The log, as the terms of its entries. */
  readonly log?: readonly number[];
  /** What is in its snapshot; `log` is what it holds behind that. */
  readonly snapshot?: SnapshotDescription;
  /** Who takes part as of its snapshot. */
  readonly members?: Members;
  /** The log, where terms do not say it all. */
  readonly entries?: readonly Entry[];
  readonly openSnapshot?: (description: SnapshotDescription) => ListeningReader;
  /** Omitted: a fresh node, or one in the middle of its life where it has a term. */
  readonly isRecovered?: boolean;
  readonly config?: Partial<RaftConfig>;
  /** A disk that finishes a write only when it is told to. */
  readonly diskIsSlow?: boolean;
}

/** Takes any text but `bad`, and keeps it. */
export class ListeningReader implements SnapshotReader {
  readonly description: SnapshotDescription;
  readonly members: Members;
  text = '';
  isAdopted = false;

  constructor(description: SnapshotDescription, members: Members = { voters: threeNodes, learners: [] }) {
    this.description = description;
    this.members = members;
  }

  take(piece: string): string | undefined {
    this.text += piece;
    return piece === 'bad' ? 'it is bad' : undefined;
  }

  end(): string | undefined {
    return this.text.endsWith('!') ? 'it ends badly' : undefined;
  }

  adopt(): void {
    this.isAdopted = true;
  }
}

/** A log in the manner of the paper's figures: the terms of consecutive entries. */
export function entriesOf(terms: readonly number[], firstIndex = 1): readonly Entry[] {
  return terms.map((term, place) => ({ term, index: firstIndex + place, command: `${firstIndex + place} of ${term}` }));
}

/** One core with all that surrounds it in the test's hands: the clock, the disk, its peers. It starts at time 0. */
export class TestCore {
  readonly nodeId: NodeId;
  readonly raft: Raft;
  nowMs = 0;
  diskIsSlow: boolean;
  /** Everything that has left this node, handed out for application, or come up, since the beginning. */
  readonly sent: Leaving[] = [];
  readonly committed: Entry[] = [];
  readonly reads: number[] = [];
  readonly faults: string[] = [];
  readonly installed: InstalledSnapshot[] = [];
  readonly changes: (ChangeOutcome | 'in-doubt')[] = [];
  readonly transfers: TransferOutcome[] = [];
  #batchInFlight: Batch | undefined;
  #persistedBatch = 0;
  #held: readonly Leaving[] = [];
  #lastTicket = 0;

  constructor(options: CoreOptions = {}) {
    const { nodeId = 'n1', voters = threeNodes, term = 0, votedFor = null, log = [], isRecovered = false } = options;
    this.nodeId = nodeId;
    this.diskIsSlow = options.diskIsSlow ?? false;
    this.raft = new Raft({
      config: { ...defaultRaftConfig, ...options.config },
      hardState: { nodeId, voters, bootCount: 0, term, votedFor },
      snapshot: options.snapshot,
      members: options.members,
      entries: options.entries ?? entriesOf(log, (options.snapshot?.lastIncludedIndex ?? 0) + 1),
      isRecovered,
      openSnapshot: options.openSnapshot ?? ((description) => new ListeningReader(description)),
      random: new Random(voters.indexOf(nodeId) + 1),
      nowMs: 0,
    });
  }

  /** The log, as the terms of its entries. */
  get log(): readonly number[] {
    return this.raft.entries(0, this.raft.status.lastIndex).map((entry) => entry.term);
  }

  /** What is being written to the disk. */
  get batchInFlight(): Batch | undefined {
    return this.#batchInFlight;
  }

  /** A turn as the replica takes it. Returns what leaves in it. */
  turn(): readonly Leaving[] {
    this.raft.tick(this.nowMs);
    this.#write();
    const { messages, installed, committed, reads, faults, change, transfer } = this.raft.takeReady(this.nowMs);
    if (change !== undefined) this.changes.push(change);
    if (transfer !== undefined) this.transfers.push(transfer);
    if (installed !== undefined) this.installed.push(installed);
    this.committed.push(...committed);
    this.reads.push(...reads);
    this.faults.push(...faults);
    const all = [...this.#held, ...messages];
    this.#held = all.filter(({ afterBatch }) => afterBatch > this.#persistedBatch);
    const leaving = all.filter(({ afterBatch }) => afterBatch <= this.#persistedBatch);
    this.sent.push(...leaving);
    return leaving;
  }

  /** Lets time pass, and takes a turn. */
  turnAt(nowMs: number): readonly Leaving[] {
    this.nowMs = nowMs;
    return this.turn();
  }

  /** The disk finishes what it is writing; then a turn. */
  finishWrite(): readonly Leaving[] {
    this.#finishWrite();
    return this.turn();
  }

  /** Hands in a request and takes a turn. Returns its answer, where that leaves at once. */
  ask(from: NodeId, request: RaftRequest): Answer | undefined {
    const ticket = this.receive(from, request);
    return answerTo(ticket, this.turn());
  }

  /** Hands in a request. Returns its ticket. */
  receive(from: NodeId, request: RaftRequest): number {
    this.#lastTicket += 1;
    this.raft.receiveRequest(from, request, this.#lastTicket, this.nowMs);
    return this.#lastTicket;
  }

  /** Hands in an answer to `request`, which this core sent. */
  answer(request: SentRequest | OutgoingChunk, reply: RaftReply): void {
    this.raft.receiveReply(request.to, reply, request.number, request.term, this.nowMs);
  }

  /** Hands in a refusal of `request`, which this core sent. */
  refuse(request: SentRequest | OutgoingChunk): void {
    this.raft.receiveRefusal(request.to, request.number, request.term, this.nowMs);
  }

  propose(...commands: readonly unknown[]): Proposed {
    return this.raft.propose(commands.map((command) => ({ command })));
  }

  #write(): void {
    for (;;) {
      if (this.#batchInFlight !== undefined) {
        if (this.diskIsSlow) return;
        this.#finishWrite();
      }
      this.#batchInFlight = this.raft.takeBatch();
      if (this.#batchInFlight === undefined) return;
    }
  }

  #finishWrite(): void {
    assert(this.#batchInFlight !== undefined, 'the test finishes a write that has begun');
    this.#persistedBatch = this.#batchInFlight.number;
    this.#batchInFlight = undefined;
    this.raft.persisted(this.#persistedBatch, this.nowMs);
  }
}

/** A leader of `term`, its log of the given terms and the no-op behind them, its first AppendEntries sent. */
export function electedLeader(term: number, options: CoreOptions = {}): TestCore {
  const core = new TestCore({ ...options, term: term - 1, diskIsSlow: false });
  elect(core, term);
  core.diskIsSlow = options.diskIsSlow ?? false;
  return core;
}

/** Everyone makes `core` the leader of `term`. */
export function elect(core: TestCore, term: number): void {
  core.raft.campaign(core.nowMs);
  grantAll(core, term);
  grantAll(core, term);
  core.turn();
  assert(core.raft.status.role === 'leader' && core.raft.status.term === term, 'the test has a leader');
}

function grantAll(core: TestCore, term: number): void {
  for (const request of requestsIn(core.turn())) {
    const type = request.message.type === 'pre_vote' ? 'pre_vote_ok' : 'request_vote_ok';
    core.answer(request, { type, term, vote_granted: true });
  }
}

/** A fresh leader of term 1, past the heartbeat tick at which it wakes its peers. */
export function bootstrappedLeader(options: CoreOptions = {}): TestCore {
  const core = new TestCore(options);
  core.turnAt(heartbeatMs);
  return core;
}

export function requestsIn(messages: readonly Leaving[]): readonly SentRequest[] {
  return messages.filter((message) => message.kind === 'request');
}

/** The requests among `messages` that go to `peer`. */
export function requestsTo(peer: NodeId, messages: readonly Leaving[]): readonly SentRequest[] {
  return requestsIn(messages).filter(({ to }) => to === peer);
}

/** The one request among `messages` that goes to `peer`. */
export function requestTo(peer: NodeId, messages: readonly Leaving[]): SentRequest {
  const [request, ...more] = requestsTo(peer, messages);
  assert(request !== undefined && more.length === 0, `one request goes to ${peer}`);
  return request;
}

/** The newest AppendEntries that `core` has sent to `peer`. */
export function lastAppendTo(peer: NodeId, core: TestCore): SentRequest & { readonly message: AppendEntries } {
  const request = requestsTo(peer, core.sent).at(-1);
  assert(request?.message.type === 'append_entries', `${peer} was sent AppendEntries last`);
  return { ...request, message: request.message };
}

export function answerTo(ticket: number, messages: readonly Leaving[]): Answer | undefined {
  for (const message of messages) {
    if (message.kind === 'request' || message.kind === 'snapshot-chunk' || message.ticket !== ticket) continue;
    return message.kind === 'reply' ? message.message : { refused: message.reason };
  }
  return undefined;
}

export interface AppendOptions {
  readonly term: number;
  readonly leader?: NodeId;
  /** Index and term of the entry before. */
  readonly prev?: readonly [index: number, term: number];
  /** The entries, as their terms. */
  readonly log?: readonly number[];
  readonly commit?: number;
}

/** An AppendEntries, from n2 and right at the start of the log where nothing else is said. */
export function appendEntries(options: AppendOptions): AppendEntries {
  const { term, leader = 'n2', prev = [0, 0], log = [], commit = 0 } = options;
  const [prev_log_index, prev_log_term] = prev;
  return {
    type: 'append_entries',
    term,
    leader_id: leader,
    prev_log_index,
    prev_log_term,
    entries: entriesOf(log, prev_log_index + 1),
    leader_commit: commit,
  };
}

/** A request for a vote, by a candidate whose log ends as told. */
export function vote(
  type: 'pre_vote' | 'request_vote',
  term: number,
  [last_log_index, last_log_term]: readonly [index: number, term: number] = [0, 0],
  candidate_id: NodeId = 'n2',
): RaftRequest {
  return { type, term, candidate_id, last_log_index, last_log_term };
}

export function accepted(match_index: number): RaftReply {
  return { type: 'append_entries_ok', success: true, match_index };
}

export function rejected(term: number, conflict: { conflict_index?: number; conflict_term?: number } = {}): RaftReply {
  return { type: 'append_entries_ok', success: false, term, ...conflict };
}

/** A piece of the snapshot that n2, leader of term 3, sends: of entry 8, of term 2. */
export function piece(data: string, offset: number, total_bytes: number): InstallSnapshot {
  const [last_included_index, last_included_term] = [8, 2];
  const snapshot = { last_included_index, last_included_term, total_bytes, checksum: '00000000' };
  const done = offset + data.length === total_bytes;
  return { type: 'install_snapshot', term: 3, leader_id: 'n2', ...snapshot, offset, data, done };
}
