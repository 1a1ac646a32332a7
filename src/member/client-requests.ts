import type { Json } from '../services/json.ts';
import type { Entry, NodeId } from '../raft/messages.ts';
import type { Outcome, Refusal } from './outcome.ts';
import { pendingLimitMs } from './pending.ts';
import { PendingReads } from './pending-reads.ts';
import type { Read } from './pending-reads.ts';
import { PendingWrites } from './pending-writes.ts';
import type { Write } from './pending-writes.ts';
import type { RequestIds } from './request-ids.ts';

export interface ClientRequestsOptions<Caller, Result> {
  readonly nodeId: NodeId;
  readonly ids: Pick<RequestIds, 'take'>;
  /** How long a request waits for a leader before it is refused. */
  readonly leaderlessLimitMs: number;
  /** Writes that may be pending, and reads; past it they are refused at once. */
  readonly maxPending: number;
  /** Takes every outcome, each caller's once. */
  readonly tell: (caller: Caller, outcome: Outcome<Result>) => void;
}

/**
 * What clients have asked of this member and not been told yet, and what they are told. A request is refused or aborted
 * only where it can never take effect; what is not known is in doubt.
 */
export class ClientRequests<Caller, Query extends Json, Result> {
  readonly #writes: PendingWrites<Caller>;
  readonly #reads: PendingReads<Caller, Query>;
  readonly #leaderlessLimitMs: number;
  readonly #tell: (caller: Caller, outcome: Outcome<Result>) => void;

  constructor({ nodeId, ids, leaderlessLimitMs, maxPending, tell }: ClientRequestsOptions<Caller, Result>) {
    this.#writes = new PendingWrites(nodeId, ids, maxPending);
    this.#reads = new PendingReads(maxPending);
    this.#leaderlessLimitMs = Math.min(leaderlessLimitMs, pendingLimitMs);
    this.#tell = tell;
  }

  /** @param leadsFirstTerm whether this member leads term 1 now */
  write(caller: Caller, command: Json, nowMs: number, leadsFirstTerm: boolean): void {
    const isTaken = this.#writes.add(caller, command, nowMs, leadsFirstTerm);
    if (!isTaken) this.#refuse(caller, { kind: 'too-many-pending', of: 'writes' });
  }

  read(caller: Caller, query: Query, nowMs: number): void {
    if (!this.#reads.add(caller, query, nowMs)) this.#refuse(caller, { kind: 'too-many-pending', of: 'reads' });
  }

  get hasWaiting(): boolean {
    return this.#writes.hasWaiting || this.#reads.hasWaiting;
  }

  /** The writes that wait for a leader. */
  waitingWrites(): readonly Write<Caller>[] {
    return this.#writes.waiting();
  }

  /** They are in the log of this member, which leads `term`, in consecutive places from `firstIndex` on. */
  proposed(writes: readonly Write<Caller>[], term: number, firstIndex: number): void {
    this.#writes.proposed(writes, term, firstIndex);
  }

  /** They have been sent to the leader of `term`, in this order, in the forward of this number. */
  forwarded(writes: readonly Write<Caller>[], term: number, number: number): void {
    this.#writes.forwarded(writes, term, number);
  }

  /** The leader is this member, and its log takes no more: they reached no log. */
  refused(writes: readonly Write<Caller>[], why: Refusal): void {
    this.#writes.drop(writes);
    for (const { caller } of writes) this.#refuse(caller, why);
  }

  /** The leader that they were forwarded to has proved that it took only the first `taken` of that forward. */
  refusedByLeader(forward: number, taken: number, leader: NodeId): void {
    for (const { caller } of this.#writes.takeRefused(forward, taken)) {
      this.#refuse(caller, { kind: 'refused-by-leader', leader });
    }
  }

  /** The reads that wait for a leader; it is to be asked now. */
  readsToAsk(): readonly Read<Caller, Query>[] {
    return this.#reads.ask();
  }

  /** An entry was applied: it is the result of one request, or the proof that others never take effect. */
  applied(entry: Entry, result: Result): void {
    const own = this.#writes.takeApplied(entry);
    if (own !== undefined) this.#tell(own.caller, { kind: 'done', result });
    for (const { caller } of this.#writes.takeDisproved(entry)) this.#tell(caller, { kind: 'aborted' });
  }

  /** A snapshot has taken the place of the entries up to this index: what they did is not told one by one. */
  installed(lastIncludedIndex: number): void {
    for (const { caller } of this.#writes.takeCovered(lastIncludedIndex)) this.#tell(caller, { kind: 'in-doubt' });
  }

  /** A read may be answered from the state machine now, by what `answer` makes of its query. */
  served(id: number, answer: (query: Query) => Result): void {
    const read = this.#reads.takeServed(id);
    if (read !== undefined) this.#tell(read.caller, { kind: 'done', result: answer(read.query) });
  }

  /** Time has passed. Returns the reads that are not waited for any more. */
  tick(nowMs: number): readonly number[] {
    const limitMs = this.#leaderlessLimitMs;
    const leaderless = [...this.#writes.takeLeaderless(nowMs, limitMs), ...this.#reads.takeLeaderless(nowMs, limitMs)];
    for (const { caller } of leaderless) this.#refuse(caller, { kind: 'no-leader' });
    const expiredReads = this.#reads.takeExpired(nowMs);
    const expired = [...this.#writes.takeExpired(nowMs), ...expiredReads];
    for (const { caller } of expired) this.#tell(caller, { kind: 'in-doubt' });
    return expiredReads.map(({ id }) => id);
  }

  nextDeadlineMs(): number {
    const writes = this.#writes.oldest();
    const reads = this.#reads.oldest();
    const waitingMs = Math.min(writes.waitingMs ?? Infinity, reads.waitingMs ?? Infinity);
    const underWayMs = Math.min(writes.proposedMs ?? Infinity, reads.askedMs ?? Infinity);
    return Math.min(waitingMs + this.#leaderlessLimitMs, underWayMs + pendingLimitMs);
  }

  #refuse(caller: Caller, why: Refusal): void {
    this.#tell(caller, { kind: 'refused', why });
  }
}
