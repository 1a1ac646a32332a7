import { searchBranches } from './branch-search.ts';
import { EdgeList, undecided } from './edge-list.ts';
import type { Circle, SortedEdges } from './edge-list.ts';
import { forcedOrders } from './forced-orders.ts';
import type { OpenKey } from './open-orders.ts';
import { OrderProblem } from './order-problem.ts';
import type { EdgeBudget } from './order-problem.ts';
import type { Transaction } from './transaction.ts';
import type { Decision, Version } from './version.ts';
import type { View } from './view.ts';

export type SearchResult =
  /** There is an order of all versions without a forbidden cycle. */
  | { readonly outcome: 'found' }
  /** There is none. These transactions, by their places, are in cycles that followed from what was tried. */
  | { readonly outcome: 'none'; readonly transactions: readonly number[] }
  | { readonly outcome: 'given-up' };

/** How often what is forced is looked for anew, and once more only if so large a part of what was found at first was. */
const maxRounds = 20;
const worthwhile = 0.02;

/** A step of a walk costs less than this part of what an edge costs in a sort. */
const walkCost = 0.25;

/** How often circles are mended, each within so many nodes around it; twice as many each time. */
const maxMendings = 8;
const firstMargin = 60;

/** How many edges mending one circle may cost. */
const mendingEdges = 1_000_000;

/** How many transactions are named where no order was found. */
const maxNamed = 12;

/**
 * Looks for an order of the versions of keys whose order no read shows, such that no cycle is forbidden. First come
 * those orders that are forced. Then it guesses: transactions are put in an order that agrees with all that is known, lets
 * each version be read before it is overwritten and otherwise agrees with time, and versions follow it. Where that makes
 * circles, each is mended among the transactions around it. Only if that does not help all is searched at once: to decide
 * whether there is an order is NP-complete (Papadimitriou, "The serializability of concurrent database updates", 1979).
 */
export function searchVersions(
  view: View,
  keys: readonly OpenKey[],
  transactions: readonly Transaction[],
  budget: EdgeBudget,
): SearchResult {
  const problem = problemOf(view, keys, transactions);
  learnForced(problem, view, keys, budget);
  const mended = mend(problem, budget);
  const result = mended ?? searchBranches(problem, budget);
  return result.outcome === 'none' ? { outcome: 'none', transactions: named(view, result.circles) } : result;
}

function problemOf(view: View, keys: readonly OpenKey[], transactions: readonly Transaction[]): OrderProblem {
  const edges = new EdgeList(view.nodeCount);
  for (let node = 0; node < view.nodeCount; node += 1) {
    for (let step = view.firstStep(node), end = view.endOfSteps(node); step < end; step += 1) {
      const target = view.target(node, step);
      if (target !== -1) edges.add(node, target, undecided);
    }
  }
  const versions = keys.map((key) => key.versions.map(({ writer, readers }): Version => {
    const [begin, commit, leave] = [view.entry(writer, false), view.entry(writer, true), view.exit(writer, false)];
    return { begin, commit, leave, readers: readers.map((reader) => view.exit(reader, true)) };
  }));
  const rank = Float64Array.from({ length: view.nodeCount }, (_, node) => rankOf(view, node, transactions));
  return new OrderProblem(edges, versions, rank);
}

/** Adds what is so in every order, and what follows from that, some times over. */
function learnForced(problem: OrderProblem, view: View, keys: readonly OpenKey[], budget: EdgeBudget): void {
  const known = new Map<Version, Set<Version>>();
  let most = 0;
  for (let round = 0; round < maxRounds && budget.edges > 0; round += 1) {
    const sorted = problem.sorted(budget);
    if (sorted === undefined) return;
    const spend = (edges: number) => (budget.edges -= edges * walkCost) > 0;
    const forced = forcedOrders(view, keys, problem.keys, sorted, spend).filter(({ first, second }) => {
      const later = known.get(first) ?? new Set();
      known.set(first, later);
      return !later.has(second) && later.add(second);
    });
    problem.learn(forced);
    most = Math.max(most, forced.length);
    if (forced.length <= most * worthwhile) return;
  }
}

/** Mends circles one by one, each among the nodes around it. Undefined where that leads nowhere. */
function mend(
  problem: OrderProblem,
  budget: EdgeBudget,
): { readonly outcome: 'found' } | { readonly outcome: 'none'; readonly circles: readonly Circle[] } | undefined {
  let decided: readonly Decision[] = [];
  for (let round = 0; round < maxMendings && budget.edges > 0; round += 1) {
    const attempt = problem.attempt(decided, budget);
    if (attempt.kind === 'sorted') return { outcome: 'found' };
    if (attempt.basis === undefined) return undefined;
    const { basis } = attempt;
    for (const nodes of windows(attempt.circles, basis, firstMargin * 2 ** round)) {
      const { problem: part, originals } = problem.part(basis, nodes);
      const allowance = { edges: mendingEdges };
      const result = searchBranches(part, allowance);
      budget.edges -= mendingEdges - allowance.edges;
      if (result.outcome === 'none') return { outcome: 'none', circles: attempt.circles.slice(0, 1) };
      if (result.outcome === 'given-up') return undefined;
      const anew = new Set(originals.values());
      const order = result.order.flatMap(({ first, second }) => {
        const [earlier, later] = [originals.get(first), originals.get(second)];
        return earlier === undefined || later === undefined ? [] : [{ first: earlier, second: later }];
      });
      decided = [...decided.filter(({ first, second }) => !anew.has(first) || !anew.has(second)), ...order];
    }
  }
  return undefined;
}

/** The nodes around each circle in an order of all nodes; what overlaps is one. */
function windows(circles: readonly Circle[], { positions }: SortedEdges, margin: number): readonly (readonly number[])[] {
  const byPosition = new Int32Array(positions.length);
  for (const [node, position] of positions.entries()) byPosition[position] = node;
  const spans = circles.map(({ nodes }) => {
    const at = nodes.map((node) => positions[node] ?? 0);
    return { from: Math.max(0, Math.min(...at) - margin), to: Math.min(positions.length, Math.max(...at) + margin + 1) };
  });
  const merged: { from: number; to: number }[] = [];
  for (const span of spans.toSorted((left, right) => left.from - right.from)) {
    const last = merged.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged.map(({ from, to }) => [...byPosition.subarray(from, to)]);
}

function named(view: View, circles: readonly Circle[]): readonly number[] {
  const vertices = circles.flatMap(({ nodes }) => nodes).map((node) => view.vertexOf(node));
  const transactions = new Set(vertices.filter((vertex) => !view.graph.isJunction(vertex)));
  return [...transactions].slice(0, maxNamed).toSorted((left, right) => left - right);
}

/** Commits are put where they were known, starts where they were asked for, and moments as early as they can be. */
function rankOf(view: View, node: number, transactions: readonly Transaction[]): number {
  const transaction = transactions[view.vertexOf(node)];
  if (transaction === undefined) return -1;
  const isStart = view.level === 'snapshots' && node < view.graph.transactionCount;
  return isStart || transaction.completedAt === Number.POSITIVE_INFINITY ? transaction.invokedAt : transaction.completedAt;
}
