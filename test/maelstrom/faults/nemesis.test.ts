import { describe, expect, it } from 'vitest';
import { faultNames, Nemesis } from '../../../maelstrom/faults/nemesis.ts';
import type { FaultName } from '../../../maelstrom/faults/nemesis.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { Random } from '../../../src/index.ts';
import { VirtualCluster } from '../virtual-cluster.ts';

const nodeIds = ['n1', 'n2', 'n3', 'n4', 'n5'];
const intervalMs = 2000;

interface Happened {
  readonly atMs: number;
  readonly f: string;
  readonly value: unknown;
}

/** What the nemesis did until `stopAtMs`, and what is broken a long time afterwards. */
function run(faults: readonly FaultName[], seed: number, stopAtMs: number) {
  const network = new Network(nodeIds, { meanMs: 0, distribution: 'constant' }, new Random(1));
  const cluster = new VirtualCluster(network, Object.fromEntries(nodeIds.map((id) => [id, () => {}])));
  const events: Happened[] = [];
  const nemesis = new Nemesis(cluster, { faults, intervalMs, random: new Random(seed) }, ({ f, value }) => {
    events.push({ atMs: cluster.nowMs(), f, value });
  });
  nemesis.start();
  cluster.run(stopAtMs);
  nemesis.stop();
  cluster.run(stopAtMs + 60_000);
  const endpoints = [...nodeIds, 'lin-kv'];
  const isWhole = endpoints.every((src) => endpoints.every((dest) => network.deliver(src, dest)));
  return { events, isWhole, broken: brokenAfter(cluster.faults) };
}

/** `kill n1` breaks n1 until `restart n1`; likewise for pause and resume. */
function brokenAfter(faults: readonly string[]): readonly string[] {
  const broken = new Set<string>();
  for (const fault of faults) {
    const [what = '', nodeId = ''] = fault.split(' ');
    if (what === 'kill' || what === 'pause') broken.add(fault);
    else broken.delete(`${what === 'restart' ? 'kill' : 'pause'} ${nodeId}`);
  }
  return [...broken];
}

function ofFault(events: readonly Happened[], name: FaultName): readonly Happened[] {
  return events.filter(({ f }) => f.endsWith(name));
}

describe.each(faultNames)('the nemesis with %s', (name) => {
  it('begins and ends it in turns, each half an interval to one and a half after the other', () => {
    const { events } = run([name], 1, 200_000);
    expect(events.length).toBeGreaterThan(70);
    events.forEach(({ f }, place) => expect(f).toBe(`${place % 2 === 0 ? 'start' : 'stop'}-${name}`));
    const waitsMs = events.map(({ atMs }, place) => atMs - (events[place - 1]?.atMs ?? 0)).slice(0, -1);
    expect(Math.min(...waitsMs)).toBeGreaterThanOrEqual(intervalMs / 2);
    expect(Math.min(...waitsMs)).toBeLessThan(0.6 * intervalMs);
    expect(Math.max(...waitsMs)).toBeLessThan(1.5 * intervalMs);
    expect(Math.max(...waitsMs)).toBeGreaterThan(1.4 * intervalMs);
  });

  it('ends it when it is stopped, and does nothing afterwards', () => {
    for (let stopAtMs = 3000; stopAtMs <= 9000; stopAtMs += 500) {
      const { events, isWhole, broken } = run([name], 1, stopAtMs);
      expect(events.at(-1)?.f).toBe(`stop-${name}`);
      expect(events.at(-1)?.atMs).toBeLessThanOrEqual(stopAtMs);
      expect([isWhole, broken]).toEqual([true, []]);
    }
  });

  it('does the same from the same seed, also beside other faults', () => {
    const alone = run([name], 5, 30_000).events;
    expect(ofFault(run(faultNames, 5, 30_000).events, name)).toEqual(alone);
    expect(run([name], 6, 30_000).events).not.toEqual(alone);
  });
});

describe('the nemesis with all faults', () => {
  it('lets each come at its own times, so that they overlap in every combination', () => {
    const inForce = new Set<FaultName>();
    const combinations = new Set<string>();
    for (const { f } of run(faultNames, 1, 400_000).events) {
      const name = faultNames.find((known) => f.endsWith(known)) ?? 'kill';
      if (f.startsWith('start')) inForce.add(name);
      else inForce.delete(name);
      combinations.add([...inForce].toSorted().join());
    }
    expect(combinations.size).toBe(2 ** faultNames.length);
  });

  it('leaves nothing broken, whenever it is stopped', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const { isWhole, broken } = run(faultNames, seed, 5000 + 100 * seed);
      expect([isWhole, broken]).toEqual([true, []]);
    }
  });

  it('does nothing where no fault is asked for', () => {
    expect(run([], 1, 30_000).events).toEqual([]);
  });
});
