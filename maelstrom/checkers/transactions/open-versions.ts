/**
 * Looks, where no anomaly was found, whether the versions whose order no read shows can be put in an order at all: two
 * writes may each be free to come first, and yet whichever does, a cycle follows.
 */
import { variants } from './anomalies.ts';
import type { CycleExists, Variant } from './anomalies.ts';
import type { DependencyGraph } from './graph.ts';
import { impliedModels } from './models.ts';
import type { OpenKey } from './open-orders.ts';
import type { TransactionHistory } from './transaction.ts';
import type { EdgeBudget } from './order-problem.ts';
import { searchVersions } from './version-search.ts';
import { View } from './view.ts';

/** Some seconds. */
const searchEdges = 100_000_000;

interface Level {
  readonly level: 'all' | 'snapshots';
  readonly variant: Variant;
  readonly model: string;
  readonly anomaly: CycleExists;
}

const models: Readonly<Record<Variant, readonly (readonly [Level['level'], string, CycleExists])[]>> = {
  '': [
    ['all', 'serializable', 'PL-3-cycle-exists'],
    ['snapshots', 'snapshot-isolation', 'PL-SI-cycle-exists'],
  ],
  '-process': [
    ['all', 'strong-session-serializable', 'strong-session-serializable-cycle-exists'],
    ['snapshots', 'strong-session-snapshot-isolation', 'strong-session-snapshot-isolation-cycle-exists'],
  ],
  '-realtime': [
    ['all', 'strict-serializable', 'PL-SS-cycle-exists'],
    ['snapshots', 'strong-snapshot-isolation', 'strong-snapshot-isolation-cycle-exists'],
  ],
};

/** From strong to weak. */
const searched: readonly Level[] = variants.toReversed().flatMap((variant) => {
  return models[variant].map(([level, model, anomaly]) => ({ level, variant, model, anomaly }));
});

export interface OpenVersions {
  /** What was found, with transactions that took part in it. */
  readonly found: readonly { readonly anomaly: CycleExists; readonly transactions: readonly number[] }[];
  /** Models of which it was not found out in time. */
  readonly undecided: readonly string[];
}

/** `violated` are the models, by friendly name, that are known not to hold. */
export function searchOpenVersions(
  graph: DependencyGraph,
  { transactions, type }: TransactionHistory,
  keys: readonly OpenKey[],
  violated: ReadonlySet<string>,
): OpenVersions {
  const held = new Set<string>();
  const found: { readonly anomaly: CycleExists; readonly transactions: readonly number[] }[] = [];
  const undecided: string[] = [];
  const budget: EdgeBudget = { edges: searchEdges };
  const components = new Int32Array(graph.vertexCount);
  for (const { level, variant, model, anomaly } of keys.length === 0 ? [] : searched) {
    if (violated.has(model) || held.has(model)) continue;
    // Nobody read the appends that are open, so any order of transactions that explains the reads is one for them too.
    if (type === 'list-append' && level === 'all') hold(model, held);
    else {
      const result = searchVersions(new View(graph, level, variant, components), keys, transactions, budget);
      if (result.outcome === 'found') hold(model, held);
      else if (result.outcome === 'none') found.push({ anomaly, transactions: result.transactions });
      else undecided.push(model);
    }
  }
  return { found, undecided };
}

/** What a stronger model was found for, weaker ones have as well. */
function hold(model: string, held: Set<string>): void {
  for (const weaker of impliedModels([model])) held.add(weaker);
}
