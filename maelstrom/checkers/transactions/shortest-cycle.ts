import type { Cycle, CycleEdge } from './cycle.ts';
import { antiDependencies, edge } from './graph.ts';
import { IntegerList } from './integer-list.ts';
import type { Transaction } from './transaction.ts';
import type { View } from './view.ts';

const unreached = -1;

/** What a search may cost, in steps; shared by all searches of a history. */
export interface StepBudget {
  steps: number;
}

/** `anti` is how many rw edges the cycle may have. */
export interface Wanted {
  readonly anti: 1 | 'any';
}

/**
 * Finds a cycle of as few transactions as it can in a strongly connected component: breadth first from each
 * transaction in turn, no further than the shortest cycle found so far. That is the shortest one unless the budget ends
 * first; the first search is always made to its end, so that some cycle is found where there is one.
 *
 * That a cycle is closed by the order of time or of a client is seen from the two transactions. So a first round does
 * without the edges that say so: from each transaction they would lead to all later ones.
 */
export class ShortestCycleSearch {
  readonly #transactions: readonly Transaction[];
  readonly #distance: Int32Array;
  readonly #cameFrom: Int32Array;
  readonly #cameBy: Int32Array;
  readonly #touched = new IntegerList();

  constructor(transactions: readonly Transaction[], nodeCount: number) {
    this.#transactions = transactions;
    // Each node twice: before and after an rw edge, for cycles that may have only one.
    this.#distance = new Int32Array(2 * nodeCount).fill(unreached);
    this.#cameFrom = new Int32Array(2 * nodeCount);
    this.#cameBy = new Int32Array(2 * nodeCount);
  }

  find(view: View, nodes: readonly number[], wanted: Wanted, budget: StepBudget): Cycle | undefined {
    const starts = nodes
      .filter((node) => node < view.graph.transactionCount)
      .toSorted((left, right) => left - right);
    const rounds = view.variant === '' ? [false] : [true, false];
    for (const isClosedBySession of rounds) {
      let best: Cycle | undefined;
      for (const start of starts) {
        const isSpent = budget.steps <= 0;
        if (isSpent && (best !== undefined || isClosedBySession)) break;
        const limit = best === undefined ? Number.POSITIVE_INFINITY : best.length;
        best = this.#from(view, start, limit, wanted, isClosedBySession, budget) ?? best;
        if (best?.length === 2) return best;
      }
      if (best !== undefined) return best;
    }
    return undefined;
  }

  /** The shortest cycle through a start that has less than `limit` edges. */
  #from(
    view: View,
    start: number,
    limit: number,
    { anti }: Wanted,
    isClosedBySession: boolean,
    budget: StepBudget,
  ): Cycle | undefined {
    const { graph } = view;
    const sessionKinds = isClosedBySession ? edge.process | edge.realTime : 0;
    // Nodes at the same distance; a step that costs nothing adds to the one that is being worked on.
    let here = [start];
    let found: Cycle | undefined;
    this.#reach(start, 0, unreached, unreached);
    for (let distance = 0; here.length > 0 && distance + 1 < limit && found === undefined; distance += 1) {
      const next: number[] = [];
      for (const state of here) {
        if (this.#distance[state] !== distance) continue;
        const node = state % view.nodeCount;
        const hasAnti = state >= view.nodeCount;
        if (distance > 0 && isClosedBySession && this.#closes(view, node, start)) {
          found = this.#cycleTo(view, state, this.#sessionEdge(view, node, start));
          break;
        }
        for (let step = view.firstStep(node), end = view.endOfSteps(node); step < end; step += 1) {
          budget.steps -= 1;
          const target = view.target(node, step);
          if (target === -1) continue;
          const isOwn = view.isOwnStep(node, step);
          const kind = isOwn ? 0 : graph.kind(step);
          if ((kind & sessionKinds) !== 0) continue;
          const isFree = isOwn || graph.isJunction(view.vertexOf(node));
          const takesAnti = !isFree && (kind & antiDependencies) !== 0;
          if (takesAnti && anti === 1 && hasAnti) continue;
          const cost = isFree ? distance : distance + 1;
          if (target === start) {
            found = this.#cycleTo(view, state, undefined, step);
            break;
          }
          const targetState = anti === 1 && (hasAnti || takesAnti) ? target + view.nodeCount : target;
          const known = this.#distance[targetState] ?? unreached;
          if (known !== unreached && known <= cost) continue;
          this.#reach(targetState, cost, state, step);
          (isFree ? here : next).push(targetState);
        }
        if (found !== undefined) break;
      }
      here = next;
    }
    this.#forget();
    return found !== undefined && found.length < limit ? found : undefined;
  }

  #reach(state: number, distance: number, from: number, by: number): void {
    if (this.#distance[state] === unreached) this.#touched.push(state);
    this.#distance[state] = distance;
    this.#cameFrom[state] = from;
    this.#cameBy[state] = by;
  }

  #forget(): void {
    while (this.#touched.length > 0) this.#distance[this.#touched.pop()] = unreached;
  }

  /** Whether the transaction of a node ended before that of the start began, as far as the view looks at that. */
  #closes(view: View, node: number, start: number): boolean {
    const vertex = view.vertexOf(node);
    // Before its own commit nothing follows a transaction in time.
    if (view.graph.isJunction(vertex) || (view.level === 'snapshots' && node === vertex)) return false;
    const [last, first] = [this.#transaction(vertex), this.#transaction(start)];
    if (last.outcome !== 'ok' || last.completedAt >= first.invokedAt) return false;
    return view.variant === '-realtime' || last.process === first.process;
  }

  #sessionEdge(view: View, node: number, start: number): CycleEdge {
    const from = view.vertexOf(node);
    const isOneClient = this.#transaction(from).process === this.#transaction(start).process;
    return { from, to: start, kind: isOneClient ? edge.process : edge.realTime, key: -1 };
  }

  #transaction(place: number): Transaction {
    const transaction = this.#transactions[place];
    if (transaction === undefined) throw new Error(`transaction ${place} of ${this.#transactions.length} does not exist`);
    return transaction;
  }

  /** The way to a state, closed by an edge to the start, or by a step. Undefined where a transaction is met twice. */
  #cycleTo(view: View, state: number, closing: CycleEdge | undefined, step = unreached): Cycle | undefined {
    const { graph } = view;
    const taken: { readonly vertex: number; readonly step: number }[] = [];
    if (step !== unreached) taken.push({ vertex: view.vertexOf(state % view.nodeCount), step });
    for (let at = state; this.#cameFrom[at] !== unreached; at = this.#cameFrom[at] ?? unreached) {
      const from = this.#cameFrom[at] ?? unreached;
      const node = from % view.nodeCount;
      const by = this.#cameBy[at] ?? unreached;
      if (!view.isOwnStep(node, by)) taken.push({ vertex: view.vertexOf(node), step: by });
    }
    const edges: CycleEdge[] = [];
    for (const { vertex, step: by } of taken.toReversed()) {
      const to = graph.target(by);
      const last = edges.at(-1);
      if (!graph.isJunction(vertex)) edges.push({ from: vertex, to, kind: graph.kind(by), key: graph.key(by) });
      else if (last !== undefined) edges[edges.length - 1] = { ...last, to };
    }
    const cycle = closing === undefined ? edges : [...edges, closing];
    return new Set(cycle.map(({ from }) => from)).size === cycle.length ? merged(cycle) : undefined;
  }
}

const session = edge.process | edge.realTime;

/** Two session edges one after the other are one: what ended before something ended before what came after that. */
function merged(cycle: Cycle): Cycle {
  const edges: CycleEdge[] = [];
  for (const next of cycle) {
    const last = edges.at(-1);
    if (last !== undefined && (last.kind & session) !== 0 && (next.kind & session) !== 0) {
      const kind = last.kind === next.kind ? last.kind : edge.realTime;
      edges[edges.length - 1] = { ...last, to: next.to, kind };
    } else edges.push(next);
  }
  return edges;
}
