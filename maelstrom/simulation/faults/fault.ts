import type { Random } from '../../../src/index.ts';
import { chance, pickAny } from '../draw.ts';
import type { Machine } from '../machine.ts';
import type { SimulatedNetwork } from '../network.ts';
import type { Plan } from '../plan.ts';
import type { Tally } from '../tally.ts';
import type { VirtualTime } from '../virtual-time.ts';

/** What faults are made to. */
export interface Surroundings {
  readonly plan: Plan;
  readonly time: VirtualTime;
  readonly machines: readonly Machine[];
  readonly network: SimulatedNetwork;
  readonly tally: Tally;
  /** Says what has been done to nobody in particular. */
  readonly note: ((what: string) => void) | undefined;
}

/** Breaks something, and returns how to mend it. */
export type Fault = (surroundings: Surroundings, random: Random) => () => void;

/** A machine to be hit: half of the time that of the leader, where there is one, for that hurts most. */
export function drawVictim({ machines }: Pick<Surroundings, 'machines'>, random: Random): Machine {
  const leaders = machines.filter(({ view }) => view?.status.role === 'leader');
  const victim = (chance(random, 1 / 2) ? pickAny(random, leaders) : undefined) ?? pickAny(random, machines);
  if (victim === undefined) throw new Error('a cluster needs a machine');
  return victim;
}
