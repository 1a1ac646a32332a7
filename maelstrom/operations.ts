/** Pairs the events of a history into operations: each invocation with what came back. */
import { jsonEquals } from '../src/json.ts';
import type { Json } from '../src/json.ts';
import { HistoryError } from './history.ts';
import type { Call, HistoryEvent, OperationEvent } from './history.ts';

/** A place in the history. `index` decides what came before what; `timeNs` is for people. */
export interface Moment {
  readonly index: number;
  readonly timeNs: number;
}

/**
 * What is known of the end. An `info` has none: it may take effect at any time after its invocation, even long after
 * the client gave up, or never.
 */
export type Ending =
  | { readonly outcome: 'ok' | 'fail'; readonly completed: Moment }
  | { readonly outcome: 'info'; readonly completed: undefined };

/** One operation of one logical process on one key. */
export type Operation = {
  readonly process: number;
  readonly key: Json;
  readonly invoked: Moment;
} & Call &
  Ending;

interface Pair {
  readonly invocation: OperationEvent;
  completion: OperationEvent | undefined;
}

/**
 * Takes the events of a history one by one and gives its operations. What cannot be paired is a `HistoryError`, for
 * then the history was recorded wrongly and nothing can be concluded from it: a process that invokes twice without a
 * completion, a completion of nothing or of something else, an index or a time that goes backwards.
 */
export class Pairing {
  readonly #pairs: Pair[] = [];
  readonly #open = new Map<number, Pair>();
  #last: Moment = { index: -1, timeNs: 0 };

  /** Takes the next event; `lineNumber` is where it stands, for errors. Events of the nemesis are no operations. */
  add(event: HistoryEvent, lineNumber: number): void {
    if (event.index <= this.#last.index) {
      throw new HistoryError(lineNumber, `index: goes from ${this.#last.index} to ${event.index}`);
    }
    if (event.time < this.#last.timeNs) {
      throw new HistoryError(lineNumber, `time: goes back from ${this.#last.timeNs} to ${event.time}`);
    }
    this.#last = momentOf(event);
    if (event.process === 'nemesis') return;
    if (event.type === 'invoke') {
      this.#invoke(event, lineNumber);
    } else {
      this.#complete(event, lineNumber);
    }
  }

  /** The operations in the order of their invocations. One that was not completed counts as `info`. */
  operations(): readonly Operation[] {
    return this.#pairs.map(operationOf);
  }

  #invoke(event: OperationEvent, lineNumber: number): void {
    if (this.#open.has(event.process)) {
      throw new HistoryError(lineNumber, `process ${event.process} invokes again before its operation completed`);
    }
    const pair: Pair = { invocation: event, completion: undefined };
    this.#pairs.push(pair);
    this.#open.set(event.process, pair);
  }

  #complete(event: OperationEvent, lineNumber: number): void {
    const pair = this.#open.get(event.process);
    if (pair === undefined) {
      throw new HistoryError(lineNumber, `process ${event.process} completes an operation that it did not invoke`);
    }
    const { f, key, value } = pair.invocation;
    if (event.f !== f) {
      throw new HistoryError(lineNumber, `f: process ${event.process} invoked "${f}" and completes "${event.f}"`);
    }
    if (!jsonEquals(event.key, key)) {
      throw new HistoryError(lineNumber, `key: process ${event.process} invoked on ${JSON.stringify(key)}`);
    }
    if (f !== 'read' && !jsonEquals(event.value, value)) {
      throw new HistoryError(lineNumber, `value: process ${event.process} invoked with ${JSON.stringify(value)}`);
    }
    pair.completion = event;
    this.#open.delete(event.process);
  }
}

/** The operations of a history that is in memory. */
export function operationsOf(events: Iterable<HistoryEvent>): readonly Operation[] {
  const pairing = new Pairing();
  let lineNumber = 0;
  for (const event of events) {
    lineNumber += 1;
    pairing.add(event, lineNumber);
  }
  return pairing.operations();
}

function operationOf({ invocation, completion }: Pair): Operation {
  const { process, key } = invocation;
  const begun = { process, key, invoked: momentOf(invocation), ...callOf(completion ?? invocation) };
  if (completion?.type === 'ok' || completion?.type === 'fail') {
    return { ...begun, outcome: completion.type, completed: momentOf(completion) };
  }
  return { ...begun, outcome: 'info', completed: undefined };
}

function callOf(event: OperationEvent): Call {
  return event.f === 'cas' ? { f: event.f, value: event.value } : { f: event.f, value: event.value };
}

function momentOf(event: HistoryEvent): Moment {
  return { index: event.index, timeNs: event.time };
}
