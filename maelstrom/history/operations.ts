/** What the checker of registers works on: operations, each with its beginning and what is known of its end. */
import { jsonEquals } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import { HistoryError } from './history.ts';
import type { Call, HistoryEvent, OperationEvent } from './history.ts';
import { foundBy } from './found.ts';
import type { Found } from './found.ts';
import { pairsOf } from './pairs.ts';
import type { LineNumberOf, Pair } from './pairs.ts';

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
  | { readonly outcome: 'ok'; readonly completed: Moment }
  | { readonly outcome: 'fail'; readonly completed: Moment; /** What it found there, where its error says so. */ readonly found?: Found }
  | { readonly outcome: 'info'; readonly completed: undefined };

/** One operation of one logical process on one key. */
export type Operation = {
  readonly process: number;
  readonly key: Json;
  readonly invoked: Moment;
} & Call &
  Ending;

/**
 * The operations of a history of registers. A `HistoryError` where it is none, or was recorded wrongly (see `pairsOf`):
 * an operation without a key, one that registers do not have, a completion with another value than was invoked.
 */
export function operationsOf(events: readonly HistoryEvent[], lineNumberOf?: LineNumberOf): readonly Operation[] {
  return pairsOf(events, lineNumberOf).map(operationOf);
}

function operationOf({ invocation, completion, invocationLine, completionLine }: Pair): Operation {
  const { process, f, value, key } = invocation;
  const asked = callOf(invocation, invocationLine);
  if (key === undefined) throw new HistoryError(invocationLine, 'key: missing');
  const begun = { process, key, invoked: momentOf(invocation) };
  if (completion === undefined) return { ...begun, ...asked, outcome: 'info', completed: undefined };
  if (f !== 'read' && !jsonEquals(completion.value, value)) {
    throw new HistoryError(completionLine, `value: process ${process} invoked with ${JSON.stringify(value)}`);
  }
  const call = callOf(completion, completionLine);
  const completed = momentOf(completion);
  switch (completion.type) {
    case 'ok':
      return { ...begun, ...call, outcome: 'ok', completed };
    case 'fail':
      return { ...begun, ...failed(call, foundBy(completion.error)), completed };
    default:
      return { ...begun, ...call, outcome: 'info', completed: undefined };
  }
}

/** A read that was told that there is no key has seen that nothing is there. */
function failed(call: Call, found: Found | undefined): Call & ({ readonly outcome: 'ok' } | { readonly outcome: 'fail'; readonly found?: Found }) {
  if (call.f === 'read') return found === 'nothing' ? { f: 'read', value: null, outcome: 'ok' } : { ...call, outcome: 'fail' };
  return found === undefined || call.f === 'write' ? { ...call, outcome: 'fail' } : { ...call, outcome: 'fail', found };
}

function callOf({ f, value }: OperationEvent, lineNumber: number): Call {
  switch (f) {
    case 'read':
    case 'write':
      return { f, value };
    case 'cas':
      if (isPair(value)) return { f, value };
      throw new HistoryError(lineNumber, 'value: expected [from, to]');
    default:
      throw new HistoryError(lineNumber, 'f: expected "read", "write" or "cas"');
  }
}

function isPair(value: Json): value is readonly [Json, Json] {
  return Array.isArray(value) && value.length === 2;
}

function momentOf(event: HistoryEvent): Moment {
  return { index: event.index, timeNs: event.time };
}
