import type { Json } from '../json.ts';
import { pendingLimitMs } from './client.ts';
import type { Client } from './client.ts';

/** A client's read. */
export interface Read {
  readonly id: number;
  readonly client: Client;
  readonly key: Json;
  readonly receivedAtMs: number;
}

/** The reads that this node took from clients and has not answered: some wait for a leader, the rest has been asked. */
export class PendingReads {
  readonly #bound: number;
  readonly #waiting = new Map<number, Read>();
  readonly #asked = new Map<number, Read>();
  #nextId = 0;

  /** @param bound reads that may be pending; further ones are not taken */
  constructor(bound: number) {
    this.#bound = bound;
  }

  get size(): number {
    return this.#waiting.size + this.#asked.size;
  }

  get hasWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** False where the bound is reached. */
  add(client: Client, key: Json, nowMs: number): boolean {
    if (this.size >= this.#bound) return false;
    const id = this.#nextId;
    this.#nextId += 1;
    this.#waiting.set(id, { id, client, key, receivedAtMs: nowMs });
    return true;
  }

  /** The reads that wait for a leader; from now on they count as asked. */
  ask(): readonly Read[] {
    const reads = [...this.#waiting.values()];
    for (const read of reads) this.#asked.set(read.id, read);
    this.#waiting.clear();
    return reads;
  }

  /** The read that is served now; undefined where it has been given up. */
  takeServed(id: number): Read | undefined {
    const read = this.#asked.get(id);
    this.#asked.delete(id);
    return read;
  }

  /** The reads that have waited for a leader for `limitMs` or longer. */
  takeLeaderless(nowMs: number, limitMs: number): readonly Read[] {
    return takeOlder(this.#waiting, nowMs, limitMs);
  }

  /** The reads that have been pending for too long. */
  takeExpired(nowMs: number): readonly Read[] {
    return takeOlder(this.#asked, nowMs, pendingLimitMs);
  }

  /** When the oldest reads arrived: the oldest that waits, and the oldest that has been asked. */
  oldest(): { readonly waitingMs: number | undefined; readonly askedMs: number | undefined } {
    const [waiting] = this.#waiting.values();
    const [asked] = this.#asked.values();
    return { waitingMs: waiting?.receivedAtMs, askedMs: asked?.receivedAtMs };
  }
}

function takeOlder(reads: Map<number, Read>, nowMs: number, limitMs: number): readonly Read[] {
  const taken: Read[] = [];
  for (const read of reads.values()) {
    if (nowMs < read.receivedAtMs + limitMs) break;
    taken.push(read);
  }
  for (const { id } of taken) reads.delete(id);
  return taken;
}
