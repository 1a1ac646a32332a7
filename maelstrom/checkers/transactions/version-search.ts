import { EdgeList, undecided } from './edge-list.ts';
import type { OpenKey, OpenVersion } from './open-orders.ts';
import type { Transaction } from './transaction.ts';
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

/** That one version of a key comes before another one. */
interface Decision {
  readonly first: OpenVersion;
  readonly second: OpenVersion;
}

/** What is decided in one branch of the search; branches share their beginnings. */
interface Branch {
  readonly decision: Decision;
  readonly before: Branch | undefined;
}

/** How many transactions are named where no order was found. */
const maxNamed = 12;

/**
 * Looks for an order of the versions of keys whose order nobody could read, such that no cycle is forbidden. It guesses:
 * transactions are put in an order that agrees with all that is known and otherwise with time, and versions follow it.
 * If that makes a cycle, one of the guesses in it was wrong, and each is tried the other way round. To decide the
 * existence of such an order is NP-complete (Papadimitriou, "The serializability of concurrent database updates", 1979),
 * so the search has a budget; the first guess is nearly always right where all was well.
 */
export class VersionSearch {
  readonly #view: View;
  readonly #keys: readonly OpenKey[];
  readonly #edges: EdgeList;
  readonly #rank: Float64Array;
  readonly #known: number;

  constructor(view: View, keys: readonly OpenKey[], transactions: readonly Transaction[]) {
    this.#view = view;
    this.#keys = keys;
    this.#edges = new EdgeList(view);
    this.#known = this.#edges.length;
    this.#rank = Float64Array.from({ length: view.nodeCount }, (_, node) => rankOf(view, node, transactions));
  }

  run(budget: EdgeBudget): SearchResult {
    const branches: (Branch | undefined)[] = [undefined];
    const named = new Set<number>();
    while (branches.length > 0) {
      if (budget.edges <= 0) return { outcome: 'given-up' };
      const branch = branches.pop();
      const wrong = this.#try(branch, budget, named);
      if (wrong === undefined) return { outcome: 'found' };
      let kept = branch;
      for (const guess of wrong) {
        branches.push({ decision: { first: guess.second, second: guess.first }, before: kept });
        kept = { decision: guess, before: kept };
      }
    }
    return { outcome: 'none', transactions: [...named].toSorted((left, right) => left - right) };
  }

  /** The guesses of which one is wrong; none where the branch itself is; undefined where all went well. */
  #try(branch: Branch | undefined, budget: EdgeBudget, named: Set<number>): readonly Decision[] | undefined {
    this.#edges.cut(this.#known);
    for (let at = branch; at !== undefined; at = at.before) this.#put(at.decision, undecided);
    const sorted = this.#edges.sort(this.#rank);
    budget.edges -= this.#edges.length;
    if (!sorted.isSorted) {
      this.#name(sorted.nodes, named);
      return [];
    }
    const guesses = this.#guess(sorted.positions);
    const result = this.#edges.sort(this.#rank);
    budget.edges -= this.#edges.length;
    if (result.isSorted) return undefined;
    this.#name(result.nodes, named);
    const tags = new Set(result.tags.filter((tag) => tag !== undecided));
    return [...tags].flatMap((tag) => guesses[tag] ?? []);
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

  #name(nodes: readonly number[], named: Set<number>): void {
    for (const node of nodes) {
      const vertex = this.#view.vertexOf(node);
      if (!this.#view.graph.isJunction(vertex) && named.size < maxNamed) named.add(vertex);
    }
  }
}

/** Commits are put where they were known, starts where they were asked for, and moments as early as they can be. */
function rankOf(view: View, node: number, transactions: readonly Transaction[]): number {
  const transaction = transactions[view.vertexOf(node)];
  if (transaction === undefined) return -1;
  const isStart = view.level === 'snapshots' && node < view.graph.transactionCount;
  return isStart || transaction.completedAt === Number.POSITIVE_INFINITY ? transaction.invokedAt : transaction.completedAt;
}
