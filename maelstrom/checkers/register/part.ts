/** A part of a history of one key, and what is cut out of it. */
import type { Json } from '../../../src/services/json.ts';
import type { Found } from '../../history/found.ts';
import type { Operation } from '../../history/operations.ts';

/** It took effect; or it failed, and its error says what it found: then it is like a read that saw only that much. */
export type CertainOperation = Operation & ({ readonly outcome: 'ok' } | { readonly outcome: 'fail'; readonly found: Found });

/** Operations that need an order. Both lists are in the order of their invocations. */
export interface Part {
  /** They happened: all of them must be placed, each before its completion. */
  readonly certain: readonly CertainOperation[];
  /** They may have happened: each may be placed, at any time after its invocation, or left out. Reads do not matter. */
  readonly possible: readonly Operation[];
  /** What the register holds at first; undefined where that may be anything at all. */
  readonly startsWith: Held | undefined;
}

/** A value in the register. Null stands for none. */
export interface Held {
  readonly value: Json;
}

/**
 * Whether an operation says anything about the values of its key: it did happen, or it may have and could be seen. What
 * failed has no effect, and says something only where its error does; a read that did not come back saw nothing.
 */
export function constrains(operation: Operation): boolean {
  return isCertain(operation) || (operation.outcome === 'info' && operation.f !== 'read');
}

export function isCertain(operation: Operation): operation is CertainOperation {
  return operation.outcome === 'ok' || (operation.outcome === 'fail' && operation.found !== undefined);
}

/** All of a history of one key that begins with `initial`; the operations that constrain are given. */
export function wholeOf(operations: readonly Operation[], initial: Json): Part {
  const possible = operations.filter((operation) => !isCertain(operation));
  return { certain: operations.filter(isCertain), possible, startsWith: { value: initial } };
}

/** The certain operations in the order of their completions: an operation's place there is its rank. */
export function byCompletion({ certain }: Part): readonly CertainOperation[] {
  return certain.toSorted((left, right) => left.completed.index - right.completed.index);
}

/**
 * What happens from the rank `from` to the rank `to`, of an operation list by completion. Of what was invoked before,
 * or completes later, only the effect is possible; where something was before, the register may hold anything at
 * first. That is less than the part says: if what is cut out has no order, the part has none.
 */
export function cut(part: Part, completions: readonly CertainOperation[], from: number, to: number): Part {
  const start = completions[from - 1]?.completed.index ?? -1;
  const end = completions[to]?.completed.index ?? Infinity;
  const certain: CertainOperation[] = [];
  const open: Operation[] = [];
  for (const operation of part.certain) {
    if (operation.invoked.index > end) break;
    if (operation.completed.index <= start) continue;
    const isInside = operation.invoked.index > start && operation.completed.index <= end;
    (isInside ? certain : open).push(operation);
  }
  const possible = [...part.possible.filter(({ invoked }) => invoked.index <= end), ...open];
  possible.sort((left, right) => left.invoked.index - right.invoked.index);
  return { certain, possible, startsWith: from <= 0 ? part.startsWith : undefined };
}
