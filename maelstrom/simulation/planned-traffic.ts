import type { Random } from '../../src/index.ts';
import type { Delays, Plan } from './plan/plan.ts';
import { chance, exponential } from './world/draw.ts';
import type { Traffic } from './world/network.ts';

/** What a network's traffic depends on. */
export type TrafficPlan = Pick<
  Plan,
  'nodeIds' | 'electionTimeoutMs' | 'delays' | 'lossRate' | 'duplicationRate' | 'reorderingRate'
>;

/** The share of links that are slow where some are, and how much slower they are. */
const slowShare = 1 / 4;
const slowFactor = 10;

/** Messages as a plan has them. A link carries in order unless a message is reordered. */
export function plannedTraffic(plan: TrafficPlan, random: Random): Traffic {
  const { delays, lossRate, duplicationRate, reorderingRate } = plan;
  const slowLinks = new Set<string>();
  for (const from of plan.nodeIds) {
    for (const to of plan.nodeIds) {
      if (delays.distribution === 'slow-links' && chance(random, slowShare)) slowLinks.add(`${from} ${to}`);
    }
  }
  return {
    delayMs: (from, to) => {
      const slowness = slowLinks.size > 0 && slowLinks.has(`${from} ${to}`) ? slowFactor : 1;
      return drawDelayMs(delays, slowness, random);
    },
    // Mostly overtaken by a few, now and then by whole terms.
    lateMs: () => exponential(random, chance(random, 1 / 4) ? 3 * plan.electionTimeoutMs : 3 * delays.meanMs),
    lossRate,
    duplicationRate,
    reorderingRate,
    keepsOrder: true,
  };
}

/** The tail of `heavy-tailed`: a message in twenty takes ten times as long. */
const tailShare = 0.05;
const tailFactor = 10;

function drawDelayMs({ distribution, meanMs }: Delays, slowness: number, random: Random): number {
  switch (distribution) {
    case 'constant':
      return meanMs;
    case 'uniform':
      return 2 * meanMs * random.fraction();
    case 'heavy-tailed':
      return exponential(random, chance(random, tailShare) ? tailFactor * meanMs : meanMs / 2);
    case 'exponential':
    case 'slow-links':
      return exponential(random, slowness * meanMs);
  }
}
