import { expect, it } from 'vitest';
import { faultNames } from '../../../../maelstrom/simulation/plan/plan.ts';
import { defaultBounds, drawPlan } from '../../../../maelstrom/simulation/plan/swarm.ts';

const seeds = Array.from({ length: 300 }, (_, seed) => seed);

it('a seed gives one plan, and other seeds others', () => {
  expect(drawPlan(7)).toEqual(drawPlan(7));
  expect(new Set(seeds.map((seed) => JSON.stringify({ ...drawPlan(seed), seed: 0 }))).size).toBe(seeds.length);
});

it('over many seeds there are all sizes, all faults, with and without each other', () => {
  const plans = seeds.map((seed) => drawPlan(seed));
  expect(new Set(plans.map(({ nodeIds }) => nodeIds.length))).toEqual(new Set([3, 4, 5, 6, 7]));
  expect(new Set(plans.map(({ storage }) => storage))).toEqual(new Set(['disk', 'memory']));
  for (const fault of faultNames) {
    const share = plans.filter(({ faults }) => faults.has(fault)).length / plans.length;
    expect(share, fault).toBeGreaterThan(0.3);
    expect(share, fault).toBeLessThan(0.8);
  }
});

it('keeps within its bounds', () => {
  const bounds = { ...defaultBounds, minNodes: 4, maxNodes: 5, faults: ['loss', 'crash'], maxClients: 2 } as const;
  for (const seed of seeds) {
    const { nodeIds, faults, rhythms, clients, reorderingRate, clockRates } = drawPlan(seed, bounds);
    expect([4, 5]).toContain(nodeIds.length);
    expect(clients).toBeLessThanOrEqual(2);
    expect([[...faults], [...rhythms.keys()]]).toEqual([['loss', 'crash'], ['crash']]);
    expect([reorderingRate, ...new Set(clockRates)]).toEqual([0, 1]);
  }
});

it('a fault that is taken away leaves the others as they were', () => {
  const some = faultNames.filter((fault) => fault !== 'clock');
  const withoutPauses = { ...defaultBounds, faults: some.filter((fault) => fault !== 'pause') };
  for (const seed of seeds) {
    const [all, fewer] = [drawPlan(seed, { ...defaultBounds, faults: some }), drawPlan(seed, withoutPauses)];
    expect([...fewer.rhythms]).toEqual([...all.rhythms].filter(([fault]) => fault !== 'pause'));
    expect({ ...fewer, faults: 0, rhythms: 0 }).toEqual({ ...all, faults: 0, rhythms: 0 });
  }
});

it('clocks differ by no more than leases allow where there are leases', () => {
  for (const { hasLeases, raft, clockRates } of seeds.map((seed) => drawPlan(seed))) {
    const ratio = Math.max(...clockRates) / Math.min(...clockRates);
    if (hasLeases) expect(ratio).toBeLessThanOrEqual(1 / (1 - (raft.maxClockDrift ?? 0)));
  }
});
