/**
 * Judges a history: is there, for every key, an order of its operations that respects real time and in which every read
 * and cas sees what the operations before it left? A history is linearizable exactly when the part of each key is
 * (Herlihy and Wing, "Linearizability", section 3.1), so each key is searched on its own.
 */
import { canonical } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';
import type { Operation } from '../../history/operations.ts';
import { decide } from './decide.ts';
import type { Limit } from './decide.ts';
import { firstWrong } from './first-wrong.ts';
import type { FirstWrong } from './first-wrong.ts';
import { constrains, wholeOf } from './part.ts';
import { faultIn } from './verify.ts';

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

export type Verdict = KeyVerdict['verdict'];

type KeyVerdict =
  | {
      readonly verdict: 'linearizable';
      /** Everything that happened, and of what may have happened as much as it takes, in an order that explains it. */
      readonly order: readonly Operation[];
    }
  | ({
      readonly verdict: 'not-linearizable';
      /** The other operations on this key, in the same order: they failed, or are reads that did not come back. */
      readonly others: readonly Operation[];
    } & FirstWrong)
  | { readonly verdict: 'unknown'; readonly exhausted: 'time' | 'memory' };

export type KeyResult = KeyVerdict & {
  readonly key: Json;
  /** The operations on this key that say something about its values, in the order of their invocations. */
  readonly operations: readonly Operation[];
  /** What the register held before all of them; null where it held nothing. */
  readonly initial: Json;
  /** How many configurations the search has been in: the measure of its work. */
  readonly configurations: number;
};

export type WrongKey = KeyResult & { readonly verdict: 'not-linearizable' };

export interface Report {
  /** `not-linearizable` where one key is, whatever is unknown of others; `unknown` where one is and none is wrong. */
  readonly verdict: Verdict;
  /** In the order in which the history first uses them. */
  readonly keys: readonly KeyResult[];
}

export interface CheckOptions {
  readonly budget: Budget;
  /** What every register holds at first: nothing, which is null, unless something else is given. */
  readonly initial?: Json;
}

/**
 * Checks the operations of a history, given in the order of their invocations. Keys with few operations come first and
 * a key gets an equal share of the time that is left, so one that is hard takes none from those that are easy.
 */
export function checkHistory(operations: readonly Operation[], { budget, initial = null }: CheckOptions): Report {
  const keys = partition(operations, initial);
  const deadlineMs = budget.nowMs() + budget.timeMs;
  const results = new Map<KeyPart, KeyResult>();
  for (const part of keys.toSorted((left, right) => left.operations.length - right.operations.length)) {
    const startMs = budget.nowMs();
    const shareMs = (deadlineMs - startMs) / (keys.length - results.size);
    const until = (endMs: number): Limit => {
      return { isOver: () => budget.nowMs() >= endMs, cacheBytes: budget.cacheBytes };
    };
    results.set(part, checkKey(part, until(startMs + shareForVerdict * shareMs), until(startMs + shareMs)));
  }
  const inOrder = keys.flatMap((part) => results.get(part) ?? []);
  return { verdict: worst(inOrder), keys: inOrder };
}

/** How much of the time of a key may pass until there is a verdict; the rest is for the place where it is wrong. */
const shareForVerdict = 0.8;

function checkKey({ key, operations, others, initial }: KeyPart, forVerdict: Limit, forPlace: Limit): KeyResult {
  const part = wholeOf(operations, initial);
  const decision = decide(part, forVerdict);
  const of = { key, operations, initial, configurations: decision.configurations };
  switch (decision.kind) {
    case 'order': {
      const fault = faultIn(decision.order, part);
      if (fault !== undefined) throw new Error(`assertion: the order that was found has ${fault}`);
      return { ...of, verdict: 'linearizable', order: decision.order };
    }
    case 'none': {
      const place = firstWrong(part, decision, forPlace);
      return { ...of, verdict: 'not-linearizable', others, ...place };
    }
    case 'unknown':
      return { ...of, verdict: 'unknown', exhausted: decision.exhausted };
  }
}

type KeyPart = Pick<WrongKey, 'key' | 'operations' | 'others' | 'initial'>;

/** By key, those keys left out of which nothing was seen. */
function partition(operations: readonly Operation[], initial: Json): readonly KeyPart[] {
  const parts = new Map<string, KeyPart & { readonly operations: Operation[]; readonly others: Operation[] }>();
  for (const operation of operations) {
    const name = canonical(operation.key);
    const part = parts.get(name) ?? { key: operation.key, operations: [], others: [], initial };
    parts.set(name, part);
    (constrains(operation) ? part.operations : part.others).push(operation);
  }
  return [...parts.values()].filter((part) => part.operations.length > 0);
}

function worst(results: readonly KeyResult[]): Verdict {
  const verdicts = new Set(results.map((result) => result.verdict));
  if (verdicts.has('not-linearizable')) return 'not-linearizable';
  return verdicts.has('unknown') ? 'unknown' : 'linearizable';
}
