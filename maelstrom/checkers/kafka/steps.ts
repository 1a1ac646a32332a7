/**
 * The values of kafka's operations, as Jepsen records them (jepsen.tests.kafka): lists of steps, each
 * `["send", key, message]`, which becomes `["send", key, [offset, message]]` once it succeeded, or `["poll"]`, which
 * becomes `["poll", {key: [[offset, message], ...]}]`. In EDN names are keywords, and keys may be numbers.
 */
import type { Json, JsonObject } from '../../../src/services/json.ts';
import { markedText } from '../../history/exact.ts';
import { HistoryError } from '../../history/history.ts';
import type { HistoryEvent } from '../../history/history.ts';

export interface Send {
  readonly kind: 'send';
  readonly key: string;
  readonly message: Json;
  /** Undefined where it was not told. */
  readonly offset: number | undefined;
}

export interface Poll {
  readonly kind: 'poll';
  readonly polled: readonly PolledKey[];
}

export interface PolledKey {
  readonly key: string;
  readonly pairs: readonly (readonly [offset: number, message: Json])[];
}

export type Step = Send | Poll;

/** The steps of an operation that sends or polls. `isDone`: whether it succeeded. */
export function stepsOf(value: Json, isDone: boolean, lineNumber: number): readonly Step[] {
  if (!isList(value)) throw new HistoryError(lineNumber, 'value: expected a list of ["send", ...] and ["poll", ...]');
  return value.map((step) => stepOf(step, isDone, lineNumber));
}

/** The keys that an assign or a subscribe is about. */
export function keysOf(value: Json, lineNumber: number): readonly string[] {
  if (!isList(value)) throw new HistoryError(lineNumber, 'value: expected a list of keys');
  return value.map((key) => keyText(key, lineNumber));
}

/** Whether a history holds steps of this kind. */
export function holdsLogSteps(events: readonly HistoryEvent[]): boolean {
  return events.every(({ process, f, value }) => {
    if (process === 'nemesis' || !(f === 'send' || f === 'poll' || f === 'txn')) return true;
    return isList(value) && value.every((step) => isList(step) && nameOf(step[0]) !== undefined);
  });
}

/** Key -> the highest offset in what an operation brought. */
export function highestOffsets(value: Json): {
  readonly sent: ReadonlyMap<string, number>;
  readonly polled: ReadonlyMap<string, number>;
} {
  const sent = new Map<string, number>();
  const polled = new Map<string, number>();
  const raise = (highest: Map<string, number>, key: string, offset: number) => {
    highest.set(key, Math.max(highest.get(key) ?? -Infinity, offset));
  };
  const isOfSteps = isList(value) && value.every((step) => isList(step) && nameOf(step[0]) !== undefined);
  for (const step of isOfSteps ? stepsOf(value, true, 0) : []) {
    if (step.kind === 'send') {
      if (step.offset !== undefined) raise(sent, step.key, step.offset);
    } else {
      for (const { key, pairs } of step.polled) for (const [offset] of pairs) raise(polled, key, offset);
    }
  }
  return { sent, polled };
}

function stepOf(step: Json, isDone: boolean, lineNumber: number): Step {
  if (!isList(step)) throw new HistoryError(lineNumber, 'value: expected a list of ["send", ...] and ["poll", ...]');
  const [name, first, second] = step;
  switch (nameOf(name)) {
    case 'send':
      if (first === undefined || second === undefined) {
        throw new HistoryError(lineNumber, 'value: expected ["send", key, message], or ["send", key, [offset, message]]');
      }
      return sendOf(keyText(first, lineNumber), second, isDone, lineNumber);
    case 'poll':
      return { kind: 'poll', polled: isDone && first !== undefined ? polledOf(first, lineNumber) : [] };
    case undefined:
      throw new HistoryError(lineNumber, 'value: expected steps that begin with "send" or "poll"');
  }
}

/** Of what did not succeed, the message may stand alone or have a place beside it, which may be null. */
function sendOf(key: string, value: Json, isDone: boolean, lineNumber: number): Send {
  if (isList(value) && value.length === 2) {
    const [offset = null, message = null] = value;
    if (offset === null) return { kind: 'send', key, message, offset: undefined };
    if (isOffset(offset)) return { kind: 'send', key, message, offset };
  }
  if (isDone) throw new HistoryError(lineNumber, 'value: expected ["send", key, [offset, message]]');
  return { kind: 'send', key, message: value, offset: undefined };
}

function polledOf(value: Json, lineNumber: number): readonly PolledKey[] {
  if (!isObject(value)) throw new HistoryError(lineNumber, 'value: expected ["poll", {key: [[offset, message], ...]}]');
  return Object.entries(value).map(([key, pairs]) => {
    if (!isList(pairs) || !pairs.every(isPair)) {
      throw new HistoryError(lineNumber, `value: expected [[offset, message], ...] under the key ${JSON.stringify(key)}`);
    }
    return { key, pairs };
  });
}

function keyText(key: Json, lineNumber: number): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'number') return String(key);
  throw new HistoryError(lineNumber, `value: expected a key that is a text or a number, not ${JSON.stringify(key)}`);
}

function nameOf(name: Json | undefined): Step['kind'] | undefined {
  const text = name === undefined || typeof name === 'string' ? name : markedText(name)?.replace(/^:/, '');
  return text === 'send' || text === 'poll' ? text : undefined;
}

function isPair(pair: Json): pair is readonly [number, Json] {
  return isList(pair) && pair.length === 2 && isOffset(pair[0]);
}

function isOffset(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
