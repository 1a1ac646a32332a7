/** Where a history that has no order begins to have none. */
import type { Operation } from '../../history/operations.ts';
import { decide, isWrongNearby, run } from './decide.ts';
import type { Bounds, Limit } from './decide.ts';
import { fits, heldAfter } from './meaning.ts';
import { byCompletion, cut, isCertain } from './part.ts';
import type { Part } from './part.ts';
import { problemOf } from './problem.ts';
import type { Problem } from './problem.ts';
import { Search } from './search.ts';

export interface FirstWrong {
  /** An order of all that had completed before, and of what was open then as much as it takes. */
  readonly order: readonly Operation[];
  /**
   * What has to come next but does not fit the value that `order` leaves. The first is the one that ends every
   * order: up to its completion the history has none.
   */
  readonly unplaced: readonly [Operation, ...Operation[]];
  /** False where the limit ended the search for the first one: then it may be an earlier one, and `order` shorter. */
  readonly isFirst: boolean;
}

/**
 * Finds the first completion up to which the part has no order, of which the bounds are known. A search that does not
 * look ahead most often comes right up to it; from where it came, the way goes up in growing steps, and then halves
 * what lies between. That something is wrong is most often seen from what is nearby, which saves a search of it all.
 */
export function firstWrong(part: Part, { furthest, wrongByIndex }: Bounds, limit: Limit): FirstWrong {
  const completions = byCompletion(part);
  const wrongBy = completions.findLastIndex(({ completed }) => completed.index <= wrongByIndex);
  const reached = Math.max(furthest, reach(problemOf(part), limit));
  let [good, bad, isFirst, isPassed] = [reached - 1, wrongBy, true, false];
  let order: readonly Operation[] | undefined;
  for (let step = 1; good + 1 < bad && isFirst; step *= 2) {
    const middle = isPassed ? (good + bad) >>> 1 : Math.min(good + step, bad - 1);
    if (isWrongNearby(part, completions, middle, limit)) {
      [bad, isPassed] = [middle, true];
      continue;
    }
    const decision = decide(cut(part, completions, 0, middle), limit);
    if (decision.kind === 'order') {
      good = middle;
      order = decision.order;
    } else if (decision.kind === 'none') {
      const by = completions.findLastIndex(({ completed }) => completed.index <= decision.wrongByIndex);
      bad = Math.min(middle, by);
      isPassed = true;
    } else {
      isFirst = false;
    }
  }
  if (good < 0) {
    order = [];
  } else if (order === undefined) {
    const decision = decide(cut(part, completions, 0, good), limit);
    order = decision.kind === 'order' ? decision.order : [];
  }
  const culprit = completions[bad];
  if (culprit === undefined) throw new Error('assertion: what is wrong is so by one of its completions');
  const trimmed = withoutGuesses(order);
  return { order: trimmed, unplaced: [culprit, ...alsoUnplaced(part, trimmed, culprit)], isFirst };
}

/** How far a search comes that does not look ahead, with little effort. */
function reach(problem: Problem, limit: Limit): number {
  const search = new Search(problem, limit.cacheBytes, 'short');
  run(search, turnsPerOperation * problem.certainCount, limit);
  return search.furthest;
}

const turnsPerOperation = 4;

/** An order need not end in what may not have happened. */
function withoutGuesses(order: readonly Operation[]): readonly Operation[] {
  return order.slice(0, order.findLastIndex(isCertain) + 1);
}

/** What is open at that completion, is not placed and does not fit either. A write fits everywhere. */
function alsoUnplaced(part: Part, order: readonly Operation[], culprit: Operation): readonly Operation[] {
  const placed = new Set(order);
  const value = heldAfter(order, part.startsWith?.value ?? null);
  const end = culprit.completed?.index ?? Infinity;
  return part.certain.filter((operation) => {
    if (operation === culprit || operation.invoked.index > end || placed.has(operation)) return false;
    return !fits(operation, value);
  });
}
