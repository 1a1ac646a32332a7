import { describe, expect, it } from 'vitest';
import { Network } from '../../../maelstrom/network/network.ts';
import type { Latency } from '../../../maelstrom/network/network.ts';
import { Random } from '../../../src/index.ts';

const nodeIds = ['n1', 'n2', 'n3'];

function network(latency: Latency = { meanMs: 0, distribution: 'constant' }, seed = 1): Network {
  return new Network(nodeIds, latency, new Random(seed));
}

function delaysMs(distribution: Latency['distribution'], seed = 1): readonly number[] {
  const drawn = network({ meanMs: 20, distribution }, seed);
  return Array.from({ length: 20_000 }, () => drawn.send('n1', 'n2'));
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

describe('latency', () => {
  it('is for messages between nodes and never for those of clients', () => {
    const slow = network({ meanMs: 20, distribution: 'constant' });
    expect([slow.send('n1', 'n2'), slow.send('c1', 'n2'), slow.send('n1', 'c1')]).toEqual([20, 0, 0]);
  });

  it('is always the mean when constant', () => {
    expect(new Set(delaysMs('constant'))).toEqual(new Set([20]));
  });

  it('spreads from nothing to twice the mean when uniform', () => {
    const delays = delaysMs('uniform');
    expect(mean(delays)).toBeCloseTo(20, 0);
    expect(Math.min(...delays)).toBeLessThan(1);
    expect(Math.max(...delays)).toBeGreaterThan(39);
    expect(Math.max(...delays)).toBeLessThan(40);
  });

  it('has the mean, and a long tail, when exponential', () => {
    const delays = delaysMs('exponential');
    expect(mean(delays)).toBeCloseTo(20, 0);
    const share = delays.filter((delayMs) => delayMs > 60).length / delays.length;
    expect(share).toBeCloseTo(Math.exp(-3), 2);
  });

  it('follows from the seed', () => {
    expect(delaysMs('exponential', 7)).toEqual(delaysMs('exponential', 7));
    expect(delaysMs('exponential', 7)).not.toEqual(delaysMs('exponential', 8));
  });
});

describe('a cut', () => {
  it('loses what arrives during it, whenever that left', () => {
    const cut = network();
    cut.send('n1', 'n2');
    cut.cut({ n2: ['n1'] });
    expect(cut.deliver('n1', 'n2')).toBe(false);
  });

  it('lets through what left during it and arrives after it', () => {
    const cut = network();
    cut.cut({ n2: ['n1'] });
    cut.send('n1', 'n2');
    cut.heal();
    expect(cut.deliver('n1', 'n2')).toBe(true);
  });

  it('has a direction', () => {
    const cut = network();
    cut.cut({ n2: ['n1'] });
    expect(cut.deliver('n2', 'n1')).toBe(true);
    expect(cut.deliver('n3', 'n2')).toBe(true);
  });

  it('replaces the one before', () => {
    const cut = network();
    cut.cut({ n2: ['n1'] });
    cut.cut({ n3: ['n1'] });
    expect([cut.deliver('n1', 'n2'), cut.deliver('n1', 'n3')]).toEqual([true, false]);
  });

  it('does not concern clients', () => {
    const cut = network();
    cut.cut({ n2: ['n1', 'n3'] });
    expect([cut.deliver('c1', 'n2'), cut.deliver('n2', 'c1')]).toEqual([true, true]);
  });
});

it('counts messages between nodes, messages with clients, and the lost ones', () => {
  const counted = network();
  counted.send('n1', 'n2');
  counted.send('n2', 'n1');
  counted.send('c1', 'n1');
  counted.cut({ n2: ['n1'] });
  counted.deliver('n1', 'n2');
  expect(counted.counts).toEqual({ servers: 2, clients: 1, lost: 1 });
});

it('does not count what the observer asks and is told: that is no part of the load', () => {
  const counted = network({ meanMs: 20, distribution: 'constant' });
  expect([counted.send('c0', 'n1'), counted.send('n1', 'c0')]).toEqual([0, 0]);
  expect(counted.counts).toEqual({ servers: 0, clients: 0, lost: 0 });
});
