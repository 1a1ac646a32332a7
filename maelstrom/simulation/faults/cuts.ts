import type { Random } from '../../../src/index.ts';
import { shuffle } from '../../faults/fault.ts';
import { drawPartition } from '../../faults/partition.ts';
import { between, chance, pick } from '../world/draw.ts';
import { drawVictim } from './fault.ts';
import { jump } from './machines.ts';
import type { Fault, Surroundings, Victim } from './fault.ts';

/** Messages that no longer get through, from one node to another. */
type Cut = readonly [from: string, to: string];

/** Two halves, one node alone, or a ring in which each hears another majority. */
export const partition: Fault = (surroundings, random) => {
  surroundings.tally.add('cuts: halves and rings');
  if (chance(random, 1 / 3)) return cutOff(surroundings, random, drawVictim(surroundings, random));
  const { cuts } = drawPartition(surroundings.plan.nodeIds, random);
  const links = Object.entries(cuts).flatMap(([to, senders]) => senders.map((from): Cut => [from, to]));
  return apply(surroundings, random, links);
};

/** One node is not heard, or hears none, or one other only is cut off from it. The way back is open. */
export const oneWay: Fault = (surroundings, random) => {
  surroundings.tally.add('cuts: one way');
  const { nodeId } = drawVictim(surroundings, random);
  const others = surroundings.plan.nodeIds.filter((other) => other !== nodeId);
  const [some = ''] = shuffle(others, random);
  const links: readonly Cut[] = pick(random, [
    others.map((other): Cut => [nodeId, other]),
    others.map((other): Cut => [other, nodeId]),
    [[nodeId, some]],
    [[some, nodeId]],
  ]);
  return apply(surroundings, random, links);
};

/** Two sides that do not see each other, and one node that sees both. */
export const bridge: Fault = (surroundings, random) => {
  surroundings.tally.add('cuts: bridges');
  const [, ...others] = shuffle(surroundings.plan.nodeIds, random);
  const left = others.slice(0, Math.ceil(others.length / 2));
  const right = others.slice(left.length);
  const links = left.flatMap((one) => right.flatMap((other): readonly Cut[] => [[one, other], [other, one]]));
  return apply(surroundings, random, links);
};

/** A cut that comes and goes, too fast to adapt to. */
export const flapping: Fault = (surroundings, random) => {
  const { plan, time, tally } = surroundings;
  const links = alone(surroundings, drawVictim(surroundings, random));
  let mend: (() => void) | undefined;
  let cancel = (): void => {};
  const flap = (): void => {
    if (mend === undefined) {
      tally.add('cuts: flaps');
      mend = apply(surroundings, random, links);
    } else {
      mend();
      mend = undefined;
    }
    cancel = time.after(plan.electionTimeoutMs * between(random, 0.05, 1), flap);
  };
  flap();
  return () => {
    cancel();
    mend?.();
  };
};

/** What one node sends to another, or to all of them, is lost for the most part; what it is sent arrives. */
export const lossyLinks: Fault = ({ plan, machines, network, tally, note }, random) => {
  const { nodeId } = drawVictim({ machines }, random);
  const others = shuffle(plan.nodeIds.filter((other) => other !== nodeId), random);
  const hit = chance(random, 1 / 2) ? others : others.slice(0, 1);
  const lossRate = pick(random, [0.5, 0.8, 0.95]);
  const isFrom = chance(random, 2 / 3);
  tally.add('lossy links');
  note?.(`${lossRate} of what ${nodeId} ${isFrom ? 'sends to' : 'is sent by'} ${hit.join(', ')} is lost`);
  const set = (rate: number): void => {
    for (const other of hit) {
      if (isFrom) network.lose(nodeId, other, rate);
      else network.lose(other, nodeId, rate);
    }
  };
  set(lossRate);
  return () => set(0);
};

/** Parts one machine from all others. Where clocks go wrong too, a long time may pass for the others meanwhile. */
export function cutOff(surroundings: Surroundings, random: Random, machine: Victim): () => void {
  if (surroundings.plan.faults.has('clock') && chance(random, 1 / 2)) growOlder(surroundings, random, machine);
  return apply(surroundings, random, alone(surroundings, machine));
}

/** More time passes for all others, who may elect another leader while the one that is alone still believes in itself. */
function growOlder(surroundings: Surroundings, random: Random, alone: Victim): void {
  const { plan, machines } = surroundings;
  const [slowest, fastest] = plan.clockRange;
  for (const machine of machines) {
    if (plan.hasLeases) machine.clockJumps(0, machine === alone ? slowest : fastest);
    else if (machine !== alone) jump(surroundings, random, machine, between(random, 1, 2));
  }
}

/** One node without the others. */
function alone({ plan }: Surroundings, { nodeId }: Victim): readonly Cut[] {
  const others = plan.nodeIds.filter((other) => other !== nodeId);
  return others.flatMap((other): readonly Cut[] => [[nodeId, other], [other, nodeId]]);
}

/** Some cuts lose what arrives, others keep it until they are mended; some are mended at once, others link by link. */
function apply({ plan, time, network, note }: Surroundings, random: Random, cuts: readonly Cut[]): () => void {
  const heldShare = pick(random, [0, 0, 0.5, 1]);
  const mendingMs = chance(random, 1 / 2) ? 0 : plan.electionTimeoutMs;
  const links = cuts.map(([from, to]) => ({ from, to, isHeld: chance(random, heldShare) }));
  note?.(`cut: ${links.map(({ from, to, isHeld }) => `${from}>${to}${isHeld ? ' (held back)' : ''}`).join(' ')}`);
  for (const { from, to, isHeld } of links) network.cut(from, to, isHeld);
  return () => {
    for (const { from, to, isHeld } of links) {
      time.after(mendingMs * random.fraction(), () => {
        note?.(`mended: ${from}>${to}`);
        network.mend(from, to, isHeld);
      });
    }
  };
}
