/**
 * The smallest part of a history that is wrong already. Whatever is taken away, what remains is less than the whole
 * says: an order of the whole would give an order of the part. So the part is wrong for a reason that is in the whole,
 * and never only because something was taken away that others needed.
 */
import { canonical, jsonEquals } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';
import type { Operation } from '../../history/operations.ts';
import { decide } from './decide.ts';
import { changesNothing, deniedBy, helps, leftBy, neededBy } from './meaning.ts';
import { byCompletion, cut } from './part.ts';
import type { CertainOperation, Part } from './part.ts';

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

export const defaultEffort: Effort = { turns: 1_000_000, operations: 2_000_000 };

/** How much memory each search of a part may take. */
export const cacheBytes = 64 * 1024 * 1024;

/**
 * Reduces a part that has no order up to the completion of `culprit` and has one up to the completion before it.
 */
export function reduce(whole: Part, culprit: CertainOperation, effort: Effort): Reduced {
  return new Reduction(effort).run(whole, culprit);
}

class Reduction {
  #turnsLeft: number;
  #operationsLeft: number;

  constructor({ turns, operations }: Effort) {
    this.#turnsLeft = turns;
    this.#operationsLeft = operations;
  }

  run(whole: Part, culprit: CertainOperation): Reduced {
    const completions = byCompletion(whole);
    let part = this.#withoutBeginning(cut(whole, completions, 0, completions.indexOf(culprit)));
    for (let before = Infinity; part.certain.length < before && !this.#isSpent; ) {
      before = part.certain.length;
      part = this.#withoutUnwanted(this.#withoutUseless(part));
      part = this.#withoutReplaced(part);
    }
    return { part: this.#withoutUseless(part), isSmallest: !this.#isSpent };
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
   * Cuts off as much of the beginning as can be, and lets the register hold anything then. The more is cut off, the
   * less is said: so there is one place up to which it can be done, found in growing steps and then by halving.
   */
  #withoutBeginning(part: Part): Part {
    const completions = byCompletion(part);
    const last = completions.length - 1;
    let [wrong, right] = [0, last + 1];
    let smallest = part;
    for (let reach = 1; wrong + 1 < right && !this.#isSpent; reach *= 2) {
      const middle = Math.max(right - reach, (wrong + right) >>> 1);
      const rest = cut(part, completions, middle, last);
      if (this.#isWrong(rest)) {
        [wrong, smallest] = [middle, rest];
        reach = 0.5;
      } else {
        right = middle;
      }
    }
    return smallest;
  }

  /** Takes away reads and refusals, and changes to values that nobody else expects or needs, many at a time first. */
  #withoutUnwanted(part: Part): Part {
    let smallest = part;
    for (let size = part.certain.length; size >= 1 && !this.#isSpent; size = Math.floor(size / 2)) {
      const wanted = expectations(smallest);
      const denials = denialsOf(smallest);
      const mayGo = (operation: Operation): boolean => {
        return changesNothing(operation) || !(isWanted(operation, wanted) || helpsOne(operation, denials));
      };
      const candidates = smallest.certain.filter(mayGo);
      for (let start = 0; start < candidates.length && !this.#isSpent; start += size) {
        smallest = this.#without(smallest, candidates.slice(start, start + size));
      }
    }
    return smallest;
  }

  /** Takes away changes to values that others expect, of which none can have seen this one, one at a time. */
  #withoutReplaced(part: Part): Part {
    let smallest = part;
    for (const operation of part.certain.toReversed()) {
      if (this.#isSpent) break;
      this.#operationsLeft -= smallest.certain.length + smallest.possible.length;
      if (changesNothing(operation) || canBeSeen(operation, smallest, operation.completed.index)) continue;
      smallest = this.#without(smallest, [operation]);
    }
    return smallest;
  }

  /** The part without these, if it is wrong then. */
  #without(part: Part, operations: readonly Operation[]): Part {
    const gone = new Set(operations);
    const rest = { ...part, certain: part.certain.filter((operation) => !gone.has(operation)) };
    return this.#isWrong(rest) ? rest : part;
  }

  /** Takes away what may have happened and nobody can see, until all that is left of it can be seen. */
  #withoutUseless(part: Part): Part {
    const likely = withWantedOptions(part).possible;
    this.#operationsLeft -= likely.length * (part.certain.length + likely.length);
    const rest = { ...part, possible: likely };
    const possible = this.#isSpent ? likely : likely.filter((operation) => canBeSeen(operation, rest, undefined));
    return possible.length === part.possible.length ? part : this.#withoutUseless({ ...part, possible });
  }
}

/** Without what may have happened and brings what nobody expects, or needs so as not to find another: it cannot help. */
export function withWantedOptions(part: Part): Part {
  const wanted = expectations(part);
  const denials = denialsOf(part);
  const canHelp = (option: Operation): boolean => {
    return !changesNothing(option) && (isWanted(option, wanted) || helpsOne(option, denials));
  };
  return { ...part, possible: part.possible.filter(canHelp) };
}

function denialsOf({ certain }: Part): readonly CertainOperation[] {
  return certain.filter((operation) => deniedBy(operation) !== undefined);
}

/** Whether a change can give one of the denials what it needs, as far as time allows. */
function helpsOne(change: Operation, denials: readonly CertainOperation[]): boolean {
  return denials.some((denial) => denial.completed.index > change.invoked.index && helps(change, denial));
}

/** By value, as text, how many operations expect it. */
function expectations(part: Part): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const operation of [...part.certain, ...part.possible]) {
    const needed = neededBy(operation);
    if (needed === undefined) continue;
    const name = canonical(needed.value);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Whether another operation expects what this one, which is no read, leaves. */
function isWanted(operation: Operation, wanted: ReadonlyMap<string, number>): boolean {
  return (wanted.get(canonical(leftBy(operation))) ?? 0) > 0;
}

/**
 * Whether some operation of the part could be the next to see the value that this one leaves, or that another is gone
 * with it; it is complete at
 * `completedAt` if it is certain. It could not where it completed before this one was invoked, or where a change to
 * another value lies between the two. An order without such an operation is as good: what stood between it and the next
 * change did not look at its value.
 */
function canBeSeen(operation: Operation, part: Part, completedAt: number | undefined): boolean {
  const value = leftBy(operation);
  const next = completedAt === undefined ? Infinity : nextChange(completedAt, value, part);
  const wants = (other: Operation): boolean => {
    if (other === operation || other.invoked.index >= next) return false;
    const needed = neededBy(other);
    return (needed !== undefined && jsonEquals(needed.value, value)) || helps(operation, other);
  };
  return (
    part.certain.some((other) => other.completed.index > operation.invoked.index && wants(other)) ||
    part.possible.some((other) => !changesNothing(other) && wants(other))
  );
}

/** When the first change to another value is complete that was invoked after this moment. */
function nextChange(after: number, value: Json, part: Part): number {
  let next = Infinity;
  for (const other of part.certain) {
    if (changesNothing(other) || other.invoked.index < after || other.completed.index >= next) continue;
    if (!jsonEquals(leftBy(other), value)) next = other.completed.index;
  }
  return next;
}
