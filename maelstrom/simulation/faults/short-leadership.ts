import type { Random } from '../../../src/index.ts';
import { between, chance, exponential, pick, stream } from '../world/draw.ts';
import { cutOff } from './cuts.ts';
import type { Surroundings, Victim } from './fault.ts';

/** How much rarer it is that a leader falls at a commit than that it falls soon after its election. */
const shareAtCommit = 1 / 20;

/**
 * Leaders that fall soon after they have won, with what they have begun in some logs and not in others: what the figures
 * 7 and 8 of the Raft paper are made of. They are killed, stopped or cut off, and come back while others lead.
 */
export class ShortLeaderships {
  readonly #surroundings: Surroundings;
  readonly #random: Random;
  readonly #mends = new Set<() => void>();
  #isOver = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#random = stream(surroundings.plan.seed, 'short-leadership');
  }

  /** A node has won an election. */
  begins(machine: Victim): void {
    const { plan, time } = this.#surroundings;
    if (this.#isOver || !chance(this.#random, plan.shortLeadershipRate)) return;
    time.after(exponential(this.#random, plan.shortLeadershipMs), () => {
      if (!this.#isOver) this.#fall(machine);
    });
  }

  /** A leader has found something committed; what it sends next may be the last that is heard of it, or not get there. */
  commits(machine: Victim): void {
    const { plan, time } = this.#surroundings;
    if (this.#isOver || !chance(this.#random, plan.shortLeadershipRate * shareAtCommit)) return;
    time.after(0, () => {
      if (!this.#isOver) this.#fall(machine);
    });
  }

  /** What has fallen is up again. */
  stop(): void {
    this.#isOver = true;
    for (const mend of this.#mends) mend();
  }

  #fall(machine: Victim): void {
    const { plan, time, tally } = this.#surroundings;
    tally.add('short leaderships');
    const mendNow = this.#break(machine);
    const mend = (): void => {
      if (this.#mends.delete(mend)) mendNow();
    };
    this.#mends.add(mend);
    time.after(plan.electionTimeoutMs * pick(this.#random, [0.5, 2, 4]) * between(this.#random, 0.5, 1.5), mend);
  }

  #break(machine: Victim): () => void {
    switch (this.#random.integer(5)) {
      case 0:
        machine.kill();
        return () => machine.start();
      case 1:
        machine.cutPower();
        return () => machine.start();
      case 2:
        machine.pause();
        return () => machine.resume();
      default:
        return cutOff(this.#surroundings, this.#random, machine);
    }
  }
}
