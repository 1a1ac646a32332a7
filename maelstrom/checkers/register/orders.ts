/** The longest orders of a few operations, by trying all of them. */
import type { Operation } from '../../history/operations.ts';
import { contentAfter, contentAtFirst } from './meaning.ts';
import type { Content } from './meaning.ts';
import type { Held, Part } from './part.ts';

/** An order that respects time and that nothing can be added to. */
export interface Attempt {
  readonly order: readonly Operation[];
  /** What the register then holds; undefined where it may hold anything. */
  readonly leaves: Held | undefined;
  /** What happened but has no place. */
  readonly unplaced: readonly Operation[];
}

const maxAttempts = 3;
const maxOperations = 30;
const maxSteps = 50_000;

/**
 * The orders that place the most of what happened: the first few of them, with as little of what may have happened as
 * they take. None where there are too many orders to try.
 */
export function longestOrders(part: Part): readonly Attempt[] {
  if (part.certain.length + part.possible.length > maxOperations) return [];
  const trial = new Trial();
  trial.extend([], contentAtFirst(part.startsWith), part.certain, part.possible);
  return trial.isTooMuch ? [] : trial.longest.slice(0, maxAttempts);
}

class Trial {
  longest: Attempt[] = [];
  #steps = 0;

  get isTooMuch(): boolean {
    return this.#steps > maxSteps;
  }

  extend(
    order: readonly Operation[],
    content: Content,
    certain: readonly Operation[],
    possible: readonly Operation[],
  ): void {
    this.#steps += 1;
    if (this.isTooMuch) return;
    const end = Math.min(...certain.map(({ completed }) => completed?.index ?? Infinity));
    const place = (operation: Operation, certainLeft: readonly Operation[], possibleLeft: readonly Operation[]): void => {
      const after = operation.invoked.index < end ? contentAfter(operation, content) : undefined;
      if (after !== undefined) this.extend([...order, operation], after, certainLeft, possibleLeft);
    };
    for (const operation of certain) place(operation, without(certain, operation), possible);
    for (const operation of possible) place(operation, certain, without(possible, operation));
    this.#keep({ order, leaves: content.kind === 'value' ? content : undefined, unplaced: certain });
  }

  #keep(attempt: Attempt): void {
    const [known] = this.longest;
    const more = known === undefined ? -1 : attempt.unplaced.length - known.unplaced.length;
    const longer = known === undefined ? -1 : attempt.order.length - known.order.length;
    if (more < 0 || (more === 0 && longer < 0)) {
      this.longest = [attempt];
    } else if (more === 0 && longer === 0) {
      this.longest.push(attempt);
    }
  }
}

function without(operations: readonly Operation[], gone: Operation): readonly Operation[] {
  return operations.filter((operation) => operation !== gone);
}
