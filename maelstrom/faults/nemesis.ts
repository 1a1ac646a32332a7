import { Random } from '../../src/index.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Fault, FaultMaker } from './fault.ts';
import { killFault, pauseFault } from './nodes.ts';
import { partitionFault } from './partition.ts';
import { servicesFault } from './services.ts';
import type { NemesisEvent } from '../history/history.ts';
import type { Unstamped } from '../history/recorder.ts';

/** The faults that can be asked for with `--nemesis`. */
export const faultNames = ['partition', 'kill', 'pause', 'services'] as const;
export type FaultName = (typeof faultNames)[number];

const makers: Readonly<Record<FaultName, FaultMaker>> = {
  partition: partitionFault,
  kill: killFault,
  pause: pauseFault,
  services: servicesFault,
};

/** How long a fault takes to come, and lasts, at least and at most, in intervals. */
const shortestWait = 0.5;
export const longestWait = 1.5;

export interface NemesisOptions {
  readonly faults: readonly FaultName[];
  readonly intervalMs: number;
  readonly random: Random;
}

/** A fault with its own times. */
interface Recurring {
  readonly name: FaultName;
  readonly fault: Fault;
  readonly random: Random;
  isInForce: boolean;
  cancel: () => void;
}

/**
 * What goes wrong, when. Each fault comes and goes at times of its own, so that they overlap in ever new ways: it waits
 * for about an interval, lasts for about another, and so on, each of them being drawn from half an interval to one and
 * a half. The times and victims of a fault follow from the seed, whichever other faults there are.
 */
export class Nemesis {
  readonly #cluster: Cluster;
  readonly #intervalMs: number;
  readonly #faults: readonly Recurring[];
  readonly #record: (event: Unstamped<NemesisEvent>) => void;

  constructor(cluster: Cluster, options: NemesisOptions, record: (event: Unstamped<NemesisEvent>) => void) {
    this.#cluster = cluster;
    this.#intervalMs = options.intervalMs;
    this.#record = record;
    // Every fault gets its seed, asked for or not: what it does must not depend on which others are.
    const seeds = faultNames.map((name) => ({ name, seed: options.random.integer(2 ** 32) }));
    this.#faults = seeds
      .filter(({ name }) => options.faults.includes(name))
      .map(({ name, seed }) => {
        const random = new Random(seed);
        return { name, fault: makers[name](cluster, random), random, isInForce: false, cancel: () => {} };
      });
  }

  start(): void {
    for (const recurring of this.#faults) this.#planNext(recurring);
  }

  /** Ends all faults for good: the network is whole, and every node is started again or goes on. */
  stop(): void {
    for (const recurring of this.#faults) {
      recurring.cancel();
      if (recurring.isInForce) this.#end(recurring);
    }
  }

  #planNext(recurring: Recurring): void {
    const intervals = shortestWait + (longestWait - shortestWait) * recurring.random.fraction();
    recurring.cancel = this.#cluster.after(intervals * this.#intervalMs, () => {
      if (recurring.isInForce) this.#end(recurring);
      else this.#begin(recurring);
      this.#planNext(recurring);
    });
  }

  #begin(recurring: Recurring): void {
    recurring.isInForce = true;
    const value = recurring.fault.begin();
    this.#record({ process: 'nemesis', type: 'info', f: `start-${recurring.name}`, value });
  }

  #end(recurring: Recurring): void {
    recurring.isInForce = false;
    const value = recurring.fault.end();
    this.#record({ process: 'nemesis', type: 'info', f: `stop-${recurring.name}`, value });
  }
}
