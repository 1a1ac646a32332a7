import type { Json } from '../services/json.ts';
import type { Result } from '../services/kv/store.ts';
import type { ReplyBody } from '../stdio/bodies.ts';
import type { Entry, NodeId } from '../raft/messages.ts';
import { aborted, answerTo, inDoubt, unavailable } from './answers.ts';
import { pendingLimitMs } from './client.ts';
import type { Client } from './client.ts';
import type { ProposedAt } from './outcome.ts';
import { PendingReads } from './pending-reads.ts';
import type { Read } from './pending-reads.ts';
import { PendingWrites } from './pending-writes.ts';
import type { Write } from './pending-writes.ts';

export interface Answer {
  readonly client: Client;
  readonly body: ReplyBody;
}

export interface ClientRequestsOptions {
  readonly nodeId: NodeId;
  /** Numbers from here on have never been used by this node. */
  readonly firstId: number;
  /** How long a request waits for a leader before it is refused. */
  readonly leaderlessLimitMs: number;
  /** Writes that may be pending, and reads; past it the answer is 11, at once. */
  readonly maxPending: number;
}

/**
 * What clients have asked of this node and not been told yet, and what they are told. A definite error is given only
 * where the request can never take effect; in doubt the answer is 13.
 */
export class ClientRequests {
  readonly #writes: PendingWrites;
  readonly #reads: PendingReads;
  readonly #leaderlessLimitMs: number;
  #answers: Answer[] = [];

  constructor({ nodeId, firstId, leaderlessLimitMs, maxPending }: ClientRequestsOptions) {
    this.#writes = new PendingWrites(nodeId, firstId, maxPending);
    this.#reads = new PendingReads(maxPending);
    this.#leaderlessLimitMs = Math.min(leaderlessLimitMs, pendingLimitMs);
  }

  write(client: Client, operation: Write['operation'], command: Json, nowMs: number): void {
    const isTaken = this.#writes.add(client, operation, command, nowMs);
    if (!isTaken) this.#answer(client, unavailable('too many writes pending'));
  }

  read(client: Client, key: Json, nowMs: number): void {
    if (!this.#reads.add(client, key, nowMs)) this.#answer(client, unavailable('too many reads pending'));
  }

  get hasWaiting(): boolean {
    return this.#writes.hasWaiting || this.#reads.hasWaiting;
  }

  /** The writes that wait for a leader. */
  waitingWrites(): readonly Write[] {
    return this.#writes.waiting();
  }

  /** They went to the leader of a term, this node or another. */
  proposed(writes: readonly Write[], at: ProposedAt): void {
    this.#writes.proposed(writes, at);
  }

  /** The leader is this node, and its log takes no more: they reached no log. */
  refused(writes: readonly Write[], why: string): void {
    this.#writes.drop(writes);
    for (const { client } of writes) this.#answer(client, unavailable(why));
  }

  /** The reads that wait for a leader, who is to be asked now. */
  readsToAsk(): readonly Read[] {
    return this.#reads.ask();
  }

  /** An entry was applied: it is somebody's, or it proves that somebody's never will be. */
  applied(entry: Entry, result: Result): void {
    const own = this.#writes.takeApplied(entry);
    if (own !== undefined) this.#answer(own.client, answerTo(own.operation, result));
    for (const { client } of this.#writes.takeDisproved(entry)) this.#answer(client, aborted());
  }

  /** A snapshot has taken the place of the entries up to this index: what they did is not told one by one. */
  installed(lastIncludedIndex: number): void {
    for (const { client } of this.#writes.takeCovered(lastIncludedIndex)) this.#answer(client, inDoubt());
  }

  /** A read may be answered from the state machine, and this is its answer. */
  served(id: number, result: Result): void {
    const read = this.#reads.takeServed(id);
    if (read !== undefined) this.#answer(read.client, answerTo('read', result));
  }

  /** Time has passed. Returns the reads that nobody waits for any more. */
  tick(nowMs: number): readonly number[] {
    const limitMs = this.#leaderlessLimitMs;
    const leaderless = [...this.#writes.takeLeaderless(nowMs, limitMs), ...this.#reads.takeLeaderless(nowMs, limitMs)];
    for (const { client } of leaderless) this.#answer(client, unavailable('no leader is known'));
    const expiredReads = this.#reads.takeExpired(nowMs);
    for (const { client } of [...this.#writes.takeExpired(nowMs), ...expiredReads]) this.#answer(client, inDoubt());
    return expiredReads.map(({ id }) => id);
  }

  nextDeadlineMs(): number {
    const writes = this.#writes.oldest();
    const reads = this.#reads.oldest();
    const waitingMs = Math.min(writes.waitingMs ?? Infinity, reads.waitingMs ?? Infinity);
    const underWayMs = Math.min(writes.proposedMs ?? Infinity, reads.askedMs ?? Infinity);
    return Math.min(waitingMs + this.#leaderlessLimitMs, underWayMs + pendingLimitMs);
  }

  takeAnswers(): readonly Answer[] {
    const answers = this.#answers;
    this.#answers = [];
    return answers;
  }

  #answer(client: Client, body: ReplyBody): void {
    this.#answers.push({ client, body });
  }
}
