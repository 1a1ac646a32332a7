import { EdgeList, undecided } from './edge-list.ts';
import type { Circle } from './edge-list.ts';
import { forcedOrders } from './forced-orders.ts';
import type { Decision } from './forced-orders.ts';
import type { OpenKey, OpenVersion } from './open-orders.ts';
import type { Transaction } from './transaction.ts';
import { VersionGate } from './version-gate.ts';
import type { View } from './view.ts';

/** How much a search may cost, in edges looked at; shared by all searches of a history. */
export interface EdgeBudget {
  edges: number;
}

export type SearchResult =
  /** There is an order of all versions without a forbidden cycle. */
  | { readonly outcome: 'found' }
  /** There is none. These transactions, by their places, are in the cycles that followed from what was tried. */
  | { readonly outcome: 'none'; readonly transactions: readonly number[] }
  | { readonly outcome: 'given-up' };

/** What came of some decisions: an order, or circles, each as the decisions or guesses of which one is wrong. */
interface Attempt {
  readonly kind: 'sorted' | 'decided-wrong' | 'guessed-wrong';
  readonly circles: readonly (readonly Decision[])[];
}

/** What is decided in one branch of the search; branches share their beginnings. */
interface Branch {
  readonly decision: Decision;
  readonly before: Branch | undefined;
}

/** How often what is forced is looked for anew. */
const maxRounds = 20;

/** What is forced is looked for once more only if at least this part of what was found at first was found again. */
const worthwhile = 0.02;

/** A step of a walk costs less than this part of what an edge costs in a sort. */
const walkCost = 0.25;

/** How often guesses are mended all at once. */
const maxMendings = 200;

/** How many transactions are named where no order was found. */
const maxNamed = 12;

/**
 * Looks for an order of the versions of keys whose order nobody could read, such that no cycle is forbidden. It guesses:
 * transactions are put in an order that agrees with all that is known, lets each version be read before it is overwritten
 * and otherwise agrees with time, and versions follow it.
 * If that makes a cycle, one of the guesses in it was wrong, and each is tried the other way round. To decide the
 * existence of such an order is NP-complete (Papadimitriou, "The serializability of concurrent database updates", 1979),
 * so the search has a budget; the first guess is nearly always right where all was well.
 */
export class VersionSearch {
  readonly #view: View;
  readonly #keys: readonly OpenKey[];
  readonly #edges: EdgeList;
  readonly #rank: Float64Array;
  /** How many of the edges are there in every branch. */
  #known: number;

  constructor(view: View, keys: readonly OpenKey[], transactions: readonly Transaction[]) {
    this.#view = view;
    this.#keys = keys;
    this.#edges = new EdgeList(view);
    this.#known = this.#edges.length;
    this.#rank = Float64Array.from({ length: view.nodeCount }, (_, node) => rankOf(view, node, transactions));
  }

  run(budget: EdgeBudget): SearchResult {
    this.#force(budget);
    if (this.#mend(budget)) return { outcome: 'found' };
    const branches: (Branch | undefined)[] = [undefined];
    const named = new Set<number>();
    while (branches.length > 0) {
      if (budget.edges <= 0) return { outcome: 'given-up' };
      const branch = branches.pop();
      const { kind, circles } = this.#try(decisionsOf(branch), budget, named);
      if (kind === 'sorted') return { outcome: 'found' };
      let kept = branch;
      for (const guess of kind === 'guessed-wrong' ? (circles[0] ?? []) : []) {
        branches.push({ decision: reversed(guess), before: kept });
        kept = { decision: guess, before: kept };
      }
    }
    return { outcome: 'none', transactions: [...named].toSorted((left, right) => left - right) };
  }

  /**
   * The quick way: turns one guess of each circle round, all at once, some times over. Whether an order was found so; that
   * none was says nothing.
   */
  #mend(budget: EdgeBudget): boolean {
    const turned = new Set<Decision>();
    let picks = 0;
    for (let round = 0; round < maxMendings && budget.edges > 0; round += 1) {
      const { kind, circles } = this.#try([...turned], budget, new Set());
      if (kind === 'sorted') return true;
      for (const decisions of circles) {
        // Not always the same one of a circle, or it would come again for ever.
        picks += 1;
        const decision = decisions[picks % decisions.length];
        if (decision === undefined) return false;
        if (kind === 'guessed-wrong') turned.add(reversed(decision));
        else turned.delete(decision);
      }
    }
    return false;
  }

  /** Adds what is so in every order, and what follows from that, some times over. */
  #force(budget: EdgeBudget): void {
    const known = new Map<OpenVersion, Set<OpenVersion>>();
    let most = 0;
    for (let round = 0; round < maxRounds && budget.edges > 0; round += 1) {
      const sorted = this.#edges.sort(this.#rank);
      if (!sorted.isSorted) return;
      const spend = (edges: number) => (budget.edges -= edges * walkCost) > 0;
      const forced = forcedOrders(this.#view, this.#keys, sorted, spend).filter(({ first, second }) => {
        const later = known.get(first) ?? new Set();
        known.set(first, later);
        return !later.has(second) && later.add(second);
      });
      for (const decision of forced) this.#put(decision, undecided);
      this.#known = this.#edges.length;
      most = Math.max(most, forced.length);
      if (forced.length <= most * worthwhile) return;
    }
  }

  /** Guesses all that is not decided, and looks what comes of it. */
  #try(decisions: readonly Decision[], budget: EdgeBudget, named: Set<number>): Attempt {
    this.#edges.cut(this.#known);
    for (const [tag, decision] of decisions.entries()) this.#put(decision, tag);
    const sorted = this.#edges.sort(this.#rank, new VersionGate(this.#view, this.#keys));
    budget.edges -= this.#edges.length;
    if (!sorted.isSorted) {
      this.#name(sorted.circles, named);
      return { kind: 'decided-wrong', circles: sorted.circles.map(({ tags }) => tagged(decisions, tags)) };
    }
    this.#edges.cut(this.#known);
    for (const decision of decisions) this.#put(decision, undecided);
    const guesses = this.#guess(sorted.positions);
    const result = this.#edges.sort(this.#rank);
    budget.edges -= this.#edges.length;
    if (result.isSorted) return { kind: 'sorted', circles: [] };
    this.#name(result.circles.slice(0, 1), named);
    return { kind: 'guessed-wrong', circles: result.circles.map(({ tags }) => tagged(guesses, tags)) };
  }

  /** Puts the versions of each key in the order of their commits. */
  #guess(positions: Int32Array): readonly Decision[] {
    const guesses: Decision[] = [];
    const positionOf = ({ writer }: OpenVersion) => positions[this.#view.entry(writer, true)] ?? 0;
    for (const { versions } of this.#keys) {
      const ordered = versions.toSorted((left, right) => positionOf(left) - positionOf(right));
      for (const [place, second] of ordered.entries()) {
        const first = ordered[place - 1];
        if (first === undefined) continue;
        this.#put({ first, second }, guesses.length);
        guesses.push({ first, second });
      }
    }
    return guesses;
  }

  #put({ first, second }: Decision, tag: number): void {
    const view = this.#view;
    this.#edges.add(view.exit(first.writer, false), view.entry(second.writer, false), tag);
    for (const reader of first.readers) {
      if (reader !== second.writer) this.#edges.add(view.exit(reader, true), view.entry(second.writer, true), tag);
    }
  }

  #name(circles: readonly Circle[], named: Set<number>): void {
    for (const node of circles.flatMap(({ nodes }) => nodes)) {
      const vertex = this.#view.vertexOf(node);
      if (!this.#view.graph.isJunction(vertex) && named.size < maxNamed) named.add(vertex);
    }
  }
}

function tagged(decisions: readonly Decision[], tags: readonly number[]): readonly Decision[] {
  return [...new Set(tags)].flatMap((tag) => decisions[tag] ?? []);
}

function decisionsOf(branch: Branch | undefined): readonly Decision[] {
  const decisions: Decision[] = [];
  for (let at = branch; at !== undefined; at = at.before) decisions.push(at.decision);
  return decisions;
}

function reversed({ first, second }: Decision): Decision {
  return { first: second, second: first };
}

/** Commits are put where they were known, starts where they were asked for, and moments as early as they can be. */
function rankOf(view: View, node: number, transactions: readonly Transaction[]): number {
  const transaction = transactions[view.vertexOf(node)];
  if (transaction === undefined) return -1;
  const isStart = view.level === 'snapshots' && node < view.graph.transactionCount;
  return isStart || transaction.completedAt === Number.POSITIVE_INFINITY ? transaction.invokedAt : transaction.completedAt;
}
