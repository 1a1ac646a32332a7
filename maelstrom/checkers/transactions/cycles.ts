import { variants } from './anomalies.ts';
import type { Variant } from './anomalies.ts';
import { ComponentSearch } from './components.ts';
import type { Cycle } from './cycle.ts';
import type { DependencyGraph } from './graph.ts';
import { ShortestCycleSearch } from './shortest-cycle.ts';
import type { StepBudget } from './shortest-cycle.ts';
import type { Transaction } from './transaction.ts';
import { levels, View } from './view.ts';
import type { Level } from './view.ts';

/** Steps of all searches for short cycles together; some seconds. */
const searchSteps = 30_000_000;

/**
 * The cycles of a graph: from each strongly connected component a short one of each kind that is not implied by a worse
 * one found there. Whether there is a cycle at a level is always found out, in linear time.
 */
export function* cyclesOf(graph: DependencyGraph, transactions: readonly Transaction[]): Generator<Cycle> {
  const components = new Int32Array(graph.vertexCount);
  const finder = new CycleFinder(graph, transactions, components);
  const all = new ComponentSearch(graph.vertexCount).find(
    new View(graph, 'all', '-realtime', components),
    vertices(graph.vertexCount),
  );
  for (const [place, component] of all.entries()) for (const vertex of component) components[vertex] = place + 1;
  for (const component of all) yield* finder.inComponent(component);
}

function* vertices(count: number): Generator<number> {
  for (let vertex = 0; vertex < count; vertex += 1) yield vertex;
}

class CycleFinder {
  readonly #views: ReadonlyMap<string, View>;
  readonly #components: ComponentSearch;
  readonly #shortest: ShortestCycleSearch;
  readonly #budget: StepBudget = { steps: searchSteps };

  constructor(graph: DependencyGraph, transactions: readonly Transaction[], components: Int32Array) {
    const views = variants.flatMap((variant) => levels.map((level) => new View(graph, level, variant, components)));
    this.#views = new Map(views.map((view) => [`${view.level}${view.variant}`, view]));
    const nodeCount = Math.max(...views.map((view) => view.nodeCount));
    this.#components = new ComponentSearch(nodeCount);
    this.#shortest = new ShortestCycleSearch(transactions, nodeCount);
  }

  /**
   * For each variant the lowest level with a cycle is looked for; what is no lower than with the variant before is
   * implied.
   */
  *inComponent(component: readonly number[]): Generator<Cycle> {
    let known: Level | undefined;
    for (const variant of variants) {
      for (const level of levels) {
        if (level === known) break;
        const view = this.#view(level, variant);
        const smallest = this.#smallest(view, component);
        if (smallest === undefined) continue;
        const cycle = this.#cycleIn(view, smallest);
        if (cycle !== undefined) yield cycle;
        known = level;
        break;
      }
    }
  }

  #smallest(view: View, component: readonly number[]): readonly number[] | undefined {
    const parts = this.#components.find(view, component);
    return parts.toSorted((left, right) => left.length - right.length)[0];
  }

  /** Where no two rw follow each other, a cycle with only one is worse than one with several. */
  #cycleIn(view: View, part: readonly number[]): Cycle | undefined {
    const single = view.level === 'snapshots' ? this.#shortest.find(view, part, { anti: 1 }, this.#budget) : undefined;
    return single ?? this.#shortest.find(view, part, { anti: 'any' }, this.#budget);
  }

  #view(level: Level, variant: Variant): View {
    const view = this.#views.get(`${level}${variant}`);
    if (view === undefined) throw new Error(`there is no view ${level}${variant}`);
    return view;
  }
}
