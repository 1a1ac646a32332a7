import { describe, expect, it } from 'vitest';
import { drawNodes, killFault, pauseFault } from '../../../maelstrom/faults/nodes.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { Random } from '../../../src/index.ts';
import { VirtualCluster } from '../virtual-cluster.ts';

const nodeIds = ['n1', 'n2', 'n3', 'n4', 'n5'];

function draws(ids: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: 700 }, (_, seed) => drawNodes(ids, new Random(seed)));
}

/** How many of 700 draws have so many nodes. */
function timesDrawn(ids: readonly string[], size: number): number {
  return draws(ids).filter((drawn) => drawn.length === size).length;
}

describe('the nodes that a fault hits', () => {
  it('are one, the largest minority, the smallest majority, and now and then all', () => {
    for (const size of [1, 2, 3]) expect(timesDrawn(nodeIds, size)).toBeGreaterThan(150);
    expect(timesDrawn(nodeIds, 4)).toBe(0);
    expect(timesDrawn(nodeIds, 5)).toBeGreaterThan(50);
    expect(timesDrawn(nodeIds, 5)).toBeLessThan(150);
  });

  it('are never just half of a cluster of four, and never nobody', () => {
    const sizes = (count: number) => new Set(draws(nodeIds.slice(0, count)).map(({ length }) => length));
    expect(sizes(4)).toEqual(new Set([1, 3, 4]));
    expect(sizes(3)).toEqual(new Set([1, 2, 3]));
    expect(sizes(2)).toEqual(new Set([1, 2]));
    expect(sizes(1)).toEqual(new Set([1]));
  });

  it('are all different, in the order of the cluster, and each node is hit as often as any other', () => {
    for (const drawn of draws(nodeIds)) expect(drawn).toEqual(nodeIds.filter((id) => drawn.includes(id)));
    const alone = draws(nodeIds).flatMap((drawn) => (drawn.length === 1 ? drawn : []));
    for (const id of nodeIds) expect(alone.filter((other) => other === id).length).toBeGreaterThan(20);
  });

  it('follow from the seed', () => {
    expect(draws(nodeIds)).toEqual(draws(nodeIds));
  });
});

describe.each([
  ['a kill', killFault, 'kill', 'restart'],
  ['a pause', pauseFault, 'pause', 'resume'],
] as const)('%s', (_, makeFault, breaks, mends) => {
  it('hits the nodes that the history names, each time others, and mends those and no others', () => {
    const network = new Network(nodeIds, { meanMs: 0, distribution: 'constant' }, new Random(1));
    const cluster = new VirtualCluster(network, Object.fromEntries(nodeIds.map((id) => [id, () => {}])));
    const fault = makeFault(cluster, new Random(3));
    const drawn = [1, 2, 3].map(() => {
      const begun = fault.begin();
      const ended = fault.end();
      expect(ended).toEqual(begun);
      return Array.isArray(begun) ? begun : [];
    });
    const each = (what: string, ids: readonly string[]) => ids.map((id) => `${what} ${id}`);
    expect(cluster.faults).toEqual(drawn.flatMap((ids) => [...each(breaks, ids), ...each(mends, ids)]));
    expect(new Set(drawn.map((ids) => ids.join())).size).toBeGreaterThan(1);
  });
});

it('a pause names only nodes that it stops, and lets only those go on: not one that is down', () => {
  const network = new Network(nodeIds, { meanMs: 0, distribution: 'constant' }, new Random(1));
  const cluster = new VirtualCluster(network, Object.fromEntries(nodeIds.map((id) => [id, () => {}])));
  cluster.down.add('n2').add('n4');
  const fault = pauseFault(cluster, new Random(3));
  for (let count = 0; count < 20; count += 1) {
    const begun = fault.begin();
    expect(begun).not.toContain('n2');
    expect(begun).not.toContain('n4');
    expect(fault.end()).toEqual(begun);
  }
  expect(cluster.faults.join()).not.toMatch(/n[24]/);
});
