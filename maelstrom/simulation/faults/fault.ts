import type { Members, Random } from '../../../src/index.ts';
import type { Plan } from '../plan/plan.ts';
import type { Tally } from '../record/tally.ts';
import { chance, pickAny } from '../world/draw.ts';
import type { DiskCondition } from '../world/file-system.ts';
import type { SimulatedNetwork } from '../world/network.ts';
import type { VirtualTime } from '../world/virtual-time.ts';

/** A machine, as far as faults are concerned. */
export interface Victim {
  readonly nodeId: string;
  /** Whether its node is up and believes to lead. */
  readonly isLeader: boolean;
  /** Who takes part, by what its node has in its log; undefined while it is down. */
  readonly members: Members | undefined;
  /** How its disk behaves. */
  readonly condition: DiskCondition;
  /** Hands a client's line to its node. */
  deliver(line: string): void;
  start(): void;
  kill(): void;
  cutPower(): void;
  pause(): void;
  resume(): void;
  /** Starts the node again some time from now, unless it is up by then. */
  planRestart(): void;
  clockJumps(forwardMs: number, rate: number): void;
}

/** What faults are made to. */
export interface Surroundings {
  readonly plan: Plan;
  readonly time: VirtualTime;
  readonly machines: readonly Victim[];
  readonly network: SimulatedNetwork;
  readonly tally: Tally;
  /** Says what has been done to the cluster as a whole. */
  readonly note: ((what: string) => void) | undefined;
}

/** Breaks something, and returns how to mend it. */
export type Fault = (surroundings: Surroundings, random: Random) => () => void;

/** A machine to be hit: half of the time that of the leader, where there is one, for that hurts most. */
export function drawVictim({ machines }: Pick<Surroundings, 'machines'>, random: Random): Victim {
  const leaders = machines.filter(({ isLeader }) => isLeader);
  const victim = (chance(random, 1 / 2) ? pickAny(random, leaders) : undefined) ?? pickAny(random, machines);
  if (victim === undefined) throw new Error('a cluster needs a machine');
  return victim;
}
