import { expect, it } from 'vitest';
import { playSeed, simulate } from '../../../maelstrom/simulation/run.ts';
import { defaultBounds, drawPlan } from '../../../maelstrom/simulation/plan/swarm.ts';
import { happenings, Tally } from '../../../maelstrom/simulation/record/tally.ts';
import { serviceNames } from '../../../maelstrom/simulation/services/all.ts';
import { HashTrace } from '../../../maelstrom/simulation/record/trace.ts';

const bounds = { ...defaultBounds, durationMs: 5000 };
/** So long that nodes find out that they can send several messages in a line. */
const longDurationMs = 6000;
/** On a machine that is busy with other things. */
const patienceMs = 180_000;
/** Which seeds are played here; `bin/eddy sim` plays as many as anybody likes. */
const seedCount = 40;

it(`${seedCount} seeds break no rule, and all that may go wrong does`, () => {
  const total = new Tally();
  for (let seed = 1; seed <= seedCount; seed += 1) {
    const { violation, isUndecided, tally } = playSeed(seed, { ...bounds, durationMs: longDurationMs });
    expect({ seed, rule: violation?.rule, what: violation?.message, isUndecided }).toEqual({ seed, isUndecided: false });
    total.addAll(tally.counts);
  }
  expect(happenings.filter((happening) => total.of(happening) === 0)).toEqual([]);
}, patienceMs);

it.each(serviceNames)('%s: several seeds break no rule, and snapshots of its state are taken and installed', (service) => {
  const total = new Tally();
  for (let seed = 1; seed <= 15; seed += 1) {
    const { violation, isUndecided, tally, plan } = playSeed(seed, { ...bounds, services: [service] });
    expect({ seed, rule: violation?.rule, what: violation?.message, isUndecided }).toEqual({ seed, isUndecided: false });
    expect(plan.service).toBe(service);
    total.addAll(tally.counts);
  }
  expect(total.of('operations ok')).toBeGreaterThan(100);
  expect(total.of('snapshots installed')).toBeGreaterThan(0);
});

it('a seed is the same run twice, line by line, and another seed another one', () => {
  const hashOf = (seed: number): string => {
    const trace = new HashTrace();
    playSeed(seed, { ...bounds, durationMs: 1500 }, trace);
    return trace.digest();
  };
  const seeds = Array.from({ length: 20 }, (_, seed) => seed);
  const hashes = seeds.map(hashOf);
  expect(seeds.map(hashOf)).toEqual(hashes);
  expect(new Set(hashes).size).toBe(seeds.length);
});

it('leases on clocks that jump are found out: a read misses what was committed before', () => {
  const rules = new Set<string | undefined>();
  for (let seed = 1; seed <= 200 && !rules.has('fresh-reads'); seed += 1) {
    const faults = ['clock', 'partition', 'short-leadership'] as const;
    const plan = drawPlan(seed, { ...bounds, faults, maxNodes: 3 });
    rules.add(simulate({ ...plan, raft: { ...plan.raft, readMode: 'lease' } }).violation?.rule);
  }
  rules.delete(undefined);
  expect(rules).toEqual(new Set(['fresh-reads']));
});

it('a run that is to end after so many events does, and judges only what it has seen', () => {
  const { events, violation, virtualMs } = playSeed(1, { ...bounds, maxEvents: 500 });
  expect([events, violation]).toEqual([500, undefined]);
  expect(virtualMs).toBeLessThan(bounds.durationMs);
});
