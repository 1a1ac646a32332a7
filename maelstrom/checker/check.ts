/**
 * Judges a history: is there, for every key, an order of its operations that respects real time and in which every read
 * and cas sees what the operations before it left? A history is linearizable exactly when the part of each key is
 * (Herlihy and Wing, "Linearizability", section 3.1), so each key is searched on its own.
 */
import { canonical } from '../../src/json.ts';
import type { Json } from '../../src/json.ts';
import type { Operation } from '../operations.ts';
import { search } from './search.ts';
import type { SearchResult } from './search.ts';
import { constrains } from './steps.ts';

/** What a check may use. Where it does not suffice the verdict is `unknown`. */
export interface Budget {
  /** A clock in milliseconds, from any origin. */
  readonly nowMs: () => number;
  /** For the whole check. */
  readonly timeMs: number;
  /** Bounds the memory for the configurations of the key that is being searched; other memory follows the history. */
  readonly cacheBytes: number;
}

/** What suffices for the histories that people record: a minute, and half a gibibyte. */
export const defaultBudget = { timeMs: 60_000, cacheBytes: 512 * 1024 * 1024 };

export type Verdict = SearchResult['verdict'];

export type KeyResult = SearchResult & {
  readonly key: Json;
  /** The operations on this key that say something about its values, in the order of their invocations. */
  readonly operations: readonly Operation[];
  /** How many configurations the search has been in: the measure of its work. */
  readonly configurations: number;
};

export interface Report {
  /** `not-linearizable` where one key is, whatever is unknown of others; `unknown` where one is and none is wrong. */
  readonly verdict: Verdict;
  /** In the order in which the history first uses them. */
  readonly keys: readonly KeyResult[];
}

/**
 * Checks the operations of a history, given in the order of their invocations. Keys with few operations come first and
 * a key gets an equal share of the time that is left, so one that is hard takes none from those that are easy.
 */
export function checkHistory(operations: readonly Operation[], { budget }: { readonly budget: Budget }): Report {
  const keys = partition(operations);
  const deadlineMs = budget.nowMs() + budget.timeMs;
  const results = new Map<Operation[], KeyResult>();
  for (const part of keys.toSorted((left, right) => left.operations.length - right.operations.length)) {
    const startMs = budget.nowMs();
    const endMs = startMs + (deadlineMs - startMs) / (keys.length - results.size);
    const limit = { outOfTime: () => budget.nowMs() >= endMs, cacheBytes: budget.cacheBytes };
    const { result, configurations } = search(part.operations, limit);
    results.set(part.operations, { ...part, ...result, configurations });
  }
  const inOrder = keys.flatMap((part) => results.get(part.operations) ?? []);
  return { verdict: worst(inOrder), keys: inOrder };
}

function partition(operations: readonly Operation[]): { readonly key: Json; readonly operations: Operation[] }[] {
  const parts = new Map<string, { readonly key: Json; readonly operations: Operation[] }>();
  for (const operation of operations.filter(constrains)) {
    const name = canonical(operation.key);
    const part = parts.get(name);
    if (part === undefined) {
      parts.set(name, { key: operation.key, operations: [operation] });
    } else {
      part.operations.push(operation);
    }
  }
  return [...parts.values()];
}

function worst(results: readonly KeyResult[]): Verdict {
  const verdicts = new Set(results.map((result) => result.verdict));
  if (verdicts.has('not-linearizable')) return 'not-linearizable';
  return verdicts.has('unknown') ? 'unknown' : 'linearizable';
}
