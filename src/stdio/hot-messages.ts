/**
 * The few messages that a busy node lives on, recognized by hand: most of its time would go to the schemas otherwise.
 * The schemas stay the definition. What is recognized here has exactly the fields of its schema and passes it
 * unchanged, which a property test compares; whatever else there is, unknown fields included, is left to them.
 */
import { jsonFault, maxNesting } from '../services/json.ts';
import type { ReceivedReply, ReceivedRequest } from './bodies.ts';
import { maxTerm } from './fields.ts';

type Fields = Readonly<Record<string, unknown>>;
type Request<Type extends ReceivedRequest['type']> = Extract<ReceivedRequest, { type: Type }>;

export type HotMessage =
  | { readonly kind: 'request'; readonly src: string; readonly dest: string; readonly body: ReceivedRequest }
  | { readonly kind: 'reply'; readonly src: string; readonly dest: string; readonly body: ReceivedReply };

/** The message that a parsed line holds; undefined where it is not one of these. */
export function hotMessage(value: unknown): HotMessage | undefined {
  const envelope = envelopeOf(value);
  if (envelope === undefined) return undefined;
  const { src, dest, body } = envelope;
  if (isHotRequest(body)) return { kind: 'request', src, dest, body };
  return isHotReply(body) ? { kind: 'reply', src, dest, body } : undefined;
}

/** Several bodies of one node, none of them looked at yet. */
export interface Batch {
  readonly src: string;
  readonly dest: string;
  readonly bodies: readonly unknown[];
}

/** The same for a line that holds several. */
export function hotBatch(value: unknown): Batch | undefined {
  const envelope = envelopeOf(value);
  if (envelope === undefined || envelope.body['type'] !== 'batch') return undefined;
  const { src, dest, body: { msg_id, bodies } } = envelope;
  return isInteger(msg_id) && Array.isArray(bodies) ? { src, dest, bodies } : undefined;
}

interface Envelope {
  readonly src: string;
  readonly dest: string;
  readonly body: Fields;
}

function envelopeOf(value: unknown): Envelope | undefined {
  if (!isObject(value)) return undefined;
  const { src, dest, body } = value;
  return isName(src) && isName(dest) && isObject(body) ? { src, dest, body } : undefined;
}

function isHotRequest(body: Fields): body is Fields & ReceivedRequest {
  if (!isInteger(body['msg_id'])) return false;
  switch (body['type']) {
    case 'read':
      return isRead(body);
    case 'write':
      return isWrite(body);
    case 'cas':
      return isCas(body);
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

function isRead(body: Fields): body is Fields & Request<'read'> {
  return isValue(body['key']) && hasFields(body, 3);
}

function isWrite(body: Fields): body is Fields & Request<'write'> {
  return isValue(body['key']) && isValue(body['value']) && hasFields(body, 4);
}

function isCas(body: Fields): body is Fields & Request<'cas'> {
  return isValue(body['key']) && isValue(body['from']) && isValue(body['to']) && hasFields(body, 5);
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
  return isTerm(body['term']) && hasFields(body, 4) && Array.isArray(requests) && requests.every(isHandedOver);
}

function isHandedOver(value: unknown): boolean {
  return isObject(value) && isInteger(value['id']) && jsonFault(value['command']) === undefined && hasFields(value, 2);
}

function isReadIndex(body: Fields): body is Fields & Request<'read_index'> {
  return isTerm(body['term']) && hasFields(body, 3);
}

/** Those that bring a leader on: what else peers answer is rare. */
function isHotReply(body: Fields): body is Fields & ReceivedReply {
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

function isObject(value: unknown): value is Fields {
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

/** A client's key or value. */
function isValue(value: unknown): boolean {
  return jsonFault(value, maxNesting - 1) === undefined;
}
