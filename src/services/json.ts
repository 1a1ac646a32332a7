/**
 * JSON values: which of them this program takes, and when two of them are equal.
 */
import { jsonStringBytes } from './json-string-bytes.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** What is wrong with a value, and where in it. The path `['a', 3]` means what JavaScript calls `.a[3]`. */
export interface Fault {
  readonly path: readonly PathStep[];
  readonly reason: string;
}

export type PathStep = string | number;

/**
 * The deepest nesting that is taken. A string or a number has depth 0, `[]` and `{}` have 1, `[[]]` has 2. The limit
 * keeps recursive code far from the end of the stack.
 */
export const maxNesting = 64;

const maxPathStepLength = 40;

/**
 * Why this program does not take a value; undefined if it does. It refuses a value that nests deeper than `nesting`, an
 * integer beyond 2^53 - 1 in size (a double cannot hold it exactly), a number that is not finite (JSON.parse turns
 * `1e400` into Infinity), and anything that is not JSON. Never recurses deeper than `nesting`.
 */
export function jsonFault(value: unknown, nesting: number = maxNesting): Fault | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return numberFault(value);
  if (typeof value !== 'object') {
    return { path: [], reason: value === undefined ? 'missing' : 'not a JSON value' };
  }
  if (nesting === 0) return { path: [], reason: 'nested too deeply' };
  return membersFault(value, nesting);
}

/** Whether this program takes the value: `jsonFault` finds nothing wrong. */
export function isJson(value: unknown): value is Json {
  return jsonFault(value) === undefined;
}

/** Whether a value is an object, and neither an array nor null. */
export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * How many bytes of UTF-8 the value's JSON takes. No text is made: that would take several times as long. Takes JSON that
 * `jsonFault` finds nothing in.
 */
export function encodedBytes(value: unknown): number {
  if (typeof value === 'string') return jsonStringBytes(value);
  if (typeof value === 'number') return encodedNumberBytes(value);
  if (typeof value !== 'object' || value === null) return value === false ? 5 : 4;
  // A bracket in front, and a comma or a bracket behind each member.
  let bytes = 1;
  if (isRecord(value)) {
    for (const name in value) bytes += jsonStringBytes(name) + encodedBytes(value[name]) + 2;
  } else if (Array.isArray(value)) {
    for (const member of value) bytes += encodedBytes(member) + 1;
  }
  return Math.max(bytes, 2);
}

/** The same for a number: the digits of an integer are counted, as nearly all numbers are. */
export function encodedNumberBytes(value: number): number {
  if (!Number.isSafeInteger(value)) return String(value).length;
  let bytes = value < 0 ? 2 : 1;
  const size = Math.abs(value);
  for (let limit = 10; limit <= size; limit *= 10) bytes += 1;
  return bytes;
}

function numberFault(value: number): Fault | undefined {
  if (!Number.isFinite(value)) return { path: [], reason: 'not a finite number' };
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return { path: [], reason: 'an integer beyond 2^53 - 1 in size' };
  }
  return undefined;
}

/** The path is built only if there is a fault: this runs for every command, and faults are rare. */
function membersFault(value: object, nesting: number): Fault | undefined {
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (let place = 0; place < members.length; place += 1) {
    const fault = jsonFault(members[place], nesting - 1);
    if (fault !== undefined) {
      const step = Array.isArray(value) ? place : (Object.keys(value)[place] ?? '');
      return { path: [step, ...fault.path], reason: fault.reason };
    }
  }
  return undefined;
}

/** A path as text, such as `body.entries[3].term`. Long keys are cut, since a sender chooses them. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') {
      text += `[${step}]`;
    } else {
      const name = String(step).slice(0, maxPathStepLength);
      text += text === '' ? name : `.${name}`;
    }
  }
  return text;
}

/**
 * A text that is the same for two values exactly when they are equal: object keys are sorted, and -0 is 0. Takes only
 * values that `isJson` accepts; a very deep value could exhaust the stack.
 */
export function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

/**
 * Whether two values are equal. The order of an array counts, the order of an object's keys does not. `1` and `"1"`
 * differ. Takes only values that `isJson` accepts.
 */
export function jsonEquals(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return false;
  if (isArray(left)) return isArray(right) && arraysEqual(left, right);
  return !isArray(right) && objectsEqual(left, right);
}

function arraysEqual(left: readonly Json[], right: readonly Json[]): boolean {
  return (
    left.length === right.length &&
    left.every((element, index) => {
      const other = right[index];
      return other !== undefined && jsonEquals(element, other);
    })
  );
}

function objectsEqual(left: JsonObject, right: JsonObject): boolean {
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => {
      const [own, other] = [left[key], right[key]];
      return Object.hasOwn(right, key) && own !== undefined && other !== undefined && jsonEquals(own, other);
    })
  );
}

function isRecord(value: object): value is Readonly<Record<string, unknown>> {
  return !Array.isArray(value);
}

// Array.isArray does not narrow a readonly array out of a union.
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
