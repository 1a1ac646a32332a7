import { canonical } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import { bytesOf, perform, readKvRequest, storeIsFull } from './kv-request.ts';
import { maxStoreBytes } from './service.ts';
import type { Service, ServiceReply } from './service.ts';

/** A linearizable store: every request takes effect at one moment, when it arrives. */
export class LinKv implements Service {
  readonly #maxBytes: number;
  readonly #values = new Map<string, Json>();
  #bytes = 0;

  constructor(maxBytes = maxStoreBytes) {
    this.#maxBytes = maxBytes;
  }

  handle(_client: string, body: Readonly<Record<string, unknown>>): ServiceReply {
    const understood = readKvRequest(body);
    if (understood.kind === 'refused') return understood.reply;
    const { request } = understood;
    const key = canonical(request.key);
    const held = this.#values.get(key);
    const { reply, written } = perform(request, held);
    if (written === undefined) return reply;
    const bytes = this.#bytes + bytesOf(request.key, written) - (held === undefined ? 0 : bytesOf(request.key, held));
    if (bytes > this.#maxBytes) return storeIsFull;
    this.#values.set(key, written);
    this.#bytes = bytes;
    return reply;
  }
}
