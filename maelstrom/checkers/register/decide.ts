/** Decides whether a part of a history has an order, within bounds. */
import type { Operation } from '../../history/operations.ts';
import { byCompletion, cut } from './part.ts';
import type { CertainOperation, Part } from './part.ts';
import { problemOf } from './problem.ts';
import { RestlessSearch } from './restless-search.ts';
import { Search } from './search.ts';
import type { Outcome } from './search.ts';
import { decideUnique } from './unique.ts';
import { faultIn } from './verify.ts';

/** Where the search must stop. */
export interface Limit {
  /** Asked now and then, with how many moves were tried since it was last asked; true ends the search. */
  readonly isOver: (turns: number) => boolean;
  /** How much memory the configurations may take. */
  readonly cacheBytes: number;
}

/** A limit of so many moves in all, whatever it is used for. */
export function limitOf(turns: number, cacheBytes: number): Limit {
  let left = turns;
  const isOver = (since: number): boolean => {
    left -= since;
    return left <= 0;
  };
  return { isOver, cacheBytes };
}

export type Decision = { /** How many configurations it took. */ readonly configurations: number } & (
  | { readonly kind: 'order'; readonly order: readonly Operation[] }
  | ({ readonly kind: 'none' } & Bounds)
  | { readonly kind: 'unknown'; readonly exhausted: 'time' | 'memory'; readonly furthest: number }
);

/** Where what has no order begins to have none. */
export interface Bounds {
  /** All that completes before this rank has an order. */
  readonly furthest: number;
  /** All that completes up to the event of this index has none. */
  readonly wrongByIndex: number;
}

const turnsPerLook = 1024;
/** The least effort that is spent on one way to decide before another is tried. */
const firstTurns = 4096;
/** How far around the place where the search is stuck the first cut reaches, in ranks. */
const firstReach = 16;

/**
 * Searches the part for an order, from its beginning. Where that takes long, it is stuck somewhere, and what makes it
 * so is often near: so it also searches what is cut out around that place, more and more of it, for as many moves. If
 * that has no order, the part has none. And it searches in a less orderly way, for what may be wrong is only what it
 * did long before. All in turns, each time for twice as long.
 */
export function decide(part: Part, limit: Limit): Decision {
  return decideQuickly(part) ?? decideBySearch(part, limit);
}

/** Where no value is brought twice there is nothing to search. What was found is looked at before it is believed. */
function decideQuickly(part: Part): Decision | undefined {
  const decision = decideUnique(part);
  if (decision === undefined) return undefined;
  if (decision.kind === 'none') return { kind: 'none', wrongByIndex: decision.wrongByIndex, furthest: 0, configurations: 0 };
  return faultIn(decision.order, part) === undefined ? { ...decision, configurations: 0 } : undefined;
}

/** The same without that. */
export function decideBySearch(part: Part, limit: Limit): Decision {
  const problem = problemOf(part);
  const completions = byCompletion(part);
  const last = completions.length - 1;
  const search = new Search(problem, limit.cacheBytes / 2);
  let restless: RestlessSearch | undefined;
  let ofLocals = 0;
  const count = (): number => ofLocals + search.configurations + (restless?.configurations ?? 0);
  const none = (wrongBy: number): Decision => {
    const wrongByIndex = completions[wrongBy]?.completed.index ?? Infinity;
    return { kind: 'none', furthest: search.furthest, wrongByIndex, configurations: count() };
  };
  const unknown = (exhausted: 'time' | 'memory'): Decision => {
    return { kind: 'unknown', exhausted, furthest: search.furthest, configurations: count() };
  };
  let stuckAt = -1;
  let reach = firstReach;
  for (let turns = Math.max(firstTurns, 4 * completions.length); ; turns *= 2) {
    const outcome = run(search, turns, limit);
    if (outcome === 'order') return { kind: 'order', order: search.order(), configurations: count() };
    if (outcome === 'none') return none(last);
    if (outcome === 'over') return unknown('time');
    if (stuckAt !== search.furthest) {
      stuckAt = search.furthest;
      reach = firstReach;
    }
    for (let left = turns; left > 0 && reach <= last; ) {
      const to = Math.min(last, stuckAt + reach);
      const local = new Search(problemOf(cut(part, completions, stuckAt - reach, to)), limit.cacheBytes / 4);
      const found = run(local, left, limit);
      ofLocals += local.configurations;
      left -= local.turns;
      if (found === 'none') return none(to);
      if (found === 'over') return unknown('time');
      if (found === 'open') break;
      reach *= 2;
    }
    if (outcome === 'full') return unknown('memory');
    restless ??= new RestlessSearch(problem, limit.cacheBytes / 4);
    const came = run(restless, turns, limit);
    if (came === 'order') return { kind: 'order', order: restless.order(), configurations: count() };
    if (came === 'none') return none(last);
    if (came === 'over') return unknown('time');
  }
}

/** Whether the completions right up to a rank have no order, whatever was there before them. Tried with little effort. */
export function isWrongNearby(part: Part, completions: readonly CertainOperation[], rank: number, limit: Limit): boolean {
  let left = firstTurns;
  for (let reach = firstReach; left > 0 && reach <= rank; reach *= 2) {
    const local = new Search(problemOf(cut(part, completions, rank - reach, rank)), limit.cacheBytes / 4);
    const found = run(local, left, limit);
    if (found !== 'order') return found === 'none';
    left -= local.turns;
  }
  return false;
}

/** Goes on with a search for so many turns, or until the limit. */
export function run(search: Pick<Search, 'run' | 'turns'>, turns: number, limit: Limit): Outcome | 'over' {
  for (let left = turns; left > 0; left -= turnsPerLook) {
    const before = search.turns;
    const outcome = search.run(Math.min(left, turnsPerLook));
    if (outcome !== 'open') return outcome;
    if (limit.isOver(search.turns - before)) return 'over';
  }
  return 'open';
}
