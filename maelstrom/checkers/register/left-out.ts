/** What a verdict does not rest on: operations that say nothing of the values. */
import type { Operation } from '../../history/operations.ts';
import { constrains } from './part.ts';

export interface LeftOut {
  /** They certainly did not happen, and their error does not say what was there. */
  readonly failed: number;
  /** Reads that did not come back. */
  readonly unansweredReads: number;
}

export function leftOutOf(operations: readonly Operation[]): LeftOut {
  const others = operations.filter((operation) => !constrains(operation));
  const failed = others.filter(({ outcome }) => outcome === 'fail').length;
  return { failed, unansweredReads: others.length - failed };
}

/** A line for people; none where nothing was left out. */
export function leftOutLines({ failed, unansweredReads }: LeftOut): readonly string[] {
  const parts = [
    ...(failed > 0 ? [`${counted(failed, 'operation')} that failed without saying what was there`] : []),
    ...(unansweredReads > 0 ? [`${counted(unansweredReads, 'read')} without an answer`] : []),
  ];
  return parts.length === 0 ? [] : [`left out, for they say nothing of the values: ${parts.join(', ')}`];
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
