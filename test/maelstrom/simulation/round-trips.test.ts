import { expect, it } from 'vitest';
import { roundTrips } from './round-trips.ts';
import type { ClientPlan } from './round-trips.ts';

/**
 * The fewest one-way delays there can be. A write has to reach a majority and be known to have; from a follower it has to
 * reach the leader before, and its commit to come back. A read has to be confirmed by a majority, without a lease; of
 * three, the follower that asks for it and the leader are one already.
 */
const floors = [
  { nodeCount: 3, readMode: 'read-index', read: { leader: 2, follower: 2 } },
  { nodeCount: 5, readMode: 'read-index', read: { leader: 2, follower: 4 } },
  { nodeCount: 3, readMode: 'lease', read: { leader: 0, follower: 2 } },
  { nodeCount: 5, readMode: 'lease', read: { leader: 0, follower: 2 } },
] as const;
const write = { leader: 2, follower: 4 } as const;

/** Each number of delays that some operation took, with what it was. */
function seen(nodeCount: number, readMode: 'read-index' | 'lease', clients: readonly ClientPlan[]): readonly string[] {
  const taken = roundTrips({ nodeCount, readMode, clients, operationsEach: 20 });
  expect(taken).toHaveLength(20 * clients.length);
  return [...new Set(taken.map(({ operation, at, delays }) => `${operation} at ${at}: ${delays}`))].sort();
}

it.each(floors)('$nodeCount nodes, $readMode: every operation of a lone client takes its floor', (floor) => {
  const { nodeCount, readMode, read } = floor;
  for (const operation of ['read', 'write'] as const) {
    const delays = { read, write }[operation];
    const lone = (node: number) => seen(nodeCount, readMode, [{ node, operations: [operation], pauses: 20 }]);
    expect(lone(0)).toEqual([`${operation} at leader: ${delays.leader}`]);
    expect(lone(1)).toEqual([`${operation} at follower: ${delays.follower}`]);
  }
});

it.each(floors)('$nodeCount nodes, $readMode: so does every operation of ten clients, in each other\'s way', (floor) => {
  const { nodeCount, readMode, read } = floor;
  const clients = Array.from({ length: 10 }, (_, place): ClientPlan => {
    return { node: place % nodeCount, operations: place % 4 < 2 ? ['read', 'write'] : ['write', 'read'], pauses: 3 };
  });
  expect(seen(nodeCount, readMode, clients)).toEqual([
    `read at follower: ${read.follower}`,
    `read at leader: ${read.leader}`,
    `write at follower: ${write.follower}`,
    `write at leader: ${write.leader}`,
  ]);
});
