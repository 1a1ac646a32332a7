import { describe, expect, it } from 'vitest';
import { neighboursIn, topologies } from '../../../maelstrom/workloads/topology.ts';

const names = (count: number) => Array.from({ length: count }, (_, place) => `n${place}`);

describe('a topology', () => {
  it.each(topologies)('has the same neighbours from both sides, and leads everywhere: %s', (topology) => {
    for (const count of [1, 2, 3, 5, 9, 10, 25]) {
      const neighbours = neighboursIn(topology, names(count));
      for (const [node, others] of Object.entries(neighbours)) {
        expect(others).not.toContain(node);
        for (const other of others) expect(neighbours[other]).toContain(node);
      }
      const reached = new Set(['n0']);
      for (const node of reached) neighbours[node]?.forEach((other) => reached.add(other));
      expect(reached.size).toBe(count);
    }
  });

  it('is a square, as far as the nodes go, or a line, or a tree', () => {
    expect(neighboursIn('grid', names(5))).toEqual({
      n0: ['n3', 'n1'],
      n1: ['n4', 'n2', 'n0'],
      n2: ['n1'],
      n3: ['n0', 'n4'],
      n4: ['n1', 'n3'],
    });
    expect(neighboursIn('line', names(3))).toEqual({ n0: ['n1'], n1: ['n0', 'n2'], n2: ['n1'] });
    expect(neighboursIn('tree', names(5))).toMatchObject({ n0: ['n1', 'n2'], n1: ['n0', 'n3', 'n4'], n4: ['n1'] });
    expect(neighboursIn('tree3', names(5))).toMatchObject({ n0: ['n1', 'n2', 'n3'], n1: ['n0', 'n4'] });
  });
});
