/**
 * The smallest part of a history that is wrong already. Whatever is taken away, what remains is less than the whole
 * says: an order of the whole would give an order of the part. So the part is wrong for a reason that is in the whole,
 * and never only because something was taken away that others needed.
 */
import { canonical } from '../../src/json.ts';
import type { Operation } from '../operations.ts';
import { decide } from './decide.ts';
import { changesNothing, leftBy, neededBy } from './first-wrong.ts';
import { byCompletion, cut, wholeOf } from './part.ts';
import type { Part } from './part.ts';

export interface Reduced {
  readonly part: Part;
  /** False where the effort ended the reduction: then a smaller part may be wrong as well. */
  readonly isSmallest: boolean;
}

/** How much work a reduction may be: so many moves of the search, and so many operations looked at. */
export interface Effort {
  readonly turns: number;
  readonly operations: number;
}

export const defaultEffort: Effort = { turns: 1_000_000, operations: 10_000_000 };

const cacheBytes = 64 * 1024 * 1024;

/**
 * Reduces the operations of a key, which have no order up to the completion of `culprit` and have one up to the
 * completion before it.
 */
export function reduce(operations: readonly Operation[], culprit: Operation, effort: Effort): Reduced {
  return new Reduction(effort).run(wholeOf(operations), culprit);
}

class Reduction {
  #turnsLeft: number;
  #operationsLeft: number;

  constructor({ turns, operations }: Effort) {
    this.#turnsLeft = turns;
    this.#operationsLeft = operations;
  }

  run(whole: Part, culprit: Operation): Reduced {
    const rank = byCompletion(whole).findIndex((operation) => operation === culprit);
    let part = this.#withoutBeginning(withoutUseless(cut(whole, byCompletion(whole), 0, rank)));
    for (let before = Infinity; part.certain.length < before && !this.#isSpent; ) {
      before = part.certain.length;
      part = this.#withoutReads(part);
      part = this.#withoutChanges(part);
    }
    return { part, isSmallest: !this.#isSpent };
  }

  get #isSpent(): boolean {
    return this.#turnsLeft <= 0 || this.#operationsLeft <= 0;
  }

  /** Whether the part is known to have no order. */
  #isWrong(part: Part): boolean {
    this.#operationsLeft -= part.certain.length + part.possible.length;
    if (this.#isSpent) return false;
    const isOver = (turns: number): boolean => {
      this.#turnsLeft -= turns;
      return this.#turnsLeft <= 0;
    };
    return decide(part, { isOver, cacheBytes }).kind === 'none';
  }

  /**
   * Cuts off as much of the beginning as can be, and lets the register hold anything then. The more is cut off, the less
   * is said: so there is one place up to which it can be done, found in growing steps and then by halving.
   */
  #withoutBeginning(part: Part): Part {
    const completions = byCompletion(part);
    const last = completions.length - 1;
    const from = (rank: number): Part => withoutUseless(cut(part, completions, rank, last));
    let [wrong, right] = [0, last + 1];
    let smallest = part;
    for (let reach = 1; wrong + 1 < right; reach *= 2) {
      const middle = Math.max(right - reach, (wrong + right) >>> 1);
      const rest = from(middle);
      if (this.#isWrong(rest)) {
        [wrong, smallest] = [middle, rest];
        reach = 0.5;
      } else {
        right = middle;
      }
    }
    return smallest;
  }

  /** Takes away reads, many at a time first. Without a read, less is said. */
  #withoutReads(part: Part): Part {
    let smallest = part;
    for (let size = part.certain.length; size >= 1 && !this.#isSpent; size = Math.floor(size / 2)) {
      const reads = smallest.certain.filter(changesNothing);
      for (let start = 0; start < reads.length && !this.#isSpent; start += size) {
        const gone = new Set(reads.slice(start, start + size));
        const rest = withoutUseless({ ...smallest, certain: smallest.certain.filter((other) => !gone.has(other)) });
        if (this.#isWrong(rest)) {
          smallest = rest;
        }
      }
    }
    return smallest;
  }

  /** Takes away writes and cas of which nobody who is left can see the value, one at a time. */
  #withoutChanges(part: Part): Part {
    let smallest = part;
    for (const operation of part.certain.toReversed()) {
      if (this.#isSpent) break;
      if (changesNothing(operation) || canBeSeen(operation, smallest, operation.completed.index)) continue;
      const rest = withoutUseless({ ...smallest, certain: smallest.certain.filter((other) => other !== operation) });
      if (this.#isWrong(rest)) {
        smallest = rest;
      }
    }
    return smallest;
  }
}

/** Takes away what may have happened and nobody can see, until all that is left of it can be seen. */
function withoutUseless(part: Part): Part {
  const possible = part.possible.filter((operation) => !changesNothing(operation) && canBeSeen(operation, part, undefined));
  return possible.length === part.possible.length ? part : withoutUseless({ ...part, possible });
}

/**
 * Whether some operation of the part could be the next to see the value that this one leaves, which is complete at
 * `completedAt` if it is certain. It could not where it completed before this one was invoked, or where a change to
 * another value lies between the two. An order without such an operation is as good: what stood between it and the next
 * change did not look at its value.
 */
function canBeSeen(operation: Operation, part: Part, completedAt: number | undefined): boolean {
  const left = canonical(leftBy([operation]));
  const next = completedAt === undefined ? Infinity : nextChange(completedAt, left, part);
  const wants = (other: Operation): boolean => {
    const needed = neededBy(other);
    return other !== operation && needed !== undefined && canonical(needed.value) === left && other.invoked.index < next;
  };
  return (
    part.certain.some((other) => wants(other) && other.completed.index > operation.invoked.index) ||
    part.possible.some((other) => !changesNothing(other) && wants(other))
  );
}

/** When the first change to another value is complete that was invoked after this moment. */
function nextChange(after: number, left: string, part: Part): number {
  let next = Infinity;
  for (const other of part.certain) {
    if (changesNothing(other) || other.invoked.index < after || other.completed.index >= next) continue;
    if (canonical(leftBy([other])) !== left) next = other.completed.index;
  }
  return next;
}
