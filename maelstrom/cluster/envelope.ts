import { isClientId } from '../network/client-names.ts';
import { exactly } from '../history/exact.ts';
import { isServiceName } from '../services/names.ts';
import type { ServiceName } from '../services/names.ts';
import type { Body, Message } from './cluster.ts';

/** What a line on a node's stdout is. */
export type Envelope =
  /** What nodes say to each other need not have a type; then it is empty. */
  | { readonly kind: 'to-node'; readonly dest: string; readonly type: string }
  | { readonly kind: 'to-service'; readonly dest: ServiceName; readonly type: string }
  | { readonly kind: 'to-client'; readonly message: Message }
  /** `what` is a clause that follows the node's name. */
  | { readonly kind: 'malformed'; readonly what: string };

/** Who can be written to. */
export interface Addresses {
  readonly nodes: { has(nodeId: string): boolean };
  /** Those that have asked something. */
  readonly clients: { has(clientId: string): boolean };
  /** Whether Maelstrom's services are there; left out, they are not. */
  readonly hasServices?: boolean;
}

/** What a message consists of, and what Maelstrom adds to those that it hands on: a node may send that back. */
const fields: readonly string[] = ['src', 'dest', 'body', 'id'];

/**
 * Reads a line that `nodeId` wrote just far enough to pass it on, with Maelstrom's rules: a message has no other fields
 * than these, what nodes say to each other is an object of any kind, and its src may be somebody else's name (one of
 * Maelstrom's own Raft nodes passes clients' requests on like that); it travels from the node that wrote it all the
 * same. Written by hand, as every message between nodes comes through here; what is in a body is for its reader to
 * check.
 */
export function readEnvelope(line: string, nodeId: string, addresses: Addresses): Envelope {
  const { nodes, clients, hasServices = false } = addresses;
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return malformed('wrote a line to stdout that is not JSON (stdout is for messages; logs belong on stderr)');
  }
  if (!isObject(message)) return malformed('wrote a line to stdout that is not a JSON object');
  const { src, dest, body } = message;
  if (src !== nodeId && !(typeof src === 'string' && (nodes.has(src) || clients.has(src)))) {
    return malformed(`sent a message whose src is ${JSON.stringify(src)}, which is nobody; its own name is ${nodeId}`);
  }
  if (typeof dest !== 'string') return malformed('sent a message without a dest');
  if (!isObject(body)) return malformed('sent a message whose body is not an object');
  const unknown = Object.keys(message).find((field) => !fields.includes(field));
  if (unknown !== undefined) {
    return malformed(`sent a message with a field ${JSON.stringify(unknown)}; it has src, dest and body`);
  }
  const isTyped = isBody(body);
  if (nodes.has(dest)) return { kind: 'to-node', dest, type: isTyped ? body.type : '' };
  if (hasServices && isServiceName(dest)) return { kind: 'to-service', dest, type: isTyped ? body.type : '' };
  if (!clients.has(dest)) return malformed(`sent a message to ${JSON.stringify(dest)}, ${whyNobody(dest)}`);
  if (!isTyped) return malformed('sent a client a message whose body has no type');
  const exact = exactly(line, message);
  const exactBody = isObject(exact) && isObject(exact.body) && isBody(exact.body) ? exact.body : body;
  return { kind: 'to-client', message: { src: nodeId, dest, body: exactBody } };
}

function whyNobody(dest: string): string {
  if (isServiceName(dest)) return 'and that service is not provided here';
  return isClientId(dest) ? 'and there is no such client' : 'and there is no such node';
}

function isObject(value: unknown): value is Readonly<Record<'src' | 'dest' | 'body', unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBody(value: object): value is Body {
  return 'type' in value && typeof value.type === 'string';
}

function malformed(what: string): Envelope {
  return { kind: 'malformed', what };
}
