/**
 * From a message to its line, without the line break, by way of its body. Fields go out in the order of the schemas,
 * whatever the order in the value at hand, so that transcripts read alike.
 */
import type { Entry } from '../raft/messages.ts';
import { describeReply, describeRequest } from './bodies.ts';
import type { ReplyBody, RequestBody } from './bodies.ts';

/** @param body as the functions below make it */
export function encodeLine(src: string, dest: string, body: string): string {
  return `{"src":${JSON.stringify(src)},"dest":${JSON.stringify(dest)},"body":${body}}`;
}

export function encodeRequest(msgId: number, body: RequestBody): string {
  const fields = fieldsText(body, describeRequest(body.type)?.fieldNames ?? []);
  return `{"type":"${body.type}","msg_id":${msgId}${fields}}`;
}

export function encodeReply(inReplyTo: number, msgId: number, body: ReplyBody): string {
  const fields = fieldsText(body, describeReply(body.type)?.fieldNames ?? []);
  return `{"type":"${body.type}","in_reply_to":${inReplyTo},"msg_id":${msgId}${fields}}`;
}

/** A shorter text is made again sooner than it is found again. */
const shortestKeptText = 1024;
const longCommands = new WeakMap<object, string>();

/** A command's JSON. A long one is made once: commands never change. */
export function encodeCommand(command: unknown): string {
  if (typeof command !== 'object' || command === null) return JSON.stringify(command);
  const known = longCommands.get(command);
  if (known !== undefined) return known;
  const text = JSON.stringify(command);
  if (text.length >= shortestKeptText) longCommands.set(command, text);
  return text;
}

interface EncodedEntry {
  readonly entry: Entry;
  readonly text: string;
  readonly sizeBytes: number;
}

/** The entries encoded last, each at the place that its index says. Those that are needed again are the newest. */
const encodedEntries: (EncodedEntry | undefined)[] = new Array<undefined>(4096).fill(undefined);

/** An entry's JSON. It is made once, however many followers a new entry goes to: entries never change. */
export function encodeEntry(entry: Entry): string {
  return encoded(entry).text;
}

/** What an entry takes up in an AppendEntries line, in bytes of UTF-8, the comma after it included. */
export function entrySizeBytes(entry: Entry): number {
  return encoded(entry).sizeBytes;
}

function encoded(entry: Entry): EncodedEntry {
  const place = entry.index % encodedEntries.length;
  const known = encodedEntries[place];
  if (known !== undefined && known.entry === entry) return known;
  const { kind, term, index, command, origin } = entry;
  const kindText = kind === undefined ? '' : `"kind":"${kind}",`;
  const originText = origin === undefined ? '' : `,"origin":{"node":${JSON.stringify(origin.node)},"id":${origin.id}}`;
  const text = `{${kindText}"term":${term},"index":${index},"command":${encodeCommand(command)}${originText}}`;
  const made = { entry, text, sizeBytes: Buffer.byteLength(text) + 1 };
  encodedEntries[place] = made;
  return made;
}

function fieldsText(body: RequestBody | ReplyBody, fieldNames: readonly string[]): string {
  let text = '';
  for (const name of fieldNames) {
    const valueText = fieldText(body, name);
    if (valueText !== undefined) text += `,"${name}":${valueText}`;
  }
  return text;
}

/** A field's JSON; undefined where the body leaves an optional field out. */
function fieldText(body: RequestBody | ReplyBody, name: string): string | undefined {
  if (name === 'entries' && 'entries' in body) return `[${body.entries.map(encodeEntry).join(',')}]`;
  if (name === 'requests' && 'requests' in body) {
    return `[${body.requests.map(({ id, command }) => `{"id":${id},"command":${encodeCommand(command)}}`).join(',')}]`;
  }
  const fields: Readonly<Record<string, unknown>> = body;
  const value = fields[name];
  return Number.isFinite(value) ? `${value}` : JSON.stringify(value);
}
