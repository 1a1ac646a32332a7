import { majority } from '../../src/index.ts';
import type { Random } from '../../src/index.ts';
import type { Cuts } from '../network/network.ts';
import { shuffle } from './fault.ts';
import type { FaultMaker } from './fault.ts';

/** What is cut, and how. */
export interface Partition {
  readonly kind: 'halves' | 'one-alone' | 'majorities-ring';
  readonly cuts: Cuts;
}

/** Cuts the network between nodes, each time in another way. */
export const partitionFault: FaultMaker = (cluster, random) => ({
  begin() {
    const partition = drawPartition(cluster.nodeIds, random);
    cluster.network.cut(partition.cuts);
    return { ...partition };
  },
  end() {
    cluster.network.heal();
    return null;
  },
});

/** A partition of a random kind. A cluster of one has nothing to cut: its partitions are empty. */
export function drawPartition(nodeIds: readonly string[], random: Random): Partition {
  const shuffled = shuffle(nodeIds, random);
  switch (random.integer(3)) {
    case 0:
      return { kind: 'halves', cuts: cutBetween(shuffled, Math.floor(shuffled.length / 2)) };
    case 1:
      return { kind: 'one-alone', cuts: cutBetween(shuffled, 1) };
    default:
      return { kind: 'majorities-ring', cuts: majoritiesRing(shuffled) };
  }
}

/** The first `size` nodes on one side, the others on the other side. */
function cutBetween(nodeIds: readonly string[], size: number): Cuts {
  const left = nodeIds.slice(0, size);
  const right = nodeIds.slice(size);
  return Object.fromEntries([...left.map((id) => [id, right]), ...right.map((id) => [id, left])]);
}

/**
 * Every node hears a majority, itself included, and no two nodes hear the same one: nodes sit in a ring and hear
 * their neighbours only. With three nodes two neighbours are everyone, so there a majority is the node and its
 * successor, and messages from the predecessor are cut: each pair is heard in one direction, nobody gets an answer, and
 * no consensus is possible until the network is healed.
 */
function majoritiesRing(ring: readonly string[]): Cuts {
  const heardCount = majority(ring.length);
  const before = Math.floor((heardCount - 1) / 2);
  const heard = (receiver: number, sender: number) =>
    (sender - receiver + before + ring.length) % ring.length < heardCount;
  return Object.fromEntries(
    ring.map((id, receiver) => [id, ring.filter((_, sender) => !heard(receiver, sender))]),
  );
}
