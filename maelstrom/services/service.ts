import type { Json } from '../../src/services/json.ts';

/** The body of an answer, without `in_reply_to`. */
export type ServiceReply = { readonly type: string } & { readonly [field: string]: Json };

/**
 * An endpoint that nodes send requests to. It answers every request at once; what takes time is the network. The same
 * requests in the same order, and the same seed, give the same answers.
 */
export interface Service {
  /** `client` is the name that the request came from: a node's, as a rule. */
  handle(client: string, body: Readonly<Record<string, unknown>>): ServiceReply;
}

/** How many bytes of keys and values a store holds at most, as JSON. A write past it is refused with error 11. */
export const maxStoreBytes = 64 * 2 ** 20;
