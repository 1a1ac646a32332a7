import * as z from 'zod/mini';
import { observerId } from '../network/client-names.ts';
import type { Cluster, Message } from './cluster.ts';

/** How often each node is asked how it is: nothing that the record shows is known more exactly than that. */
export const statusIntervalMs = 25;
/** An answer that takes longer is no answer; meanwhile a node is not asked again. */
const answerLimitMs = 1000;
/** A node that has never told its status is asked this many times. */
const maxTries = 3;
/** A commit index that alone has changed is noted no more often than this. */
const commitSampleMs = 250;
/** For each node. Half of them are for changes of role, term and leader only. */
export const maxChanges = 10_000;
/** Above those of the `init` messages, which come from the same client. */
const firstMessageId = 1_000;

const count = z.int().check(z.gte(0));
const statusReply = z.object({
  type: z.literal('raft_status_ok'),
  role: z.enum(['follower', 'candidate', 'leader']),
  term: count,
  leader: z.nullable(z.string()),
  commit_index: count,
  last_applied: z.exactOptional(count),
});

/** What a node said of itself. */
export interface NodeStatus {
  readonly role: 'follower' | 'candidate' | 'leader';
  readonly term: number;
  /** Whom it takes for the leader of that term. */
  readonly leader: string | null;
  readonly commitIndex: number;
  /** How far its state machine is; not every node tells. */
  readonly appliedIndex?: number;
}

/** How a node was seen at `atMs`, in milliseconds since the start of the run, and until its next change. */
export interface StatusChange extends NodeStatus {
  readonly atMs: number;
}

/** How the nodes were seen during a run. */
export interface StatusRecord {
  /** Node -> its changes, in the order of time. Empty where it was not asked, or never told. */
  readonly changes: Readonly<Record<string, readonly StatusChange[]>>;
  /** False where a record was full and changes of role, term or leader are missing from it. */
  readonly isComplete: boolean;
  /** False if the workload is not one for Raft: then nodes are not asked. */
  readonly isOfRaft?: false;
}

export const nothingSeen: StatusRecord = { changes: {}, isComplete: true };

/** Of nodes that are none of Raft, and have nothing of the kind to tell. */
export const nothingToSee: StatusRecord = { ...nothingSeen, isOfRaft: false };

interface Watched {
  readonly changes: StatusChange[];
  readonly question: { readonly messageId: number; readonly askedAtMs: number } | undefined;
  readonly failedTries: number;
}

/**
 * Watches the nodes of a running cluster by asking them `raft_status`, as a client whose messages the network does not
 * count. It is no fault of a node not to know that request: one that answers an error or nothing is soon left alone.
 */
export class Monitor {
  readonly #cluster: Cluster;
  readonly #startedAtMs: number;
  readonly #watched: Map<string, Watched>;
  #nextMessageId = firstMessageId;
  #isComplete = true;
  #cancelTick: () => void = () => {};

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#startedAtMs = cluster.nowMs();
    this.#watched = new Map(
      cluster.nodeIds.map((nodeId) => [nodeId, { changes: [], question: undefined, failedTries: 0 }]),
    );
  }

  get record(): StatusRecord {
    const changes = [...this.#watched].map(([nodeId, watched]) => [nodeId, watched.changes] as const);
    return { changes: Object.fromEntries(changes), isComplete: this.#isComplete };
  }

  start(): void {
    for (const nodeId of this.#watched.keys()) this.#askIfDue(nodeId);
    this.#cancelTick = this.#cluster.after(statusIntervalMs, () => this.start());
  }

  stop(): void {
    this.#cancelTick();
  }

  /** Takes an answer. An answer without a request, or after its deadline, is ignored. */
  receive({ src, body }: Message): void {
    const watched = this.#watched.get(src);
    if (watched !== undefined && body.type === 'init_ok') {
      // It was started again: what it was asked before is lost.
      this.#watched.set(src, { ...watched, question: undefined });
      return;
    }
    if (watched?.question === undefined || watched.question.messageId !== body.in_reply_to) return;
    const parsed = statusReply.safeParse(body);
    if (!parsed.success) return this.#failed(src, watched);
    const { role, term, leader, commit_index: commitIndex, last_applied: appliedIndex } = parsed.data;
    this.#watched.set(src, { ...watched, question: undefined });
    const seen = { atMs: this.#nowMs(), role, term, leader, commitIndex };
    return this.#note(watched.changes, appliedIndex === undefined ? seen : { ...seen, appliedIndex });
  }

  #askIfDue(nodeId: string): void {
    const watched = this.#watched.get(nodeId);
    if (watched === undefined || watched.failedTries === maxTries) return;
    if (watched.question !== undefined) {
      if (this.#nowMs() >= watched.question.askedAtMs + answerLimitMs) this.#failed(nodeId, watched);
      return;
    }
    const messageId = this.#nextMessageId;
    this.#nextMessageId += 1;
    this.#watched.set(nodeId, { ...watched, question: { messageId, askedAtMs: this.#nowMs() } });
    this.#cluster.send({ src: observerId, dest: nodeId, body: { type: 'raft_status', msg_id: messageId } });
  }

  /** A node that has told its status once knows the request. It is always asked again: it may be down for a while. */
  #failed(nodeId: string, watched: Watched): void {
    const failedTries = watched.changes.length > 0 ? 0 : watched.failedTries + 1;
    this.#watched.set(nodeId, { ...watched, question: undefined, failedTries });
  }

  #note(changes: StatusChange[], seen: StatusChange): void {
    const last = changes.at(-1);
    const isSameButCommit = last?.role === seen.role && last.term === seen.term && last.leader === seen.leader;
    if (isSameButCommit) {
      const isWorthIt = last.commitIndex !== seen.commitIndex && seen.atMs >= last.atMs + commitSampleMs;
      if (isWorthIt && changes.length < maxChanges / 2) changes.push(seen);
    } else if (changes.length < maxChanges) {
      changes.push(seen);
    } else {
      this.#isComplete = false;
    }
  }

  #nowMs(): number {
    return this.#cluster.nowMs() - this.#startedAtMs;
  }
}
