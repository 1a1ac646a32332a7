import { describe, expect, it } from 'vitest';
import { drawPartition, partitionFault } from '../../../maelstrom/faults/partition.ts';
import type { Partition } from '../../../maelstrom/faults/partition.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { Random } from '../../../src/index.ts';
import { VirtualCluster } from '../virtual-cluster.ts';

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

  it('is in the network while the fault is in force, and in the history as it is', () => {
    const network = new Network(nodeIds, { meanMs: 0, distribution: 'constant' }, new Random(1));
    const cluster = new VirtualCluster(network, Object.fromEntries(nodeIds.map((id) => [id, () => {}])));
    const fault = partitionFault(cluster, new Random(1));
    const lostPairs = () => nodeIds.flatMap((src) => nodeIds.filter((dest) => !network.deliver(src, dest))).length;
    expect(fault.begin()).toEqual({ ...drawPartition(nodeIds, new Random(1)) });
    expect(lostPairs()).toBeGreaterThan(0);
    expect(fault.end()).toBe(null);
    expect(lostPairs()).toBe(0);
  });
});
