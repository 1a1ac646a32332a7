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

/** A write that has left this member's hands. */
interface ProposedWrite<Caller> extends Write<Caller> {
  readonly at: ProposedAt;
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
  readonly #waiting = new Map<number, Write<Caller>>();
  readonly #proposed = new Map<number, ProposedWrite<Caller>>();
  /** Proposals at known places, by index; the newest at each. */
  readonly #byIndex = new Map<number, number>();
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
    return this.#waiting.size + this.#proposed.size;
  }

  get hasWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** False where the bound is reached: then it was not taken, and has no effect. */
  add(caller: Caller, command: Json, nowMs: number, leadsFirstTerm: boolean): boolean {
    const sizeBytes = encodedBytes(command);
    if (this.size >= this.#maxWrites || this.#bytes + sizeBytes > this.#maxBytes) return false;
    const id = this.#ids.take(leadsFirstTerm);
    this.#bytes += sizeBytes;
    this.#waiting.set(id, { id, caller, command, sizeBytes, receivedAtMs: nowMs });
    return true;
  }

  /** The writes that have not been proposed yet. */
  waiting(): readonly Write<Caller>[] {
    return [...this.#waiting.values()];
  }

  /** They are in the log of this member, which leads `term`, in consecutive places from `firstIndex` on. */
  proposed(writes: readonly Write<Caller>[], term: number, firstIndex: number): void {
    for (const [offset, write] of writes.entries()) {
      const index = firstIndex + offset;
      this.#leaves(write, { term, index });
      this.#byIndex.set(index, write.id);
    }
  }

  /** They have been sent to the leader of `term`, in this order, in one message: the forward of this number. */
  forwarded(writes: readonly Write<Caller>[], term: number, forward: number): void {
    for (const [place, write] of writes.entries()) this.#leaves(write, { term, forward, place });
  }

  /** The writes of a forward that are still pending, but for the first `taken` of it: they could not reach any log. */
  takeRefused(forwardNumber: number, taken: number): readonly Write<Caller>[] {
    const refused = [...this.#proposed.values()].filter(({ at: { forward, place } }) => {
      return forward === forwardNumber && place !== undefined && place >= taken;
    });
    for (const { id } of refused) this.#take(id);
    return refused;
  }

  /** They could not reach any log, and are forgotten. */
  drop(writes: readonly Write<Caller>[]): void {
    for (const { id, sizeBytes } of writes) {
      if (this.#waiting.delete(id)) this.#bytes -= sizeBytes;
    }
  }

  /** The write whose entry this is, if it is one of these; its result is known now. */
  takeApplied(entry: Entry): Write<Caller> | undefined {
    if (entry.origin?.node !== this.#nodeId) return undefined;
    return this.#take(entry.origin.id);
  }

  /** The writes of which an applied entry, not their own, proves that they will never take effect. */
  takeDisproved(entry: Entry): readonly Write<Caller>[] {
    const disproved: Write<Caller>[] = [];
    for (const id of this.#suspects(entry)) {
      const proposal = this.#proposed.get(id);
      if (proposal === undefined || !neverCommits(proposal.at, entry)) continue;
      this.#take(id);
      disproved.push(proposal);
    }
    return disproved;
  }

  /**
   * The proposed writes whose entry a snapshot up to `lastIncludedIndex` may cover: all but those of a known place
   * behind it. It will not be told what came of them.
   */
  takeCovered(lastIncludedIndex: number): readonly Write<Caller>[] {
    const covered = [...this.#proposed.values()].filter(({ at }) => (at.index ?? 0) <= lastIncludedIndex);
    for (const { id } of covered) this.#take(id);
    return covered;
  }

  /** The writes that have waited for a leader for `limitMs` or longer. They have not reached any log. */
  takeLeaderless(nowMs: number, limitMs: number): readonly Write<Caller>[] {
    const leaderless = receivedBefore(this.#waiting.values(), nowMs, limitMs);
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
    const [waiting] = this.#waiting.values();
    const [proposed] = this.#proposed.values();
    return { waitingMs: waiting?.receivedAtMs, proposedMs: proposed?.receivedAtMs };
  }

  /** All proposals once an entry of a later term is applied; else at most the one that was proposed at its place. */
  #suspects(entry: Entry): readonly number[] {
    if (entry.term > this.#lowestTerm) {
      this.#lowestTerm = entry.term;
      return [...this.#proposed.keys()];
    }
    const id = this.#byIndex.get(entry.index);
    return id === undefined ? [] : [id];
  }

  #leaves(write: Write<Caller>, at: ProposedAt): void {
    this.#lowestTerm = Math.min(this.#lowestTerm, at.term);
    this.#waiting.delete(write.id);
    this.#proposed.set(write.id, proposedWrite(write, at));
  }

  #take(id: number): Write<Caller> | undefined {
    const proposal = this.#proposed.get(id);
    if (proposal === undefined) return undefined;
    this.#proposed.delete(id);
    this.#bytes -= proposal.sizeBytes;
    const { index } = proposal.at;
    if (index !== undefined && this.#byIndex.get(index) === id) this.#byIndex.delete(index);
    return proposal;
  }
}

/** Field by field: copying by spread takes several times as long, and this is done for every write. */
function proposedWrite<Caller>(write: Write<Caller>, at: ProposedAt): ProposedWrite<Caller> {
  const { id, caller, command, sizeBytes, receivedAtMs } = write;
  return { id, caller, command, sizeBytes, receivedAtMs, at };
}
