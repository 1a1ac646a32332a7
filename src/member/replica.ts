import { assert } from '../raft/assert.ts';
import type { RaftConfig } from '../raft/config.ts';
import type { HardState } from '../raft/hard-state.ts';
import type { LogPlace } from '../raft/log.ts';
import type { Entry, Members, NodeId, RaftReply, RaftRequest } from '../raft/messages.ts';
import type { Proposal, Proposed } from '../raft/proposal.ts';
import { Raft } from '../raft/raft.ts';
import type { RaftStatus } from '../raft/role.ts';
import type { Random } from '../raft/random.ts';
import type { InstalledSnapshot, Outgoing, OutgoingChunk } from '../raft/ready.ts';
import type { SnapshotDescription, SnapshotReader } from '../raft/snapshot.ts';
import { SnapshotDecoder } from './snapshot-text.ts';
import { defaultSnapshotPolicy, Snapshots } from './snapshots.ts';
import type { SnapshotPolicy } from './snapshots.ts';
import { maxCommandBytes } from '../services/state-machine.ts';
import type { StateMachine } from '../services/state-machine.ts';
import type { Storage, StoredSnapshot } from '../storage/storage.ts';

export interface ReplicaOptions<Query, Result> {
  readonly nodeId: NodeId;
  /** All voters, this node included, in an order that is the same on all of them; the first leads term 1. */
  readonly voters: readonly NodeId[];
  readonly config: RaftConfig;
  readonly storage: Storage;
  /** Empty: what the storage has is put into it. */
  readonly stateMachine: StateMachine<Query, Result>;
  readonly snapshots?: SnapshotPolicy;
  readonly random: Random;
  readonly nowMs: number;
}

export interface Applied<Result> {
  readonly entry: Entry;
  readonly result: Result;
}

export interface ServedRead<Result> {
  readonly id: number;
  readonly result: Result;
}

/** What a turn brought. */
export interface Turn<Result> {
  /** To be sent now. Any of them may be lost on the way: Raft sends again. */
  readonly messages: readonly Outgoing[];
  /** A snapshot from a leader has taken the place of all entries up to here, instead of their being applied. */
  readonly installedIndex: number | undefined;
  readonly applied: readonly Applied<Result>[];
  readonly reads: readonly ServedRead<Result>[];
  readonly faults: readonly string[];
}

/** A turn writes one batch, one more for what that decided (a term, then its first entry), and never many. */
const maxBatchesPerTurn = 8;

/** How much of a snapshot's text is read at a time when a node starts. */
const restoredBytes = 1024 * 1024;

/** Messages that wait for a disk that has stopped answering; past it they are dropped, as the network might have. */
const maxWaitingMessages = 65_536;

/**
 * One node's part in the replicated state machine: joins one core, one storage and one state machine. Nothing else
 * orders what is persisted, sent and applied. It does not know what carries its messages.
 */
export class Replica<Query, Result> {
  readonly bootCount: number;
  readonly #raft: Raft;
  readonly #storage: Storage;
  readonly #stateMachine: StateMachine<Query, Result>;
  readonly #snapshots: Snapshots;
  readonly #queries = new Map<number, Query>();
  #waitingMessages: (Outgoing | OutgoingChunk)[] = [];
  #batchInFlight: number | undefined;
  #lastApplied: LogPlace;

  /** The caller has made sure that what the storage recovered is this node's ({@link identityFault}). */
  constructor(options: ReplicaOptions<Query, Result>) {
    const { nodeId, voters, config, storage, stateMachine, random, nowMs } = options;
    const { recovered } = storage;
    assert(identityFault(recovered?.hardState, nodeId, voters) === undefined, 'a node starts on its own storage');
    const fresh: HardState = { nodeId, voters, bootCount: 0, term: 0, votedFor: null };
    const hardState = recovered
      ? { ...recovered.hardState, bootCount: recovered.hardState.bootCount + 1 }
      : fresh;
    this.bootCount = hardState.bootCount;
    this.#lastApplied = { index: 0, term: 0 };
    this.#storage = storage;
    this.#stateMachine = stateMachine;
    const members = storage.snapshot && this.#restore(storage.snapshot, voters);
    this.#raft = new Raft({
      config,
      hardState,
      snapshot: recovered?.snapshot,
      members,
      entries: recovered?.entries ?? [],
      isRecovered: recovered !== undefined,
      openSnapshot: (description) => new SnapshotDecoder(description, voters, stateMachine.restore(), maxCommandBytes),
      random,
      nowMs,
    });
    const policy = options.snapshots ?? defaultSnapshotPolicy;
    this.#snapshots = new Snapshots(policy, voters, this.#raft, storage, stateMachine, nowMs);
  }

  get status(): RaftStatus & { readonly lastApplied: number } {
    const { role, term, leader, commitIndex, firstIndex, lastIndex } = this.#raft.status;
    return { role, term, leader, commitIndex, firstIndex, lastIndex, lastApplied: this.#lastApplied.index };
  }

  /** What this node, where it leads, knows to be on the disks of the others: the index for each; empty elsewhere. */
  get matchIndexes(): ReadonlyMap<NodeId, number> {
    return this.#raft.matchIndexes;
  }

  /** The batch that holds, or will hold, everything that has been decided so far. */
  get batchOfEverything(): number {
    return this.#raft.batchOfEverything;
  }

  /** The batch that holds, or will hold, this node's term and vote as they are now. */
  get batchOfHardState(): number {
    return this.#raft.batchOfHardState;
  }

  hasPersisted(batchNumber: number): boolean {
    return this.#storage.persistedBatch >= batchNumber;
  }

  /** The entries from `from` up to and including `to`, committed or not. */
  entries(from: number, to: number): readonly Entry[] {
    return this.#raft.entries(from, to);
  }

  receiveRequest(from: NodeId, request: RaftRequest, ticket: number, nowMs: number): void {
    this.#raft.receiveRequest(from, request, ticket, nowMs);
  }

  receiveReply(from: NodeId, reply: RaftReply, number: number, sentInTerm: number, nowMs: number): void {
    this.#raft.receiveReply(from, reply, number, sentInTerm, nowMs);
  }

  bootstrap(nowMs: number): void {
    this.#raft.bootstrap(nowMs);
  }

  campaign(nowMs: number): void {
    this.#raft.campaign(nowMs);
  }

  propose(proposals: readonly Proposal[], onlyInTerm?: number): Proposed {
    return this.#raft.propose(proposals, onlyInTerm);
  }

  /** Asks for a linearizable read; its result comes with a later turn, under the same `id`. */
  read(id: number, query: Query): void {
    this.#queries.set(id, query);
    this.#raft.read([id]);
  }

  /** Nobody waits for these reads any more. */
  forgetReads(ids: readonly number[]): void {
    for (const id of ids) this.#queries.delete(id);
    this.#raft.forgetReads(ids);
  }

  /** Ends a turn, after all input has been handed in: lets time pass, persists, sends, applies, in that order. */
  turn(nowMs: number): Turn<Result> {
    this.#raft.tick(nowMs);
    this.#persist(nowMs);
    const { messages, installed, committed, reads, faults } = this.#raft.takeReady(nowMs);
    if (installed !== undefined) this.#install(installed);
    const turn = {
      messages: this.#releaseMessages(messages),
      installedIndex: installed?.description.lastIncludedIndex,
      applied: committed.map((entry) => this.#apply(entry)),
      reads: this.#serve(reads),
      faults,
    };
    this.#snapshots.advance(this.#lastApplied, nowMs);
    return turn;
  }

  nextDeadlineMs(nowMs: number): number {
    return this.#snapshots.wantsTurn ? nowMs : this.#raft.nextDeadlineMs(nowMs);
  }

  /** Hands the disk what there is, as often as it is done at once: at most one batch is being written at a time. */
  #persist(nowMs: number): void {
    for (let batches = 0; ; batches += 1) {
      assert(batches < maxBatchesPerTurn, 'a turn comes to an end');
      if (this.#batchInFlight !== undefined) {
        if (!this.hasPersisted(this.#batchInFlight)) return;
        this.#raft.persisted(this.#batchInFlight, nowMs);
        this.#batchInFlight = undefined;
      }
      const batch = this.#raft.takeBatch();
      if (batch === undefined) return;
      this.#storage.write(batch);
      this.#batchInFlight = batch.number;
    }
  }

  /** What may leave now; the rest waits for the disk. */
  #releaseMessages(messages: readonly (Outgoing | OutgoingChunk)[]): readonly Outgoing[] {
    const leaving: Outgoing[] = [];
    const waiting: (Outgoing | OutgoingChunk)[] = [];
    const release = (message: Outgoing | OutgoingChunk): void => {
      if (!this.hasPersisted(message.afterBatch)) {
        if (waiting.length < maxWaitingMessages) waiting.push(message);
        return;
      }
      const whole = message.kind === 'snapshot-chunk' ? this.#snapshots.fill(message) : message;
      if (whole !== undefined) leaving.push(whole);
    };
    this.#waitingMessages.forEach(release);
    messages.forEach(release);
    this.#waitingMessages = waiting;
    return leaving;
  }

  /**
   * The state begins with the snapshot that the storage has. Returns who takes part as of that. Throws where it is not
   * this cluster's, or unreadable.
   */
  #restore(snapshot: StoredSnapshot, voters: readonly NodeId[]): Members | undefined {
    const { description } = snapshot;
    const decoder = new SnapshotDecoder(description, voters, this.#stateMachine.restore());
    let fault: string | undefined;
    for (let offset = 0; offset < description.totalBytes && fault === undefined; offset += restoredBytes) {
      fault = decoder.take(snapshot.read(offset, restoredBytes));
    }
    fault ??= decoder.end();
    if (fault !== undefined) throw new Error(`the snapshot of entry ${description.lastIncludedIndex}: ${fault}`);
    this.#adopt(decoder, description);
    return decoder.members;
  }

  /** A snapshot that a leader has sent takes the place of the state. */
  #install({ reader, description }: InstalledSnapshot): void {
    this.#adopt(reader, description);
    this.#snapshots.installed(description.lastIncludedIndex);
  }

  #adopt(reader: SnapshotReader, { lastIncludedIndex, lastIncludedTerm }: SnapshotDescription): void {
    assert(lastIncludedIndex > this.#lastApplied.index, 'a snapshot never moves the state backwards');
    reader.adopt();
    this.#lastApplied = { index: lastIncludedIndex, term: lastIncludedTerm };
  }

  #apply(entry: Entry): Applied<Result> {
    assert(entry.index === this.#lastApplied.index + 1, 'entries are applied in order, each once');
    // A configuration is the core's own: to the state machine it is a no-op.
    const result = this.#stateMachine.apply(entry.kind === 'configuration' ? null : entry.command);
    this.#lastApplied = entry;
    return { entry, result };
  }

  #serve(ids: readonly number[]): readonly ServedRead<Result>[] {
    const served: ServedRead<Result>[] = [];
    for (const id of ids) {
      const query = this.#queries.get(id);
      if (query === undefined) continue;
      this.#queries.delete(id);
      served.push({ id, result: this.#stateMachine.read(query) });
    }
    return served;
  }
}

interface Identity {
  readonly nodeId: NodeId;
  readonly voters: readonly NodeId[];
}

/** Why a node that is already somebody (undefined: nobody yet) cannot be this one, or undefined where it can. */
export function identityFault(
  known: Identity | undefined,
  nodeId: NodeId,
  voters: readonly NodeId[],
): string | undefined {
  if (known === undefined) return undefined;
  if (known.nodeId !== nodeId) return `node_id: this node is ${known.nodeId}`;
  const isSame = known.voters.length === voters.length && known.voters.every((voter, at) => voter === voters[at]);
  return isSame ? undefined : `node_ids: this cluster is ${known.voters.join(', ')}`;
}
