import { encodedBytesAtMost } from '../services/json.ts';
import type { Json } from '../services/json.ts';
import type { Entry, NodeId } from '../raft/messages.ts';
import { maxPendingBytes, pendingLimitMs, receivedBefore } from './client.ts';
import type { Client } from './client.ts';
import { neverCommits } from './outcome.ts';
import type { ProposedAt } from './outcome.ts';

/** A client's write, cas or delete. */
export interface Write {
  /** This node's number for it, in its entry's `origin`. */
  readonly id: number;
  readonly client: Client;
  readonly operation: 'write' | 'cas' | 'delete';
  readonly command: Json;
  /** Of the encoded command, at most. */
  readonly sizeBytes: number;
  readonly receivedAtMs: number;
}

/** A write that has left this node's hands. */
interface ProposedWrite extends Write {
  readonly at: ProposedAt;
}

/**
 * The writes that this node took from clients and has not answered. Each waits for a leader first, and is then
 * proposed, once: here, or by being handed over. From then on only its own entry or a proof tells its outcome.
 */
export class PendingWrites {
  readonly #nodeId: NodeId;
  readonly #maxWrites: number;
  readonly #maxBytes: number;
  /** Both in the order of arrival. */
  readonly #waiting = new Map<number, Write>();
  readonly #proposed = new Map<number, ProposedWrite>();
  /** Proposals at known places, by index; the newest at each. */
  readonly #byIndex = new Map<number, number>();
  #nextId: number;
  #bytes = 0;
  #lowestTerm = Infinity;

  /**
   * @param firstId numbers from here on have never been used by this node
   * @param maxWrites writes that may be pending, and `maxBytes` how large they may be together; more is not taken
   */
  constructor(nodeId: NodeId, firstId: number, maxWrites: number, maxBytes: number = maxPendingBytes) {
    this.#nodeId = nodeId;
    this.#nextId = firstId;
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
  add(client: Client, operation: Write['operation'], command: Json, nowMs: number): boolean {
    const sizeBytes = encodedBytesAtMost(command);
    if (this.size >= this.#maxWrites || this.#bytes + sizeBytes > this.#maxBytes) return false;
    const id = this.#nextId;
    this.#nextId += 1;
    this.#bytes += sizeBytes;
    this.#waiting.set(id, { id, client, operation, command, sizeBytes, receivedAtMs: nowMs });
    return true;
  }

  /** The writes that have not been proposed to anybody. */
  waiting(): readonly Write[] {
    return [...this.#waiting.values()];
  }

  /** They have left this node's hands, in consecutive places from `at.index` on where that is known. */
  proposed(writes: readonly Write[], at: ProposedAt): void {
    this.#lowestTerm = Math.min(this.#lowestTerm, at.term);
    for (const [offset, write] of writes.entries()) {
      this.#waiting.delete(write.id);
      const place = at.index === undefined ? at : { term: at.term, index: at.index + offset };
      this.#proposed.set(write.id, proposedWrite(write, place));
      if (place.index !== undefined) this.#byIndex.set(place.index, write.id);
    }
  }

  /** They could not reach any log, and are forgotten. */
  drop(writes: readonly Write[]): void {
    for (const { id, sizeBytes } of writes) {
      if (this.#waiting.delete(id)) this.#bytes -= sizeBytes;
    }
  }

  /** The write whose entry this is, if it is one of these; its result is known now. */
  takeApplied(entry: Entry): Write | undefined {
    if (entry.origin?.node !== this.#nodeId) return undefined;
    return this.#take(entry.origin.id);
  }

  /** The writes of which an applied entry, not their own, proves that they will never take effect. */
  takeDisproved(entry: Entry): readonly Write[] {
    const disproved: Write[] = [];
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
   * behind it. Nobody will say what came of them.
   */
  takeCovered(lastIncludedIndex: number): readonly Write[] {
    const covered = [...this.#proposed.values()].filter(({ at }) => (at.index ?? 0) <= lastIncludedIndex);
    for (const { id } of covered) this.#take(id);
    return covered;
  }

  /** The writes that have waited for a leader for `limitMs` or longer. They have not reached any log. */
  takeLeaderless(nowMs: number, limitMs: number): readonly Write[] {
    const leaderless = receivedBefore(this.#waiting.values(), nowMs, limitMs);
    this.drop(leaderless);
    return leaderless;
  }

  /** The proposed writes that have been pending for too long. Whether they take effect is not known. */
  takeExpired(nowMs: number): readonly Write[] {
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

  #take(id: number): Write | undefined {
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
function proposedWrite(write: Write, at: ProposedAt): ProposedWrite {
  const { id, client, operation, command, sizeBytes, receivedAtMs } = write;
  return { id, client, operation, command, sizeBytes, receivedAtMs, at };
}
