import { encodedBytes } from '../services/json.ts';
import type { Json } from '../services/json.ts';
import { maxPendingBytes, pendingLimitMs, receivedBefore } from './pending.ts';

/** A client's read. */
export interface Read<Caller, Query> {
  readonly id: number;
  readonly caller: Caller;
  readonly query: Query;
  /** Of the encoded query. */
  readonly sizeBytes: number;
  readonly receivedAtMs: number;
}

/**
 * The reads that this member took from clients and has not answered: some wait for a leader, the rest has been asked.
 */
export class PendingReads<Caller, Query extends Json> {
  readonly #maxReads: number;
  readonly #maxBytes: number;
  #waiting: Read<Caller, Query>[] = [];
  readonly #asked = new Map<number, Read<Caller, Query>>();
  #nextId = 0;
  #bytes = 0;

  /** @param maxReads reads that may be pending; `maxBytes`: how large their queries may be together; more is not taken */
  constructor(maxReads: number, maxBytes: number = maxPendingBytes) {
    this.#maxReads = maxReads;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#waiting.length + this.#asked.size;
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** False where the bound is reached. */
  add(caller: Caller, query: Query, nowMs: number): boolean {
    const sizeBytes = encodedBytes(query);
    if (this.size >= this.#maxReads || this.#bytes + sizeBytes > this.#maxBytes) return false;
    const id = this.#nextId;
    this.#nextId += 1;
    this.#bytes += sizeBytes;
    this.#waiting.push({ id, caller, query, sizeBytes, receivedAtMs: nowMs });
    return true;
  }

  /** The reads that wait for a leader; from now on they count as asked. */
  ask(): readonly Read<Caller, Query>[] {
    const reads = this.#waiting;
    for (const read of reads) this.#asked.set(read.id, read);
    this.#waiting = [];
    return reads;
  }

  /** The read that is served now; undefined where it has been given up. */
  takeServed(id: number): Read<Caller, Query> | undefined {
    const read = this.#asked.get(id);
    if (this.#asked.delete(id)) this.#bytes -= read?.sizeBytes ?? 0;
    return read;
  }

  /** The reads that have waited for a leader for `limitMs` or longer. */
  takeLeaderless(nowMs: number, limitMs: number): readonly Read<Caller, Query>[] {
    const taken = receivedBefore(this.#waiting, nowMs, limitMs);
    this.#waiting = this.#waiting.slice(taken.length);
    for (const { sizeBytes } of taken) this.#bytes -= sizeBytes;
    return taken;
  }

  /** The reads that have been pending for too long. */
  takeExpired(nowMs: number): readonly Read<Caller, Query>[] {
    const taken = receivedBefore(this.#asked.values(), nowMs, pendingLimitMs);
    for (const { id } of taken) this.takeServed(id);
    return taken;
  }

  /** When the oldest reads arrived: the oldest that waits, and the oldest that has been asked. */
  oldest(): { readonly waitingMs: number | undefined; readonly askedMs: number | undefined } {
    const [waiting] = this.#waiting;
    const [asked] = this.#asked.values();
    return { waitingMs: waiting?.receivedAtMs, askedMs: asked?.receivedAtMs };
  }
}
