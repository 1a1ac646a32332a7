/**
 * Encodes messages as lines, without line breaks. Fields are written in the order of the schemas, whatever their order
 * in the value, so that all transcripts have the same order.
 */
import type { ForwardedProposal } from '../member/messages.ts';
import type { Entry } from '../raft/messages.ts';
import { jsonStringBytes } from '../services/json-string-bytes.ts';
import { encodedBytes, encodedNumberBytes } from '../services/json.ts';
import { describePeerReply, describePeerRequest } from './peer-bodies.ts';
import type { PeerReplyBody, PeerRequestBody } from './peer-bodies.ts';

/** @param body encoded by one of the functions below */
export function encodeLine(src: string, dest: string, body: string): string {
  return `{"src":${quoted(src)},"dest":${quoted(dest)},"body":${body}}`;
}

/** A string's JSON. For a short one without escapes it is quicker to look than to call `JSON.stringify`. */
function quoted(text: string): string {
  const isPlain = text.length <= longestLookedAt && jsonStringBytes(text) === text.length + 2;
  return isPlain ? `"${text}"` : JSON.stringify(text);
}

const longestLookedAt = 32;

export function encodeRequest(msgId: number, body: PeerRequestBody): string {
  const fields = fieldsText(body, describePeerRequest(body.type)?.fieldNames ?? []);
  return `{"type":"${body.type}","msg_id":${msgId}${fields}}`;
}

export function encodeReply(inReplyTo: number, msgId: number, body: PeerReplyBody): string {
  const fields = fieldsText(body, describePeerReply(body.type)?.fieldNames ?? []);
  return `{"type":"${body.type}","in_reply_to":${inReplyTo},"msg_id":${msgId}${fields}}`;
}

/** A reply of the edge itself. Its fields are written in the order in which they are given. */
export function encodeOwnReply(inReplyTo: number, msgId: number, type: string, fields: EncodableFields): string {
  let text = '';
  for (const name in fields) text += namedFieldText(fields, name);
  return `{"type":${quoted(type)},"in_reply_to":${inReplyTo},"msg_id":${msgId}${text}}`;
}

/** The fields of any body. Those with an encoding of their own are named. */
export type EncodableFields = {
  readonly [name: string]: unknown;
  readonly entries?: readonly Entry[];
  readonly requests?: readonly ForwardedProposal[];
};

interface EncodedEntry {
  readonly entry: Entry;
  readonly text: string;
  readonly sizeBytes: number;
}

/**
 * The most bytes of encoded entries that are kept. Beyond it all of them are dropped: only the newest are needed again,
 * and they are few.
 */
export const maxKeptBytes = 16 * 1024 * 1024;

/** The entries that were encoded last, at the position index modulo 4096. The newest are those that are sent again. */
const encodedEntries: (EncodedEntry | undefined)[] = new Array<undefined>(4096).fill(undefined);
let keptBytes = 0;

/** The longest text of several entries that is kept, in UTF-16 units. */
const maxKeptEntriesLength = 64 * 1024;

/** How many bytes of text are kept for now. */
export function encodedBytesKept(): number {
  return keptBytes;
}

/** An entry as JSON. It is encoded once for all followers, since entries never change. */
export function encodeEntry(entry: Entry): string {
  return encoded(entry).text;
}

const plainEntryBytes = '{"term":,"index":,"command":},'.length;
const kindBytes = '"kind":"",'.length;
const originBytes = ',"origin":{"node":,"id":}'.length;

/**
 * What an entry takes up in an AppendEntries line, in bytes of UTF-8, the comma after it included. Its text is not made:
 * every member measures every entry, and only the leader sends them.
 */
export function entrySizeBytes({ kind, term, index, command, origin }: Entry): number {
  const bytes = plainEntryBytes + encodedNumberBytes(term) + encodedNumberBytes(index) + encodedBytes(command);
  const ofKind = kind === undefined ? 0 : kindBytes + kind.length;
  if (origin === undefined) return bytes + ofKind;
  return bytes + ofKind + originBytes + jsonStringBytes(origin.node) + encodedNumberBytes(origin.id);
}

function encoded(entry: Entry): EncodedEntry {
  const place = entry.index % encodedEntries.length;
  const known = encodedEntries[place];
  if (known !== undefined && known.entry === entry) return known;
  const { kind, term, index, command, origin } = entry;
  const kindText = kind === undefined ? '' : `"kind":"${kind}",`;
  const originText = origin === undefined ? '' : `,"origin":{"node":${quoted(origin.node)},"id":${origin.id}}`;
  const text = `{${kindText}"term":${term},"index":${index},"command":${JSON.stringify(command)}${originText}}`;
  const made = { entry, text, sizeBytes: Buffer.byteLength(text) + 1 };
  keep(made, place);
  return made;
}

function keep(made: EncodedEntry, place: number): void {
  keptBytes += made.sizeBytes - (encodedEntries[place]?.sizeBytes ?? 0);
  encodedEntries[place] = made;
  if (keptBytes <= maxKeptBytes) return;
  encodedEntries.fill(undefined);
  keptBytes = 0;
}

/** The entries encoded last, and their text. */
let lastEntries: readonly Entry[] = [];
let lastEntriesText = '[]';

/** A leader sends all its followers the same entries in a turn: their text is put together once. */
function encodeEntries(entries: readonly Entry[]): string {
  if (isSameList(entries, lastEntries)) return lastEntriesText;
  const text = `[${entries.map(encodeEntry).join(',')}]`;
  const isKept = text.length <= maxKeptEntriesLength;
  lastEntries = isKept ? entries : [];
  lastEntriesText = isKept ? text : '[]';
  return text;
}

function isSameList(some: readonly Entry[], others: readonly Entry[]): boolean {
  return some.length === others.length && some.every((entry, place) => entry === others[place]);
}

function fieldsText(body: EncodableFields, fieldNames: readonly string[]): string {
  let text = '';
  for (const name of fieldNames) text += namedFieldText(body, name);
  return text;
}

/** A field behind others; nothing where the body leaves an optional field out. */
function namedFieldText(body: EncodableFields, name: string): string {
  const valueText = fieldText(body, name);
  return valueText === undefined ? '' : `,"${name}":${valueText}`;
}

/** A field's JSON; undefined where the body leaves an optional field out. */
function fieldText(body: EncodableFields, name: string): string | undefined {
  if (name === 'entries' && body.entries !== undefined) return encodeEntries(body.entries);
  if (name === 'requests' && body.requests !== undefined) {
    return `[${body.requests.map(({ id, command }) => `{"id":${id},"command":${JSON.stringify(command)}}`).join(',')}]`;
  }
  const value = body[name];
  if (typeof value === 'string') return quoted(value);
  return Number.isFinite(value) ? `${value}` : JSON.stringify(value);
}
