/**
 * From a line to a message: read once, checked, and known to be a request, a reply, or one of the two kinds of wrong.
 */
import * as z from 'zod/mini';
import { pathText } from '../json.ts';
import { describeReply, describeRequest } from './bodies.ts';
import type { ReceivedReply, ReceivedRequest } from './bodies.ts';
import { commandTooLong } from './door.ts';
import { errorCode } from './errors.ts';
import { expected, integer, name } from './fields.ts';
import { hotMessage } from './hot-messages.ts';
import { maxCommandBytes } from './limits.ts';

export interface RequestMessage {
  readonly kind: 'request';
  readonly src: string;
  readonly dest: string;
  readonly body: ReceivedRequest;
}

export interface ReplyMessage {
  readonly kind: 'reply';
  readonly src: string;
  readonly dest: string;
  readonly body: ReceivedReply;
}

/** A wrong request whose sender can be told so: an unknown type (10) or a malformed one (12). */
export interface RefusedMessage {
  readonly kind: 'refused';
  readonly src: string;
  readonly dest: string;
  /** The number of the refused request. */
  readonly inReplyTo: number;
  readonly code: typeof errorCode.notSupported | typeof errorCode.malformedRequest;
  /** For the sender: the path of the field and what is wrong with it. */
  readonly text: string;
}

/** What nobody can be told about: no JSON, no envelope, no `msg_id`, or a wrong reply. */
export interface UnanswerableMessage {
  readonly kind: 'unanswerable';
  readonly reason: string;
}

export type Message = RequestMessage | ReplyMessage | RefusedMessage | UnanswerableMessage;

const envelopeSchema = z.object({ src: name, dest: name, body: z.optional(z.unknown()) }, expected('an object'));

/** What decides whether a body can be answered: a request is what has no `in_reply_to`. */
const headerSchema = z.object(
  { type: z.optional(z.unknown()), msg_id: z.exactOptional(integer), in_reply_to: z.exactOptional(integer) },
  expected('an object'),
);

type Envelope = z.output<typeof envelopeSchema>;

const maxQuotedLength = 40;

/** Reads one line. Never throws: what is wrong with the line is part of the result. */
export function parseMessage(line: string): Message {
  const json = parseJson(line);
  if (json === undefined) return { kind: 'unanswerable', reason: 'not JSON' };
  const hot = hotMessage(json.value);
  const isWhole = hot !== undefined && (hot.kind === 'reply' || !commandTooLong(hot.body, line.length));
  return isWhole ? hot : checkedMessage(json.value, line.length);
}

/** The message that a parsed line holds, as the schemas see it. */
export function checkedMessage(value: unknown, lineLength: number): Message {
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success) return { kind: 'unanswerable', reason: issueText(envelope.error, []) };
  const header = headerSchema.safeParse(envelope.data.body);
  if (!header.success) return { kind: 'unanswerable', reason: issueText(header.error, ['body']) };
  const { type, msg_id, in_reply_to } = header.data;
  if (in_reply_to !== undefined) return parseReply(envelope.data, type);
  if (msg_id === undefined) return { kind: 'unanswerable', reason: 'body.msg_id: missing' };
  return parseRequest(envelope.data, type, msg_id, lineLength);
}

function parseRequest(envelope: Envelope, type: unknown, msgId: number, lineLength: number): Message {
  const { src, dest } = envelope;
  const refused = (code: RefusedMessage['code'], text: string): RefusedMessage => {
    return { kind: 'refused', src, dest, inReplyTo: msgId, code, text };
  };
  if (typeof type !== 'string') return refused(errorCode.malformedRequest, typeFault(type));
  const described = describeRequest(type);
  if (described === undefined) return refused(errorCode.notSupported, unknownType(type));
  const parsed = described.schema.safeParse(envelope.body);
  if (!parsed.success) return refused(errorCode.malformedRequest, issueText(parsed.error, ['body']));
  if (commandTooLong(parsed.data, lineLength)) {
    return refused(errorCode.malformedRequest, `body: a command longer than ${maxCommandBytes} bytes`);
  }
  return { kind: 'request', src, dest, body: parsed.data };
}

/** A wrong reply cannot be answered: its sender awaits nothing. */
function parseReply(envelope: Envelope, type: unknown): Message {
  if (typeof type !== 'string') return { kind: 'unanswerable', reason: typeFault(type) };
  const described = describeReply(type);
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

function unknownType(type: string): string {
  return `body.type: unknown type ${JSON.stringify(type.slice(0, maxQuotedLength))}`;
}

function issueText(error: z.core.$ZodError, prefix: readonly string[]): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'malformed';
  const path = pathText([...prefix, ...issue.path]);
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}
