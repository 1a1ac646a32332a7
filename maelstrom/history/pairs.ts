/** Pairs the events of a history: each invocation with what came back. */
import { jsonEquals } from '../../src/services/json.ts';
import { HistoryError } from './history.ts';
import type { HistoryEvent, OperationEvent } from './history.ts';

/** One operation of one logical process. */
export interface Pair {
  readonly invocation: OperationEvent;
  /** Undefined where nothing came back until the history ended. */
  readonly completion: OperationEvent | undefined;
  /** Where they stand, for errors; 0 for a completion that is not there. */
  readonly invocationLine: number;
  readonly completionLine: number;
}

/** The line (from 1) on which the event at a place (from 0) stands; by default each event has a line. */
export type LineNumberOf = (place: number) => number;

const oneLineEach: LineNumberOf = (place) => place + 1;

/**
 * The operations of a history, in the order of their invocations. Events of the nemesis are none. What cannot be paired
 * is a `HistoryError`, for then the history was recorded wrongly and nothing can be concluded from it: a process that
 * invokes twice without a completion, a completion of nothing or of something else, an index or a time that goes
 * backwards.
 */
export function pairsOf(events: readonly HistoryEvent[], lineNumberOf: LineNumberOf = oneLineEach): readonly Pair[] {
  const pairs: Writable<Pair>[] = [];
  const open = new Map<number, Writable<Pair>>();
  let last = { index: -1, time: 0 };
  for (const [place, event] of events.entries()) {
    const lineNumber = lineNumberOf(place);
    checkOrder(last, event, lineNumber);
    last = event;
    if (event.process === 'nemesis') continue;
    const pair = open.get(event.process);
    if (event.type === 'invoke') {
      if (pair !== undefined) {
        throw new HistoryError(lineNumber, `process ${event.process} invokes again before its operation completed`);
      }
      const begun = { invocation: event, completion: undefined, invocationLine: lineNumber, completionLine: 0 };
      pairs.push(begun);
      open.set(event.process, begun);
    } else {
      if (pair === undefined) {
        throw new HistoryError(lineNumber, `process ${event.process} completes an operation that it did not invoke`);
      }
      checkFits(pair.invocation, event, lineNumber);
      pair.completion = event;
      pair.completionLine = lineNumber;
      open.delete(event.process);
    }
  }
  return pairs;
}

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

interface Stamped {
  readonly index: number;
  readonly time: number;
}

function checkOrder(last: Stamped, event: Stamped, lineNumber: number): void {
  if (event.index <= last.index) {
    throw new HistoryError(lineNumber, `index: goes from ${last.index} to ${event.index}`);
  }
  if (event.time < last.time) {
    throw new HistoryError(lineNumber, `time: goes back from ${last.time} to ${event.time}`);
  }
}

function checkFits({ process, f, key }: OperationEvent, completion: OperationEvent, lineNumber: number): void {
  if (completion.f !== f) {
    throw new HistoryError(lineNumber, `f: process ${process} invoked "${f}" and completes "${completion.f}"`);
  }
  const isSameKey =
    key === undefined || completion.key === undefined ? key === completion.key : jsonEquals(completion.key, key);
  if (!isSameKey) throw new HistoryError(lineNumber, `key: process ${process} invoked on ${JSON.stringify(key)}`);
}
