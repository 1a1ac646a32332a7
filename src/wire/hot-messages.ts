/**
 * The few messages of peers that a busy member lives on, recognized by hand: most of its time would go to the schemas
 * otherwise. The schemas stay the definition. What is recognized here has exactly the fields of its schema and passes it
 * unchanged, which a property test compares; whatever else there is, unknown fields included, is left to them.
 */
import { jsonFault } from '../services/json.ts';
import { maxTerm } from '../raft/ballot.ts';
import { peerRequests } from './peer-bodies.ts';
import type { ReceivedPeerReply, ReceivedPeerRequest } from './peer-bodies.ts';

type Fields = Readonly<Record<string, unknown>>;
type Request<Type extends ReceivedPeerRequest['type']> = Extract<ReceivedPeerRequest, { type: Type }>;

export type HotMessage =
  | { readonly kind: 'request'; readonly src: string; readonly dest: string; readonly body: ReceivedPeerRequest }
  | { readonly kind: 'reply'; readonly src: string; readonly dest: string; readonly body: ReceivedPeerReply };

/** The message that a parsed line holds; undefined where it is not one of these. */
export function hotMessage(value: unknown): HotMessage | undefined {
  if (!isEnvelope(value)) return undefined;
  const { src, dest, body } = value;
  if (isHotRequest(body)) return { kind: 'request', src, dest, body };
  return isHotReply(body) ? { kind: 'reply', src, dest, body } : undefined;
}

/** A request that is no peer's, as its envelope shows it: its body has not been looked at yet. */
export interface UnreadRequest {
  readonly kind: 'unread';
  readonly src: string;
  readonly dest: string;
  readonly msgId: number;
  readonly type: string;
  readonly body: Fields;
  /** Of the line that it came in, in UTF-16 units. */
  readonly lineLength: number;
}

/** The request of a client that a parsed line holds; undefined where that is not plain to see. */
export function hotUnread(value: unknown, lineLength: number): UnreadRequest | undefined {
  if (!isEnvelope(value)) return undefined;
  const { src, dest, body } = value;
  const { type, msg_id: msgId, in_reply_to } = body;
  if (typeof type !== 'string' || !isInteger(msgId) || in_reply_to !== undefined || isOfPeers(type)) return undefined;
  return { kind: 'unread', src, dest, msgId, type, body, lineLength };
}

function isOfPeers(type: string): boolean {
  return type === 'batch' || Object.hasOwn(peerRequests, type);
}

/** Several bodies of one node, none of them looked at yet. */
export interface Batch {
  readonly src: string;
  readonly dest: string;
  readonly bodies: readonly unknown[];
}

/** The same for a line that holds several. */
export function hotBatch(value: unknown): Batch | undefined {
  if (!isEnvelope(value) || value.body['type'] !== 'batch') return undefined;
  const { src, dest, body: { msg_id, bodies } } = value;
  return isInteger(msg_id) && Array.isArray(bodies) ? { src, dest, bodies } : undefined;
}

/** Who says something to whom. */
export interface Envelope {
  readonly src: string;
  readonly dest: string;
  readonly body: Fields;
}

/** Whether a parsed line has an envelope. There may be more in it. */
export function isEnvelope(value: unknown): value is Envelope {
  return isObject(value) && isName(value['src']) && isName(value['dest']) && isObject(value['body']);
}

function isHotRequest(body: Fields): body is Fields & ReceivedPeerRequest {
  if (!isInteger(body['msg_id'])) return false;
  switch (body['type']) {
    case 'append_entries':
      return isAppendEntries(body);
    case 'propose':
      return isPropose(body);
    case 'read_index':
      return isReadIndex(body);
    default:
      return false;
  }
}

function isAppendEntries(body: Fields): body is Fields & Request<'append_entries'> {
  const { entries } = body;
  return (
    isTerm(body['term']) &&
    isName(body['leader_id']) &&
    isInteger(body['prev_log_index']) &&
    isTerm(body['prev_log_term']) &&
    isInteger(body['leader_commit']) &&
    hasFields(body, 8) &&
    Array.isArray(entries) &&
    entries.every(isEntry)
  );
}

function isEntry(value: unknown): boolean {
  if (!isObject(value) || !isTerm(value['term']) || !isInteger(value['index'])) return false;
  if (jsonFault(value['command']) !== undefined) return false;
  return hasFields(value, 3) || (isOrigin(value['origin']) && hasFields(value, 4));
}

function isOrigin(value: unknown): boolean {
  return isObject(value) && isName(value['node']) && isInteger(value['id']) && hasFields(value, 2);
}

function isPropose(body: Fields): body is Fields & Request<'propose'> {
  const { requests } = body;
  return isTerm(body['term']) && hasFields(body, 4) && Array.isArray(requests) && requests.every(isForwarded);
}

function isForwarded(value: unknown): boolean {
  return isObject(value) && isInteger(value['id']) && jsonFault(value['command']) === undefined && hasFields(value, 2);
}

function isReadIndex(body: Fields): body is Fields & Request<'read_index'> {
  return isTerm(body['term']) && hasFields(body, 3);
}

/** Those that bring a leader on: what else peers answer is rare. */
function isHotReply(body: Fields): body is Fields & ReceivedPeerReply {
  if (!isInteger(body['in_reply_to']) || !isInteger(body['msg_id'])) return false;
  switch (body['type']) {
    case 'append_entries_ok':
      return body['success'] === true && isInteger(body['match_index']) && hasFields(body, 5);
    case 'read_index_ok':
      return isTerm(body['term']) && isInteger(body['index']) && hasFields(body, 5);
    default:
      return false;
  }
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether there are no more fields than those that have been looked at. */
function hasFields(value: Fields, count: number): boolean {
  let left = count;
  for (const _ in value) left -= 1;
  return left === 0;
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isTerm(value: unknown): value is number {
  return isInteger(value) && value <= maxTerm;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
