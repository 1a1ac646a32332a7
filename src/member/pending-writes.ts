import { encodedBytes } from '../services/json.ts';
import type { Json } from '../services/json.ts';
import type { Entry, NodeId } from '../raft/messages.ts';
import { neverCommits } from './never-commits.ts';
import type { ProposedAt } from './never-commits.ts';
import { maxPendingBytes, pendingLimitMs, receivedBefore } from './pending.ts';
import type { RequestIds } from './request-ids.ts';

/** A client's command. */
export interface Write<Caller> {
  /** This member's request id for it, in its entry's `origin`. */
  readonly id: number;
  readonly caller: Caller;
  readonly command: Json;
  /** Of the encoded command. */
  readonly sizeBytes: number;
  readonly receivedAtMs: number;
}

/** One object for all of a write's life: `at` is set once it has left this member's hands. */
interface PendingWrite<Caller> extends Write<Caller> {
  at: ProposedAt | undefined;
}

/**
 * The writes that this member took from clients and has not answered. Each waits for a leader first, and is then
 * proposed, once: here, or by being forwarded. From then on only its own entry or a proof tells its outcome.
 */
export class PendingWrites<Caller> {
  readonly #nodeId: NodeId;
  readonly #maxWrites: number;
  readonly #maxBytes: number;
  /** Both in the order of arrival. */
  #waiting: PendingWrite<Caller>[] = [];
  readonly #proposed = new Map<number, PendingWrite<Caller>>();
  /** Proposals at known places, by index; the newest at each. */
  readonly #byIndex = new Map<number, PendingWrite<Caller>>();
  readonly #ids: Pick<RequestIds, 'take'>;
  #bytes = 0;
  #lowestTerm = Infinity;

  /**
   * @param maxWrites writes that may be pending, and `maxBytes` how large they may be together; more is not taken
   */
  constructor(nodeId: NodeId, ids: Pick<RequestIds, 'take'>, maxWrites: number, maxBytes: number = maxPendingBytes) {
    this.#nodeId = nodeId;
    this.#ids = ids;
    this.#maxWrites = maxWrites;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#waiting.length + this.#proposed.size;
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** False where the bound is reached: then it was not taken, and has no effect. */
  add(caller: Caller, command: Json, nowMs: number, leadsFirstTerm: boolean): boolean {
    const sizeBytes = encodedBytes(command);
    if (this.size >= this.#maxWrites || this.#bytes + sizeBytes > this.#maxBytes) return false;
    const id = this.#ids.take(leadsFirstTerm);
    this.#bytes += sizeBytes;
    this.#waiting.push({ id, caller, command, sizeBytes, receivedAtMs: nowMs, at: undefined });
    return true;
  }

  /** The writes that have not been proposed yet. */
  waiting(): readonly Write<Caller>[] {
    return this.#waiting;
  }

  /**
   * The first of those that wait are in the log of this member, which leads `term`, in consecutive places from
   * `firstIndex` on.
   */
  proposed({ length }: readonly Write<Caller>[], term: number, firstIndex: number): void {
    let index = firstIndex;
    for (const write of this.#takeWaiting(length)) {
      this.#leaves(write, { term, index, forward: undefined, place: undefined });
      this.#byIndex.set(index, write);
      index += 1;
    }
  }

  /** They have been sent to the leader of `term`, in this order, in one message: the forward of this number. */
  forwarded({ length }: readonly Write<Caller>[], term: number, forward: number): void {
    let place = 0;
    for (const write of this.#takeWaiting(length)) {
      this.#leaves(write, { term, index: undefined, forward, place });
      place += 1;
    }
  }

  /** The writes of a forward that are still pending, but for the first `taken` of it: they could not reach any log. */
  takeRefused(forwardNumber: number, taken: number): readonly Write<Caller>[] {
    const refused = [...this.#proposed.values()].filter(({ at }) => {
      return at?.forward === forwardNumber && at.place !== undefined && at.place >= taken;
    });
    for (const { id } of refused) this.#take(id);
    return refused;
  }

  /** The first of those that wait could not reach any log, and are forgotten. */
  drop({ length }: readonly Write<Caller>[]): void {
    for (const { sizeBytes } of this.#takeWaiting(length)) this.#bytes -= sizeBytes;
  }

  /** The write whose entry this is, if it is one of these; its result is known now. */
  takeApplied(entry: Entry): Write<Caller> | undefined {
    if (entry.origin?.node !== this.#nodeId) return undefined;
    return this.#take(entry.origin.id);
  }

  /** The writes of which an applied entry, not their own, proves that they will never take effect. */
  takeDisproved(entry: Entry): readonly Write<Caller>[] {
    const suspects = this.#suspects(entry);
    if (suspects.length === 0) return none;
    const disproved = suspects.filter(({ at }) => at !== undefined && neverCommits(at, entry));
    for (const { id } of disproved) this.#take(id);
    return disproved;
  }

  /**
   * The proposed writes whose entry a snapshot up to `lastIncludedIndex` may cover: all but those of a known place
   * behind it. It will not be told what came of them.
   */
  takeCovered(lastIncludedIndex: number): readonly Write<Caller>[] {
    const covered = [...this.#proposed.values()].filter(({ at }) => (at?.index ?? 0) <= lastIncludedIndex);
    for (const { id } of covered) this.#take(id);
    return covered;
  }

  /** The writes that have waited for a leader for `limitMs` or longer. They have not reached any log. */
  takeLeaderless(nowMs: number, limitMs: number): readonly Write<Caller>[] {
    const leaderless = receivedBefore(this.#waiting, nowMs, limitMs);
    this.drop(leaderless);
    return leaderless;
  }

  /** The proposed writes that have been pending for too long. Whether they take effect is not known. */
  takeExpired(nowMs: number): readonly Write<Caller>[] {
    const expired = receivedBefore(this.#proposed.values(), nowMs, pendingLimitMs);
    for (const { id } of expired) this.#take(id);
    return expired;
  }

  /** When the oldest writes arrived: the oldest that waits, and the oldest that is proposed. */
  oldest(): { readonly waitingMs: number | undefined; readonly proposedMs: number | undefined } {
    const [waiting] = this.#waiting;
    const [proposed] = this.#proposed.values();
    return { waitingMs: waiting?.receivedAtMs, proposedMs: proposed?.receivedAtMs };
  }

  /** All proposals once an entry of a later term is applied; else at most the one that was proposed at its place. */
  #suspects(entry: Entry): readonly PendingWrite<Caller>[] {
    if (entry.term > this.#lowestTerm) {
      this.#lowestTerm = entry.term;
      return [...this.#proposed.values()];
    }
    const write = this.#byIndex.get(entry.index);
    return write === undefined ? none : [write];
  }

  #takeWaiting(count: number): readonly PendingWrite<Caller>[] {
    const taken = this.#waiting;
    this.#waiting = taken.slice(count);
    return this.#waiting.length === 0 ? taken : taken.slice(0, count);
  }

  #leaves(write: PendingWrite<Caller>, at: ProposedAt): void {
    this.#lowestTerm = Math.min(this.#lowestTerm, at.term);
    write.at = at;
    this.#proposed.set(write.id, write);
  }

  #take(id: number): Write<Caller> | undefined {
    const proposal = this.#proposed.get(id);
    if (proposal === undefined) return undefined;
    this.#proposed.delete(id);
    this.#bytes -= proposal.sizeBytes;
    const index = proposal.at?.index;
    if (index !== undefined && this.#byIndex.get(index) === proposal) this.#byIndex.delete(index);
    return proposal;
  }
}

const none: readonly never[] = [];
