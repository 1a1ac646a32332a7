import type { Random } from '../../../src/index.ts';
import { exponential, stream } from '../world/draw.ts';
import type { Rhythm, TimedFaultName } from '../plan/plan.ts';
import { bridge, flapping, lossyLinks, oneWay, partition } from './cuts.ts';
import type { Fault, Surroundings, Victim } from './fault.ts';
import { membership } from './membership.ts';
import { ShortLeaderships } from './short-leadership.ts';
import { slowAnswers, slowFollower } from './slow-answers.ts';
import { blackout, clock, crash, failingDisk, fullDisk, pause, powerCut, slowDisk } from './machines.ts';

const faults: Readonly<Record<TimedFaultName, Fault>> = {
  partition,
  'one-way': oneWay,
  'slow-answers': slowAnswers,
  bridge,
  flapping,
  'lossy-links': lossyLinks,
  crash,
  'power-cut': powerCut,
  blackout,
  pause,
  clock,
  'slow-disk': slowDisk,
  'failing-disk': failingDisk,
  'full-disk': fullDisk,
  membership,
};

/** A fault that comes and goes at times of its own. */
interface Recurring {
  readonly fault: Fault;
  readonly rhythm: Rhythm;
  readonly random: Random;
  mend: (() => void) | undefined;
  cancel: () => void;
}

/** What goes wrong, when: each fault in its own rhythm, whichever other faults there are. */
export class Nemesis {
  readonly #surroundings: Surroundings;
  readonly #recurring: readonly Recurring[];
  readonly #shortLeaderships: ShortLeaderships;
  readonly #random: Random;
  #isOver = false;

  constructor(surroundings: Surroundings) {
    const { seed, rhythms } = surroundings.plan;
    this.#surroundings = surroundings;
    this.#shortLeaderships = new ShortLeaderships(surroundings);
    this.#random = stream(seed, 'new leaders');
    this.#recurring = [...rhythms].map(([name, rhythm]) => {
      return { fault: faults[name], rhythm, random: stream(seed, name), mend: undefined, cancel: () => {} };
    });
  }

  start(): void {
    for (const recurring of this.#recurring) this.#planNext(recurring);
  }

  /** A node has won an election. */
  leaderElected(machine: Victim): void {
    this.#shortLeaderships.begins(machine);
    if (!this.#isOver) slowFollower(this.#surroundings, this.#random, machine);
  }

  /** A leader has found something committed. */
  leaderCommitted(machine: Victim): void {
    this.#shortLeaderships.commits(machine);
  }

  /** Ends all faults for good. */
  stop(): void {
    this.#isOver = true;
    this.#shortLeaderships.stop();
    for (const recurring of this.#recurring) {
      recurring.cancel();
      recurring.mend?.();
    }
  }

  #planNext(recurring: Recurring): void {
    const { rhythm, random, mend } = recurring;
    const delayMs = exponential(random, mend === undefined ? rhythm.everyMs : rhythm.forMs);
    recurring.cancel = this.#surroundings.time.after(delayMs, () => {
      if (mend === undefined) {
        recurring.mend = recurring.fault(this.#surroundings, random);
      } else {
        recurring.mend = undefined;
        mend();
      }
      this.#planNext(recurring);
    });
  }
}
