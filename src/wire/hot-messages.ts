/**
 * Recognizes the most frequent messages without the schemas, which would take most of the time of a busy member. The
 * schemas remain the definition: a message is recognized here only if it has exactly the fields of its schema, and it
 * passes unchanged. A property test compares both. Everything else is left to the schemas, also messages with unknown
 * fields.
 */
import { jsonFault } from '../services/json.ts';
import { maxTerm } from '../raft/ballot.ts';
import { maxBodiesPerBatch, maxNodeIdLength } from './limits.ts';
import { peerRequests } from './peer-bodies.ts';
import type { ReceivedPeerReply, ReceivedPeerRequest } from './peer-bodies.ts';

type Fields = Readonly<Record<string, unknown>>;
type Request<Type extends ReceivedPeerRequest['type']> = Extract<ReceivedPeerRequest, { type: Type }>;

export type HotMessage =
  | { readonly kind: 'request'; readonly src: string; readonly dest: string; readonly body: ReceivedPeerRequest }
  | { readonly kind: 'reply'; readonly src: string; readonly dest: string; readonly body: ReceivedPeerReply };

/** The message in a parsed line. Undefined if it is not one of the frequent ones. */
export function hotMessage(value: unknown): HotMessage | undefined {
  if (!isEnvelope(value)) return undefined;
  const { src, dest, body } = value;
  if (isHotRequest(body)) return { kind: 'request', src, dest, body };
  return isHotReply(body) ? { kind: 'reply', src, dest, body } : undefined;
}

/** A request that is not a peer's. Only its envelope has been read. */
export interface UnreadRequest {
  readonly kind: 'unread';
  readonly src: string;
  readonly dest: string;
  readonly msgId: number;
  readonly type: string;
  readonly body: Fields;
  /** The length of its line in UTF-16 units. */
  readonly lineLength: number;
}

/** The client's request in a parsed line. Undefined if it is not certain to be one. */
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

/** Several bodies of one sender. None of them has been read yet. */
export interface Batch {
  readonly src: string;
  readonly dest: string;
  readonly bodies: readonly unknown[];
}

/** The batch in a parsed line. Undefined if it is not certain to be one. */
export function hotBatch(value: unknown): Batch | undefined {
  if (!isEnvelope(value) || value.body['type'] !== 'batch') return undefined;
  const { src, dest, body: { msg_id, bodies } } = value;
  const isKnown = isInteger(msg_id) && Array.isArray(bodies) && bodies.length <= maxBodiesPerBatch;
  return isKnown ? { src, dest, bodies } : undefined;
}

/** The sender and the receiver of a message. */
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
    hasFieldsAndFounders(body, 8) &&
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
  return isTerm(body['term']) && hasFieldsAndFounders(body, 4) && Array.isArray(requests) && requests.every(isForwarded);
}

function isForwarded(value: unknown): boolean {
  return isObject(value) && isInteger(value['id']) && jsonFault(value['command']) === undefined && hasFields(value, 2);
}

function isReadIndex(body: Fields): body is Fields & Request<'read_index'> {
  return isTerm(body['term']) && hasFieldsAndFounders(body, 3);
}

/** The replies that advance a leader. Other replies of peers are rare. */
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

/** Whether the object has exactly this number of fields. */
function hasFields(value: Fields, count: number): boolean {
  let left = count;
  for (const _ in value) left -= 1;
  return left === 0;
}

/** The same where the sender may show the founders of its cluster. */
function hasFieldsAndFounders(value: Fields, count: number): boolean {
  const { founders } = value;
  if (founders === undefined) return hasFields(value, count);
  return Array.isArray(founders) && founders.every(isName) && hasFields(value, count + 1);
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isTerm(value: unknown): value is number {
  return isInteger(value) && value <= maxTerm;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maxNodeIdLength;
}
