/** Events of a run in a form that a person can follow. */
import { isObject } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';
import type { Note } from './trace.ts';

const maxLength = 160;

/** One line: when, who, what. */
export function describeNote({ atMs, nodeId, what }: Note): string {
  return `${(atMs / 1000).toFixed(4).padStart(9)} s  ${(nodeId ?? '').padEnd(4)} ${readable(what)}`;
}

/** A message is told by its fields; anything else is said in words already. */
function readable(what: string): string {
  const message = /^(gets|sends) (\{.*\})$/.exec(what);
  if (message === null) return what;
  const [, direction = '', line = ''] = message;
  const text = direction === 'gets' ? `<- ${describeLine(line, 'src')}` : `-> ${describeLine(line, 'dest')}`;
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}...`;
}

function describeLine(line: string, otherSide: 'src' | 'dest'): string {
  const message: Json = JSON.parse(line);
  if (!isObject(message)) return line;
  const { body } = message;
  if (body === undefined || !isObject(body)) return line;
  const { type, msg_id, in_reply_to, ...fields } = body;
  const numbers = [msg_id === undefined ? '' : `#${String(msg_id)}`, in_reply_to === undefined ? '' : `to #${String(in_reply_to)}`];
  const texts = Object.entries(fields).map(([name, value]) => `${name} ${describeValue(value)}`);
  return [`${String(message[otherSide])}: ${String(type)}`, ...numbers.filter((text) => text !== ''), ...texts].join(' ');
}

/** Entries by their places. */
function describeValue(value: Json): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  const places = value.map((entry: Json) => {
    if (entry === null || typeof entry !== 'object' || Array.isArray(entry) || !isObject(entry)) return JSON.stringify(entry);
    const { index, term, id } = entry;
    return index === undefined ? `#${String(id)}` : `${String(index)}@${String(term)}`;
  });
  return places.length === 0 ? '-' : places.join(',');
}
