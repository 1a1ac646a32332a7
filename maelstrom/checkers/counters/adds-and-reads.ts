import type { Json } from '../../../src/services/json.ts';
import { HistoryError } from '../../history/history.ts';
import type { OperationEvent } from '../../history/history.ts';
import type { Pair } from '../../history/pairs.ts';

export interface Read {
  readonly event: OperationEvent;
  readonly value: number;
  readonly isFinal: boolean;
  /** What the counter could be at most, and at least, when the read was answered: by all adds that had begun by then. */
  readonly low: number;
  readonly high: number;
}

export interface AddsAndReads {
  readonly addCount: number;
  /** Whether nothing was taken away. */
  readonly onlyGrows: boolean;
  /** The sum of all adds that were acknowledged. */
  readonly certain: number;
  /** The adds that may or may not have taken effect. */
  readonly doubtful: readonly number[];
  /** Those that succeeded, in the order of their answers. */
  readonly reads: readonly Read[];
}

/** What was added and read. Of an add that certainly failed nothing remains. */
export function addsAndReads(pairs: readonly Pair[]): AddsAndReads {
  const certain: number[] = [];
  const doubtful: number[] = [];
  const reads: Read[] = [];
  let [low, high] = [0, 0];
  for (const { pair, isEnd } of moments(pairs)) {
    const { invocation, completion, invocationLine, completionLine } = pair;
    if (invocation.f === 'add') {
      if (isEnd) continue;
      const delta = wholeNumber(invocation.value, invocationLine);
      if (completion?.type === 'fail') continue;
      if (completion?.type === 'ok') certain.push(delta);
      else doubtful.push(delta);
      if (delta < 0) low += delta;
      else high += delta;
    } else if (invocation.f !== 'read') {
      throw new HistoryError(invocationLine, 'f: expected "add" or "read"');
    } else if (isEnd && completion?.type === 'ok') {
      const isFinal = invocation.final === true || completion.final === true;
      reads.push({ event: completion, value: wholeNumber(completion.value, completionLine), isFinal, low, high });
    }
  }
  const sum = certain.reduce((total, delta) => total + delta, 0);
  return { addCount: certain.length + doubtful.length, onlyGrows: low === 0, certain: sum, doubtful, reads };
}

interface Moment {
  readonly index: number;
  readonly pair: Pair;
  readonly isEnd: boolean;
}

function moments(pairs: readonly Pair[]): readonly Moment[] {
  const all = pairs.flatMap((pair): readonly Moment[] => {
    const begin = { index: pair.invocation.index, pair, isEnd: false };
    return pair.completion === undefined ? [begin] : [begin, { index: pair.completion.index, pair, isEnd: true }];
  });
  return all.toSorted((left, right) => left.index - right.index);
}

function wholeNumber(value: Json, lineNumber: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new HistoryError(lineNumber, `value: expected a whole number, not ${JSON.stringify(value)}`);
}
