import { chance, logarithmic, pick } from '../world/draw.ts';
import { drawClockRate } from '../plan/swarm.ts';
import { shuffle } from '../../faults/fault.ts';
import type { Random } from '../../../src/index.ts';
import { drawVictim } from './fault.ts';
import type { Fault, Surroundings, Victim } from './fault.ts';

/** Kills a node; it is started again. What it has written, synced or not, is there. */
export const crash: Fault = (surroundings, random) => {
  const victim = drawVictim(surroundings, random);
  surroundings.tally.add('nodes killed');
  victim.kill();
  return () => victim.start();
};

/** Takes the power from a machine; what was not synced is there or not, sector by sector. */
export const powerCut: Fault = (surroundings, random) => {
  const victim = drawVictim(surroundings, random);
  surroundings.tally.add('power cuts');
  victim.cutPower();
  return () => victim.start();
};

/** Takes the power from several machines at once, from all of them at worst. They come back one by one. */
export const blackout: Fault = (surroundings, random) => {
  const { plan, machines, tally } = surroundings;
  const count = chance(random, 1 / 3) ? plan.nodeIds.length : 2 + random.integer(plan.nodeIds.length - 1);
  const hit = new Set(shuffle(plan.nodeIds, random).slice(0, count));
  const victims = machines.filter(({ nodeId }) => hit.has(nodeId));
  tally.add('several down at once');
  for (const victim of victims) victim.cutPower();
  return () => {
    for (const victim of victims) victim.planRestart();
  };
};

/** Pauses a node. What it is sent waits for it, and its clock goes on. */
export const pause: Fault = (surroundings, random) => {
  const victim = drawVictim(surroundings, random);
  surroundings.tally.add('pauses');
  victim.pause();
  return () => victim.resume();
};

/**
 * A clock jumps forward, and goes on at another rate. Nothing that is safe may depend on it; what comes to depend on a
 * bound of drift (leases) has to be tried with clocks that keep it.
 */
export const clock: Fault = (surroundings, random) => {
  const victim = drawVictim(surroundings, random);
  const { machines } = surroundings;
  const hit = chance(random, 1 / 3) ? machines.filter((machine) => machine !== victim) : [victim];
  for (const machine of hit) jump(surroundings, random, machine, chance(random, 3 / 4) ? logarithmic(random, 0.05, 4) : 0);
  return () => {};
};

/** A clock jumps by so many election timeouts, and goes on at another rate. */
export function jump({ plan, tally }: Surroundings, random: Random, machine: Victim, electionTimeouts: number): void {
  tally.add('clock jumps');
  const forwardMs = plan.hasLeases ? 0 : plan.electionTimeoutMs * electionTimeouts;
  machine.clockJumps(forwardMs, drawClockRate(random, plan.clockRange));
}

export const slowDisk: Fault = (surroundings, random) => {
  const { condition } = drawVictim(surroundings, random);
  surroundings.tally.add('slow disks');
  const usualMs = surroundings.plan.diskMeanMs;
  condition.meanMs = usualMs * logarithmic(random, 5, 100);
  return () => {
    condition.meanMs = usualMs;
  };
};

/** Of a disk's operations some fail. The node stops at the first. */
export const failingDisk: Fault = (surroundings, random) => {
  const { condition } = drawVictim(surroundings, random);
  condition.failureRate = pick(random, [0.02, 0.1, 0.5, 1]);
  return () => {
    condition.failureRate = 0;
  };
};

/** A disk has little room left, or none. */
export const fullDisk: Fault = (surroundings, random) => {
  const { condition } = drawVictim(surroundings, random);
  condition.freeBytes = random.integer(4000);
  return () => {
    condition.freeBytes = Infinity;
  };
};
