import { identityOf } from './identity.ts';
import type { Identity } from './identity.ts';
import type { Step, Transaction } from './transaction.ts';

/** What a transaction saw of a key that others had made of it: the list as it was before its own appends. */
export interface ListRead {
  /** The transaction, by its place in the history. */
  readonly place: number;
  readonly key: number;
  readonly list: readonly Identity[];
  /** Whether it went on to append to the key after it had read it. */
  isThenWritten: boolean;
}

/** A read that does not fit what the transaction itself had done before. */
export interface Misread {
  readonly kind: 'internal' | 'future-read';
  readonly step: number;
  /** What had to be at the end of the list, or the whole of it. */
  readonly expected: readonly Identity[];
  readonly isWhole: boolean;
}

/** What is known of a key within a transaction. */
interface Known {
  /** The list before the first own append; undefined until something is read. */
  before: readonly Identity[] | undefined;
  readonly own: Identity[];
  read: ListRead | undefined;
}

/**
 * Goes through the steps of a successful transaction. A read must show what the one before it showed, and what the
 * transaction appended since, at its end; and nothing that the transaction only appends later.
 */
export function listReadsOf(
  place: number,
  { steps }: Transaction,
  onMisread: (misread: Misread) => void,
): readonly ListRead[] {
  const byKey = new Map<number, Known>();
  const reads: ListRead[] = [];
  for (const [number, step] of steps.entries()) {
    let known = byKey.get(step.key);
    if (known === undefined) {
      known = { before: undefined, own: [], read: undefined };
      byKey.set(step.key, known);
    }
    if (step.f === 'write') {
      known.own.push(identityOf(step.value));
      if (known.read !== undefined) known.read.isThenWritten = true;
      continue;
    }
    const list = listOf(step);
    if (seesLater(list, steps, number)) {
      onMisread({ kind: 'future-read', step: number, expected: [], isWhole: false });
      if (known.before === undefined) continue;
    }
    if (known.before !== undefined) {
      const expected = [...known.before, ...known.own];
      if (!isSame(list, expected)) onMisread({ kind: 'internal', step: number, expected, isWhole: true });
      continue;
    }
    if (!endsWith(list, known.own)) {
      onMisread({ kind: 'internal', step: number, expected: [...known.own], isWhole: false });
      continue;
    }
    known.before = known.own.length === 0 ? list : list.slice(0, list.length - known.own.length);
    known.read = { place, key: step.key, list: known.before, isThenWritten: false };
    reads.push(known.read);
  }
  return reads;
}

export function listOf(step: Step): readonly Identity[] {
  return step.f === 'read' && Array.isArray(step.result) ? step.result.map(identityOf) : [];
}

function seesLater(list: readonly Identity[], steps: readonly Step[], number: number): boolean {
  const key = steps[number]?.key;
  return steps.some(
    (step, place) => place > number && step.f === 'write' && step.key === key && list.includes(identityOf(step.value)),
  );
}

function isSame(left: readonly Identity[], right: readonly Identity[]): boolean {
  return left.length === right.length && endsWith(left, right);
}

function endsWith(list: readonly Identity[], end: readonly Identity[]): boolean {
  const from = list.length - end.length;
  return from >= 0 && end.every((element, place) => list[from + place] === element);
}
