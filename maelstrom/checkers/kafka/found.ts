import type { Json } from '../../../src/services/json.ts';

/** What can be wrong with a log, by Jepsen's names where it has them; the worst first. */
export const anomalies = {
  'lost-write': 'Lost write',
  'inconsistent-offsets': 'Inconsistent offsets',
  duplicate: 'Duplicate',
  'never-sent': 'Message that was never sent',
  G1a: 'Aborted read',
  'read-before-sent': 'Message polled before it was sent',
  'precommitted-read': 'Precommitted read',
  'poll-skip': 'Poll skip',
  'nonmonotonic-poll': 'Nonmonotonic poll',
  'int-poll-skip': 'Internal poll skip',
  'int-nonmonotonic-poll': 'Internal nonmonotonic poll',
  'nonmonotonic-send': 'Nonmonotonic send',
  'int-nonmonotonic-send': 'Internal nonmonotonic send',
  unseen: 'Unseen',
  'int-send-skip': 'Internal send skip',
} as const;
export type AnomalyName = keyof typeof anomalies;

const names = Object.keys(anomalies).filter((name): name is AnomalyName => name in anomalies);

/** So many of each kind are told; the others are counted. */
export const maxExamples = 8;

export interface Example {
  /** What happened, as a sentence. */
  readonly text: string;
  /** The same for results.json. */
  readonly facts: Readonly<Record<string, Json>>;
}

export interface Anomaly {
  readonly name: AnomalyName;
  readonly count: number;
  readonly examples: readonly Example[];
}

/** Gathers what is wrong. Of the thousandth of a kind nothing is told, and nothing is kept. */
export class Found {
  readonly #counts = new Map<AnomalyName, number>();
  readonly #examples = new Map<AnomalyName, Example[]>();

  add(name: AnomalyName, tell: () => Example): void {
    const count = this.#counts.get(name) ?? 0;
    this.#counts.set(name, count + 1);
    if (count >= maxExamples) return;
    const examples = this.#examples.get(name) ?? [];
    examples.push(tell());
    this.#examples.set(name, examples);
  }

  get anomalies(): readonly Anomaly[] {
    return names.flatMap((name) => {
      const count = this.#counts.get(name);
      return count === undefined ? [] : [{ name, count, examples: this.#examples.get(name) ?? [] }];
    });
  }
}
