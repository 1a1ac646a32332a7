/**
 * Reads a line as a message, once. Messages of peers are checked completely: a request, a reply, or one of two kinds of
 * wrong message. Requests of clients are left to the edge.
 */
import * as z from 'zod/mini';
import { pathText } from '../services/json.ts';
import { errorCode } from './errors.ts';
import { expected, integer, listOf, name } from './fields.ts';
import { hotBatch, hotMessage, hotUnread, isObject } from './hot-messages.ts';
import type { Batch, UnreadRequest } from './hot-messages.ts';
import { describePeerReply, describePeerRequest } from './peer-bodies.ts';
import type { ReceivedPeerReply, ReceivedPeerRequest } from './peer-bodies.ts';
import { maxBodiesPerBatch } from './limits.ts';
import { request } from './schema.ts';

export interface PeerRequestMessage {
  readonly kind: 'request';
  readonly src: string;
  readonly dest: string;
  readonly body: ReceivedPeerRequest;
}

export interface PeerReplyMessage {
  readonly kind: 'reply';
  readonly src: string;
  readonly dest: string;
  readonly body: ReceivedPeerReply;
}

/** A wrong request that can be answered: its type is unknown (error 10), or it is malformed (error 12). */
export interface RefusedMessage {
  readonly kind: 'refused';
  readonly src: string;
  readonly dest: string;
  /** The `msg_id` of the refused request. */
  readonly inReplyTo: number;
  readonly code: typeof errorCode.notSupported | typeof errorCode.malformedRequest;
  /** The error text for the sender: which field is wrong, and why. */
  readonly text: string;
}

/** A message that cannot be answered: it is not JSON, has no envelope or no `msg_id`, or is a wrong reply. */
export interface UnanswerableMessage {
  readonly kind: 'unanswerable';
  readonly reason: string;
}

/** A message that a line of its own can hold. */
export type SingleMessage =
  | PeerRequestMessage
  | PeerReplyMessage
  | UnreadRequest
  | RefusedMessage
  | UnanswerableMessage;

/**
 * Several messages of one sender in one line (see `packing.ts`). Without messages it is an offer to take such lines.
 */
export interface BatchMessage {
  readonly kind: 'batch';
  readonly src: string;
  readonly dest: string;
  readonly messages: readonly SingleMessage[];
}

export type Message = SingleMessage | BatchMessage;

const tooManyBodies = `expected at most ${maxBodiesPerBatch} bodies`;
const batchSchema = request('batch', {
  bodies: listOf(z.unknown()).check(z.refine((bodies) => bodies.length <= maxBodiesPerBatch, tooManyBodies)),
});

const envelopeSchema = z.object({ src: name, dest: name, body: z.optional(z.unknown()) }, expected('an object'));

/** The part of a body that decides whether it can be answered. A body without `in_reply_to` is a request. */
const headerSchema = z.object(
  { type: z.optional(z.unknown()), msg_id: z.exactOptional(integer), in_reply_to: z.exactOptional(integer) },
  expected('an object'),
);

type Envelope = z.output<typeof envelopeSchema>;

interface MessageWithHeader {
  readonly envelope: Envelope;
  readonly header: z.output<typeof headerSchema>;
}

const maxQuotedLength = 40;

/** Reads one line. Never throws: the result says what is wrong with the line. */
export function parseMessage(line: string): Message {
  const json = parseJson(line);
  if (json === undefined) return { kind: 'unanswerable', reason: 'not JSON' };
  const known = hotSingle(json.value, line.length);
  if (known !== undefined) return known;
  const batch = hotBatch(json.value);
  return batch === undefined ? checkedMessage(json.value, line.length) : openBatch(batch, line.length);
}

function hotSingle(value: unknown, lineLength: number): SingleMessage | undefined {
  return hotMessage(value) ?? hotUnread(value, lineLength);
}

function openBatch({ src, dest, bodies }: Batch, lineLength: number): BatchMessage {
  const messages = bodies.map((body): SingleMessage => {
    const value = { src, dest, body };
    return hotSingle(value, lineLength) ?? checkedSingle(value, lineLength);
  });
  return { kind: 'batch', src, dest, messages };
}

/** The message in a parsed line, checked with the schemas. */
export function checkedMessage(value: unknown, lineLength: number): Message {
  const read = readHeader(value);
  if ('reason' in read) return read;
  return read.header.type === 'batch' ? parseBatch(read, lineLength) : parseSingle(read, lineLength);
}

/** As `checkedMessage`, where a batch is not allowed. */
function checkedSingle(value: unknown, lineLength: number): SingleMessage {
  const read = readHeader(value);
  return 'reason' in read ? read : parseSingle(read, lineLength);
}

function readHeader(value: unknown): MessageWithHeader | UnanswerableMessage {
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success) return { kind: 'unanswerable', reason: issueText(envelope.error, []) };
  const header = headerSchema.safeParse(envelope.data.body);
  if (!header.success) return { kind: 'unanswerable', reason: issueText(header.error, ['body']) };
  return { envelope: envelope.data, header: header.data };
}

function parseSingle({ envelope, header }: MessageWithHeader, lineLength: number): SingleMessage {
  const { type, msg_id, in_reply_to } = header;
  if (in_reply_to !== undefined) return parseReply(envelope, type);
  if (msg_id === undefined) return { kind: 'unanswerable', reason: 'body.msg_id: missing' };
  return parseRequest(envelope, type, msg_id, lineLength);
}

function parseBatch({ envelope, header }: MessageWithHeader, lineLength: number): Message {
  const { src, dest, body } = envelope;
  const parsed = batchSchema.safeParse(body);
  if (parsed.success) return openBatch({ src, dest, bodies: parsed.data.bodies }, lineLength);
  const text = issueText(parsed.error, ['body']);
  if (header.msg_id === undefined) return { kind: 'unanswerable', reason: text };
  return { kind: 'refused', src, dest, inReplyTo: header.msg_id, code: errorCode.malformedRequest, text };
}

function parseRequest(envelope: Envelope, type: unknown, msgId: number, lineLength: number): SingleMessage {
  const { src, dest, body } = envelope;
  const malformed = (text: string): RefusedMessage => {
    return { kind: 'refused', src, dest, inReplyTo: msgId, code: errorCode.malformedRequest, text };
  };
  if (typeof type !== 'string') return malformed(typeFault(type));
  const described = describePeerRequest(type);
  if (described === undefined) {
    return isObject(body) ? { kind: 'unread', src, dest, msgId, type, body, lineLength } : malformed('body: missing');
  }
  const parsed = described.schema.safeParse(body);
  if (!parsed.success) return malformed(issueText(parsed.error, ['body']));
  return { kind: 'request', src, dest, body: parsed.data };
}

/** Reads a reply. A wrong one cannot be answered, because its sender waits for no answer. */
function parseReply(envelope: Envelope, type: unknown): SingleMessage {
  if (typeof type !== 'string') return { kind: 'unanswerable', reason: typeFault(type) };
  const described = describePeerReply(type);
  if (described === undefined) return { kind: 'unanswerable', reason: unknownType(type) };
  const parsed = described.schema.safeParse(envelope.body);
  if (!parsed.success) return { kind: 'unanswerable', reason: issueText(parsed.error, ['body']) };
  return { kind: 'reply', src: envelope.src, dest: envelope.dest, body: parsed.data };
}

function parseJson(line: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) };
  } catch {
    return undefined;
  }
}

function typeFault(type: unknown): string {
  return `body.type: ${type === undefined ? 'missing' : 'expected a string'}`;
}

/** The error text for a type that the receiver does not know. */
export function unknownType(type: string): string {
  return `body.type: unknown type ${JSON.stringify(type.slice(0, maxQuotedLength))}`;
}

/** The first error, with the path of the wrong field before it. */
export function issueText(error: z.core.$ZodError, prefix: readonly string[]): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'malformed';
  const path = pathText([...prefix, ...issue.path]);
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}
