import { assert } from './raft/assert.ts';
import type { RaftConfig } from './raft/config.ts';
import type { HardState } from './raft/hard-state.ts';
import type { Entry, NodeId, RaftReply, RaftRequest } from './raft/messages.ts';
import type { Proposal, Proposed } from './raft/proposal.ts';
import { Raft } from './raft/raft.ts';
import type { RaftStatus } from './raft/raft.ts';
import type { Random } from './raft/random.ts';
import type { Outgoing } from './raft/ready.ts';
import type { Storage } from './storage/storage.ts';

/** What is replicated: equal commands in equal order give equal states and equal results, on every node. */
export interface StateMachine<Query, Result> {
  /** Carries out a committed command. Total: whatever the log holds, there is a result and never an exception. */
  apply(command: unknown): Result;
  /** Answers from the state as it is now. */
  read(query: Query): Result;
}

export interface ReplicaOptions<Query, Result> {
  readonly nodeId: NodeId;
  /** All voters, this node included, in an order that is the same on all of them; the first leads term 1. */
  readonly voters: readonly NodeId[];
  readonly config: RaftConfig;
  readonly storage: Storage;
  readonly stateMachine: StateMachine<Query, Result>;
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
  readonly applied: readonly Applied<Result>[];
  readonly reads: readonly ServedRead<Result>[];
  readonly faults: readonly string[];
}

/** A turn writes one batch, one more for what that decided (a term, then its first entry), and never many. */
const maxBatchesPerTurn = 8;

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
  readonly #queries = new Map<number, Query>();
  #waitingMessages: Outgoing[] = [];
  #batchInFlight: number | undefined;
  #lastApplied = 0;

  /** The caller has made sure that what the storage recovered is this node's ({@link identityFault}). */
  constructor({ nodeId, voters, config, storage, stateMachine, random, nowMs }: ReplicaOptions<Query, Result>) {
    const { recovered } = storage;
    assert(identityFault(recovered?.hardState, nodeId, voters) === undefined, 'a node starts on its own storage');
    const fresh: HardState = { nodeId, voters, bootCount: 0, term: 0, votedFor: null };
    const hardState = recovered
      ? { ...recovered.hardState, bootCount: recovered.hardState.bootCount + 1 }
      : fresh;
    this.bootCount = hardState.bootCount;
    this.#storage = storage;
    this.#stateMachine = stateMachine;
    const entries = recovered?.entries ?? [];
    this.#raft = new Raft({ config, hardState, entries, isRecovered: recovered !== undefined, random, nowMs });
  }

  get status(): RaftStatus & { readonly lastApplied: number } {
    return { ...this.#raft.status, lastApplied: this.#lastApplied };
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
    const { messages, committed, reads, faults } = this.#raft.takeReady(nowMs);
    return {
      messages: this.#releaseMessages(messages),
      applied: committed.map((entry) => this.#apply(entry)),
      reads: reads.flatMap((id) => this.#serve(id)),
      faults,
    };
  }

  nextDeadlineMs(nowMs: number): number {
    return this.#raft.nextDeadlineMs(nowMs);
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
  #releaseMessages(messages: readonly Outgoing[]): readonly Outgoing[] {
    const all = [...this.#waitingMessages, ...messages];
    this.#waitingMessages = all.filter(({ afterBatch }) => !this.hasPersisted(afterBatch)).slice(0, maxWaitingMessages);
    return all.filter(({ afterBatch }) => this.hasPersisted(afterBatch));
  }

  #apply(entry: Entry): Applied<Result> {
    assert(entry.index === this.#lastApplied + 1, 'entries are applied in order, each once');
    const result = this.#stateMachine.apply(entry.command);
    this.#lastApplied = entry.index;
    return { entry, result };
  }

  #serve(id: number): readonly ServedRead<Result>[] {
    const query = this.#queries.get(id);
    if (query === undefined) return [];
    this.#queries.delete(id);
    return [{ id, result: this.#stateMachine.read(query) }];
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
