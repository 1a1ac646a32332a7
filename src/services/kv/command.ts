/**
 * The commands of the key-value store. A node uses this to refuse other values from clients. The state machine uses it
 * for whatever the log holds.
 */
import { isJson, isObject, jsonFault } from '../json.ts';
import type { Fault, Json, JsonObject } from '../json.ts';

export type Command =
  | { readonly op: 'put'; readonly key: Json; readonly value: Json }
  | { readonly op: 'delete'; readonly key: Json }
  | {
      readonly op: 'cas';
      readonly key: Json;
      readonly from: Json;
      readonly to: Json;
      /** Whether a key that does not exist is created with the value `to`. */
      readonly createsKey: boolean;
    };

/** Why a value is not a command. `path` leads to the wrong field. */
export interface NotACommand extends Fault {
  readonly op: 'invalid';
}

/**
 * Reads a command, as an object or as a text (`SET x = 5`). Fields that the operation does not need are ignored. `null`
 * is not a command: it is the no-op that a new leader appends.
 */
export function parseCommand(value: unknown): Command | NotACommand {
  if (!isJson(value)) return { op: 'invalid', path: [], reason: 'not a JSON value', ...jsonFault(value) };
  if (typeof value === 'string') return parseText(value);
  return isObject(value) ? parseFields(value) : invalid([], 'expected a command, an object or a text');
}

function parseFields(fields: JsonObject): Command | NotACommand {
  const { op, key, value, from, to, create_if_not_exists } = fields;
  if (op !== 'put' && op !== 'delete' && op !== 'cas') {
    return invalid(['op'], op === undefined ? 'missing' : 'expected "put", "delete" or "cas"');
  }
  if (key === undefined) return invalid(['key'], 'missing');
  switch (op) {
    case 'delete':
      return { op, key };
    case 'put':
      return value === undefined ? invalid(['value'], 'missing') : { op, key, value };
    case 'cas':
      if (from === undefined || to === undefined) {
        return invalid([from === undefined ? 'from' : 'to'], 'missing');
      }
      return { op, key, from, to, createsKey: create_if_not_exists === true };
  }
}

/**
 * Reads a command as text: `SET key value`, `SET key = value`, `PUT key value` or `DELETE key`. Spaces separate the
 * words. The value is the rest of the text, with its spaces. Keys and values are strings, even if they look like
 * numbers.
 */
function parseText(text: string): Command | NotACommand {
  const [verb, operands] = firstWord(text);
  const [word, rest] = firstWord(operands);
  const key = keptOf(word, text);
  if (verb === 'DELETE') {
    return key !== '' && rest === '' ? { op: 'delete', key } : invalid([], 'expected "DELETE key"');
  }
  if (verb === 'PUT') {
    return rest !== '' ? { op: 'put', key, value: keptOf(rest, text) } : invalid([], 'expected "PUT key value"');
  }
  if (verb === 'SET') {
    const [sign, afterSign] = firstWord(rest);
    const value = sign === '=' ? afterSign : rest;
    if (value === '') return invalid([], 'expected "SET key value" or "SET key = value"');
    return { op: 'put', key, value: keptOf(value, text) };
  }
  return invalid([], 'expected a text that begins with SET, PUT or DELETE');
}

/** The text before the first space, and the text after the spaces. Either may be empty. */
function firstWord(text: string): readonly [word: string, rest: string] {
  const end = text.indexOf(' ');
  return end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end).replace(/^ +/, '')];
}

/** How much longer than a part of it a text may be that is kept in memory for it. */
const maxExcess = 64;

/** V8 keeps a whole text in memory for a part of it. So a part of a much longer text is copied. */
function keptOf(part: string, text: string): string {
  return text.length - part.length <= maxExcess ? part : JSON.parse(JSON.stringify(part));
}

function invalid(path: Fault['path'], reason: string): NotACommand {
  return { op: 'invalid', path, reason };
}
