/**
 * What a command of the key-value store is. One place decides it, for the door of a node, which turns others away, and
 * for the state machine, which meets whatever the log holds.
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
      /** Where the key does not exist, it is made, with `to`. */
      readonly createsKey: boolean;
    };

/** Why a value is not a command: `path` leads to the field in it. */
export interface NotACommand extends Fault {
  readonly op: 'invalid';
}

/**
 * Reads a command in either form, object or text (`SET x = 5`). Fields beyond those of the operation are ignored.
 * `null`, the no-op of a new leader, is no command: only leaders log it.
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
 * The text forms: `SET key value`, `SET key = value`, `PUT key value`, `DELETE key`. Words are parted by spaces; the
 * value is the rest of the text, spaces included. Keys and values are strings then, also where they look like numbers.
 */
function parseText(text: string): Command | NotACommand {
  const [verb, operands] = firstWord(text);
  const [key, rest] = firstWord(operands);
  if (verb === 'DELETE') {
    return key !== '' && rest === '' ? { op: 'delete', key } : invalid([], 'expected "DELETE key"');
  }
  if (verb === 'PUT') {
    return rest !== '' ? { op: 'put', key, value: rest } : invalid([], 'expected "PUT key value"');
  }
  if (verb === 'SET') {
    const [sign, afterSign] = firstWord(rest);
    const value = sign === '=' ? afterSign : rest;
    return value !== '' ? { op: 'put', key, value } : invalid([], 'expected "SET key value" or "SET key = value"');
  }
  return invalid([], 'expected a text that begins with SET, PUT or DELETE');
}

/** The text up to its first space, and what follows the spaces there; both are empty where there is nothing. */
function firstWord(text: string): readonly [word: string, rest: string] {
  const end = text.indexOf(' ');
  return end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end).replace(/^ +/, '')];
}

function invalid(path: Fault['path'], reason: string): NotACommand {
  return { op: 'invalid', path, reason };
}
