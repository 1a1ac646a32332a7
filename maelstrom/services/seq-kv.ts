import { canonical, jsonEquals } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import type { Random } from '../../src/index.ts';
import { bytesOf, perform, readKvRequest, storeIsFull } from './kv-request.ts';
import type { KvRequest } from './kv-request.ts';
import { maxStoreBytes } from './service.ts';
import type { Service, ServiceReply } from './service.ts';

/** How many states, the newest included, a request may see: as many as under Maelstrom. */
export const maxStates = 32;

/** What a key held from a state on. */
interface Version {
  readonly state: number;
  readonly value: Json;
}

/** A value that a later one took the place of in `state`. */
interface Superseded {
  readonly state: number;
  readonly key: string;
  readonly bytes: number;
}

/**
 * A sequentially consistent store. Writes make states 1, 2, 3, ..., one after the other. A request sees any state, drawn
 * at random, from the one that its client saw last up to the newest: clients read what is long gone, but none ever goes
 * back. A request that would change what it sees is carried out on the newest state instead, for the past cannot be
 * changed; one that changes nothing there (a cas that fails, a write of what is there already) stays in the past. All
 * requests in the order of the states that they saw are therefore one order that explains every answer, and it keeps
 * the order of each client.
 */
export class SeqKv implements Service {
  readonly #random: Random;
  readonly #maxBytes: number;
  /** Of each key, oldest first, all that can still be seen. */
  readonly #versions = new Map<string, Version[]>();
  readonly #superseded: Superseded[] = [];
  /** The state that each client saw last. There are no more clients than nodes and processes. */
  readonly #seen = new Map<string, number>();
  #oldest = 0;
  #newest = 0;
  #bytes = 0;

  constructor(random: Random, maxBytes = maxStoreBytes) {
    this.#random = random;
    this.#maxBytes = maxBytes;
  }

  handle(client: string, body: Readonly<Record<string, unknown>>): ServiceReply {
    const understood = readKvRequest(body);
    if (understood.kind === 'refused') return understood.reply;
    const { request } = understood;
    const earliest = Math.max(this.#seen.get(client) ?? 0, this.#oldest);
    const state = earliest + this.#random.integer(this.#newest - earliest + 1);
    const held = this.#at(state, request.key);
    const { reply, written } = perform(request, held);
    if (isUnchanged(held, written)) {
      this.#seen.set(client, state);
      return reply;
    }
    return this.#handleNow(client, request);
  }

  #handleNow(client: string, request: KvRequest): ServiceReply {
    const held = this.#at(this.#newest, request.key);
    const { reply, written } = perform(request, held);
    if (written !== undefined && !isUnchanged(held, written) && !this.#write(request.key, held, written)) {
      return storeIsFull;
    }
    this.#seen.set(client, this.#newest);
    return reply;
  }

  /** What a key held in a state that can still be seen. */
  #at(state: number, key: Json): Json | undefined {
    return this.#versions.get(canonical(key))?.findLast((version) => version.state <= state)?.value;
  }

  /** Makes a new state. Gives up old ones where there are too many, or no room; returns whether there is room then. */
  #write(key: Json, held: Json | undefined, value: Json): boolean {
    const bytes = bytesOf(key, value);
    const superseded = held === undefined ? 0 : bytesOf(key, held);
    while (this.#bytes + bytes > this.#maxBytes && this.#superseded.length > 0) this.#forget();
    // What is taken the place of now stays for as long as its state can be seen.
    if (this.#bytes + bytes > this.#maxBytes) return false;
    this.#bytes += bytes;
    this.#newest += 1;
    const name = canonical(key);
    const versions = this.#versions.get(name) ?? [];
    versions.push({ state: this.#newest, value });
    this.#versions.set(name, versions);
    this.#superseded.push({ state: this.#newest, key: name, bytes: superseded });
    while (this.#newest - this.#oldest >= maxStates) this.#forget();
    return true;
  }

  /** Gives up the oldest state: what was overwritten right after it is not needed any more. */
  #forget(): void {
    const next = this.#superseded.shift();
    if (next === undefined) throw new Error('assertion: every state after the oldest superseded something');
    this.#oldest = next.state;
    this.#bytes -= next.bytes;
    if (next.bytes > 0) this.#versions.get(next.key)?.shift();
  }
}

function isUnchanged(held: Json | undefined, written: Json | undefined): boolean {
  return written === undefined || (held !== undefined && jsonEquals(held, written));
}
