import { describe, expect, it } from 'vitest';
import { SimulatedNetwork } from '../../../../maelstrom/simulation/world/network.ts';
import type { NetworkHappening } from '../../../../maelstrom/simulation/world/network.ts';
import { plannedTraffic } from '../../../../maelstrom/simulation/planned-traffic.ts';
import type { TrafficPlan } from '../../../../maelstrom/simulation/planned-traffic.ts';
import { Tally } from '../../../../maelstrom/simulation/record/tally.ts';
import { VirtualTime } from '../../../../maelstrom/simulation/world/virtual-time.ts';
import { Random } from '../../../../src/index.ts';

function newNetwork(plan: Partial<TrafficPlan> = {}) {
  const time = new VirtualTime();
  const tally = new Tally();
  const arrived: string[] = [];
  const usual = { nodeIds: ['n1', 'n2'], electionTimeoutMs: 100, lossRate: 0, duplicationRate: 0, reorderingRate: 0 };
  const delays = { distribution: 'exponential', meanMs: 10 } as const;
  const deliver = (to: string, line: string): void => {
    arrived.push(`${to} ${line}`);
  };
  const random = new Random(1);
  const traffic = plannedTraffic({ delays, ...usual, ...plan }, random);
  const count = (happening: NetworkHappening): void => tally.add(happening);
  const network = new SimulatedNetwork({ nodeIds: usual.nodeIds, time, random, traffic, deliver, count });
  return { network, time, tally, arrived };
}

const lines = Array.from({ length: 100 }, (_, number) => String(number));

it('keeps the order of what goes from one node to another, unless it reorders', () => {
  const ordered = newNetwork();
  for (const line of lines) ordered.network.carry('n1', 'n2', line);
  ordered.time.runUntil(10_000);
  expect(ordered.arrived).toEqual(lines.map((line) => `n2 ${line}`));
  const reordered = newNetwork({ reorderingRate: 0.5 });
  for (const line of lines) reordered.network.carry('n1', 'n2', line);
  reordered.time.runUntil(10_000);
  expect(reordered.arrived).not.toEqual(ordered.arrived);
  expect([...reordered.arrived].sort()).toEqual([...ordered.arrived].sort());
});

it('loses and repeats what it is told to, and counts it', () => {
  const { network, time, tally, arrived } = newNetwork({ lossRate: 0.3, duplicationRate: 0.3 });
  for (const line of lines) network.carry('n1', 'n2', line);
  time.runUntil(10_000);
  expect(tally.of('messages lost')).toBeGreaterThan(0);
  expect(tally.of('messages duplicated')).toBeGreaterThan(0);
  expect(arrived).toHaveLength(100 - tally.of('messages lost') + tally.of('messages duplicated'));
});

it('a cut works one way, until the last of those who made it mends it', () => {
  const { network, time, arrived } = newNetwork();
  network.cut('n1', 'n2', false);
  network.cut('n1', 'n2', false);
  network.mend('n1', 'n2', false);
  network.carry('n1', 'n2', 'lost');
  network.carry('n2', 'n1', 'there');
  time.runUntil(1000);
  network.mend('n1', 'n2', false);
  network.carry('n1', 'n2', 'through');
  time.runUntil(2000);
  expect(arrived).toEqual(['n1 there', 'n2 through']);
});

it('a cut that holds back delivers what it has kept when it is mended', () => {
  const { network, time, arrived } = newNetwork();
  network.cut('n1', 'n2', true);
  network.carry('n1', 'n2', 'late');
  time.runUntil(1000);
  expect(arrived).toEqual([]);
  network.mend('n1', 'n2', true);
  time.runUntil(2000);
  expect(arrived).toEqual(['n2 late']);
});

it('a link may lose more than others, one way, until it is told otherwise', () => {
  const { network, time, arrived } = newNetwork();
  network.lose('n1', 'n2', 1);
  network.carry('n1', 'n2', 'lost');
  network.carry('n2', 'n1', 'there');
  network.lose('n1', 'n2', 0);
  network.carry('n1', 'n2', 'through');
  time.runUntil(1000);
  expect(arrived.sort()).toEqual(['n1 there', 'n2 through']);
});

it('when it is calm all arrives, soon and once', () => {
  const { network, time, arrived } = newNetwork({ lossRate: 1, duplicationRate: 1, reorderingRate: 1 });
  network.calm();
  for (const line of lines) network.carry('n1', 'n2', line);
  time.runUntil(1);
  expect(arrived).toHaveLength(100);
});

describe('by hand', () => {
  function newNetworkByHand() {
    const time = new VirtualTime();
    const arrived: string[] = [];
    const deliver = (to: string, line: string): void => {
      arrived.push(`${to} ${line}`);
    };
    const nodeIds = ['n1', 'n2'];
    return { network: new SimulatedNetwork({ nodeIds, time, random: new Random(1), traffic: 'by hand', deliver }), time, arrived };
  }

  it('a message stays in flight until it is taken out, and arrives as often as it is told to', () => {
    const { network, time, arrived } = newNetworkByHand();
    network.carry('n1', 'n2', 'first');
    network.carry('n1', 'n2', 'second');
    time.runUntil(1_000_000);
    expect(network.inFlight.map(({ line }) => line)).toEqual(['first', 'second']);
    const [first, second] = network.inFlight;
    if (first === undefined || second === undefined) throw new Error('nothing is in flight');
    network.takeOut(second);
    network.arrive(second);
    network.arrive(second);
    expect([arrived, network.inFlight]).toEqual([['n2 second', 'n2 second'], [first]]);
  });

  it('a message that arrives over a cut link is lost, or kept until the cut is mended', () => {
    const { network, time, arrived } = newNetworkByHand();
    network.cut('n1', 'n2', false);
    network.arrive({ from: 'n1', to: 'n2', line: 'lost' });
    network.arrive({ from: 'n2', to: 'n1', line: 'there' });
    network.mend('n1', 'n2', false);
    network.cut('n1', 'n2', true);
    network.arrive({ from: 'n1', to: 'n2', line: 'kept' });
    expect(arrived).toEqual(['n1 there']);
    network.mend('n1', 'n2', true);
    time.runUntil(0);
    expect(arrived).toEqual(['n1 there', 'n2 kept']);
  });
});
