import { isClientId } from './client-names.ts';
import type { Body, Message } from './cluster.ts';

/** What a line on a node's stdout is. */
export type Envelope =
  | { readonly kind: 'to-node'; readonly dest: string; readonly type: string }
  | { readonly kind: 'to-client'; readonly message: Message }
  /** `what` is a clause that follows the node's name. */
  | { readonly kind: 'malformed'; readonly what: string };

/**
 * Reads a line that `nodeId` wrote just far enough to pass it on. Written by hand, as every message between nodes comes
 * through here; what is in a body is for its reader to check.
 */
export function readEnvelope(line: string, nodeId: string, nodes: ReadonlyMap<string, unknown>): Envelope {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return malformed('wrote a line to stdout that is not JSON (stdout is for messages; logs belong on stderr)');
  }
  if (!isObject(message)) return malformed('wrote a line to stdout that is not a JSON object');
  const { src, dest, body } = message;
  if (src !== nodeId) return malformed(`sent a message whose src is ${JSON.stringify(src)} and not its own name`);
  if (typeof dest !== 'string') return malformed('sent a message without a dest');
  if (!isBody(body)) return malformed('sent a message whose body is not an object with a type');
  if (nodes.has(dest)) return { kind: 'to-node', dest, type: body.type };
  if (isClientId(dest)) return { kind: 'to-client', message: { src, dest, body } };
  return malformed(`sent a message to ${JSON.stringify(dest)}, and there is no such node`);
}

function isObject(value: unknown): value is Readonly<Record<'src' | 'dest' | 'body', unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function malformed(what: string): Envelope {
  return { kind: 'malformed', what };
}
