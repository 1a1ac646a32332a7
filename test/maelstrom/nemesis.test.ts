import { describe, expect, it } from 'vitest';
import { drawPartition, Nemesis } from '../../maelstrom/nemesis.ts';
import type { Partition } from '../../maelstrom/nemesis.ts';
import { Network } from '../../maelstrom/network.ts';
import { Random } from '../../src/index.ts';
import { VirtualCluster } from './virtual-cluster.ts';

const nodeIds = ['n1', 'n2', 'n3', 'n4', 'n5'];

/** The nodes that `receiver` hears, itself included. */
function heardBy(receiver: string, { cuts }: Partition, ids: readonly string[]): readonly string[] {
  return ids.filter((sender) => cuts[receiver]?.includes(sender) !== true);
}

function partitionsOfKind(kind: Partition['kind'], ids: readonly string[]): readonly Partition[] {
  const all = Array.from({ length: 300 }, (_, seed) => drawPartition(ids, new Random(seed)));
  return all.filter((partition) => partition.kind === kind);
}

describe('a partition', () => {
  it('into halves has two sides that do not hear each other, the smaller one as large as it can be', () => {
    const partitions = partitionsOfKind('halves', nodeIds);
    expect(partitions.length).toBeGreaterThan(50);
    for (const partition of partitions) {
      const sizes = nodeIds.map((id) => heardBy(id, partition, nodeIds).length);
      expect(sizes.toSorted()).toEqual([2, 2, 3, 3, 3]);
    }
  });

  it('of one node alone leaves the others together', () => {
    const partitions = partitionsOfKind('one-alone', nodeIds);
    expect(partitions.length).toBeGreaterThan(50);
    for (const partition of partitions) {
      const sizes = nodeIds.map((id) => heardBy(id, partition, nodeIds).length);
      expect(sizes.toSorted()).toEqual([1, 4, 4, 4, 4]);
    }
  });

  it.each([3, 4, 5, 6, 7])('in a ring of %i gives every node a majority of its own, itself in it', (size) => {
    const ids = Array.from({ length: size }, (_, index) => `n${index}`);
    const partitions = partitionsOfKind('majorities-ring', ids);
    expect(partitions.length).toBeGreaterThan(50);
    for (const partition of partitions) {
      const heard = ids.map((id) => heardBy(id, partition, ids));
      expect(heard.every((side, place) => side.includes(ids[place] ?? ''))).toBe(true);
      expect(heard.map(({ length }) => length)).toEqual(ids.map(() => Math.floor(size / 2) + 1));
      expect(new Set(heard.map((side) => side.join())).size).toBe(size);
    }
  });

  it('in a ring of five lets neighbours hear each other, so that they can get answers', () => {
    for (const partition of partitionsOfKind('majorities-ring', nodeIds)) {
      for (const id of nodeIds) {
        const heard = heardBy(id, partition, nodeIds);
        expect(heard.every((other) => heardBy(other, partition, nodeIds).includes(id))).toBe(true);
      }
    }
  });

  it('isolates every node now and then', () => {
    const alone = partitionsOfKind('one-alone', nodeIds).map((partition) =>
      nodeIds.find((id) => heardBy(id, partition, nodeIds).length === 1),
    );
    expect(new Set(alone)).toEqual(new Set(nodeIds));
  });

  it('of a single node cuts nothing', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { cuts } = drawPartition(['n1'], new Random(seed));
      expect(Object.values(cuts).flat()).toEqual([]);
    }
  });
});

/** What the nemesis did until `stopAtMs`, when, and whether the network was whole at the end. */
function run(seed: number, stopAtMs: number) {
  const network = new Network(nodeIds, { meanMs: 0, distribution: 'constant' }, new Random(1));
  const cluster = new VirtualCluster(network, Object.fromEntries(nodeIds.map((id) => [id, () => {}])));
  const events: { readonly atMs: number; readonly f: string; readonly value: unknown }[] = [];
  const nemesis = new Nemesis(cluster, { intervalMs: 2000, random: new Random(seed) }, ({ f, value }) => {
    events.push({ atMs: cluster.nowMs(), f, value });
  });
  nemesis.start();
  cluster.run(stopAtMs);
  nemesis.stop();
  cluster.run(stopAtMs + 60_000);
  const isWhole = nodeIds.every((src) => nodeIds.every((dest) => network.deliver(src, dest)));
  return { events, isWhole };
}

describe('the nemesis', () => {
  it('cuts after one interval, heals after the next, and so on', () => {
    expect(run(1, 8500).events.map(({ atMs, f }) => `${atMs} ${f}`)).toEqual([
      '2000 start-partition',
      '4000 stop-partition',
      '6000 start-partition',
      '8000 stop-partition',
    ]);
  });

  it('heals what is cut when it is stopped, and does nothing afterwards', () => {
    const { events, isWhole } = run(1, 3000);
    expect(events.map(({ atMs, f }) => `${atMs} ${f}`)).toEqual(['2000 start-partition', '3000 stop-partition']);
    expect(isWhole).toBe(true);
  });

  it('makes the same partitions from the same seed', () => {
    expect(run(5, 20_000)).toEqual(run(5, 20_000));
    expect(run(5, 20_000).events).not.toEqual(run(6, 20_000).events);
  });
});
