import type { Anomaly } from './anomalies.ts';
import type { Cycle } from './cycle.ts';

/** How many cases of each anomaly are kept; the others are counted. */
export const maxCases = 8;

/** One case of an anomaly. */
export interface Finding {
  readonly anomaly: Anomaly;
  /** What happened, each a sentence. */
  readonly sentences: readonly string[];
  /** The transactions that took part, by their places in the history. */
  readonly transactions: readonly number[];
  /** Where the anomaly is a cycle of dependencies. */
  readonly cycle?: Cycle;
}

/** All cases of one anomaly. */
export interface FindingGroup {
  readonly anomaly: Anomaly;
  readonly count: number;
  /** The first ones. */
  readonly cases: readonly Finding[];
}

/** Takes findings of all kinds; holds at most `maxCases` of each. */
export class FindingList {
  readonly #groups = new Map<Anomaly, { anomaly: Anomaly; count: number; cases: Finding[] }>();

  /** `describe` is called only where the case is kept. */
  add(anomaly: Anomaly, describe: () => Omit<Finding, 'anomaly'>): void {
    let group = this.#groups.get(anomaly);
    if (group === undefined) {
      group = { anomaly, count: 0, cases: [] };
      this.#groups.set(anomaly, group);
    }
    group.count += 1;
    if (group.cases.length < maxCases) group.cases.push({ anomaly, ...describe() });
  }

  get groups(): readonly FindingGroup[] {
    return [...this.#groups.values()];
  }
}
