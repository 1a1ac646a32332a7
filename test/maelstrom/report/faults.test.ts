import { describe, expect, it } from 'vitest';
import type { NemesisEvent } from '../../../maelstrom/history.ts';
import type { Cuts } from '../../../maelstrom/network.ts';
import { partitionSpans } from '../../../maelstrom/report/partitions.ts';

function cut(atMs: number, kind: string, cuts: Cuts): NemesisEvent {
  return { index: 0, time: atMs * 1e6, process: 'nemesis', type: 'info', f: 'start-partition', value: { kind, cuts } };
}

function heal(atMs: number): NemesisEvent {
  return { index: 0, time: atMs * 1e6, process: 'nemesis', type: 'info', f: 'stop-partition', value: null };
}

const oneAlone = { n1: ['n2', 'n3'], n2: ['n1'], n3: ['n1'] };
const twoHalves = { n1: ['n3', 'n4'], n2: ['n3', 'n4'], n3: ['n1', 'n2'], n4: ['n1', 'n2'] };
const ringOfThree = { n1: ['n3'], n2: ['n1'], n3: ['n2'] };
const ringOfFive = { n1: ['n3', 'n4'], n2: ['n4', 'n5'], n3: ['n5', 'n1'], n4: ['n1', 'n2'], n5: ['n2', 'n3'] };

describe('the partitions of a run', () => {
  it('last from the cut until the network is healed, or to the end', () => {
    const events = [cut(100, 'one-alone', oneAlone), heal(300), cut(500, 'halves', oneAlone)];
    expect(partitionSpans(events, 900)).toEqual([
      { kind: 'one-alone', fromMs: 100, toMs: 300, leftMajority: true },
      { kind: 'halves', fromMs: 500, toMs: 900, leftMajority: true },
    ]);
  });

  it.each([
    ['one node of three alone', oneAlone, true],
    ['two halves of four', twoHalves, false],
    ['a ring of three, where nobody hears who hears him', ringOfThree, false],
    ['a ring of five, where everyone talks with both neighbours', ringOfFive, true],
    ['a cluster of one', { n1: [] }, true],
  ])('leave a majority that can talk, or not: %s', (_, cuts, leftMajority) => {
    expect(partitionSpans([cut(0, 'any', cuts)], 100)).toMatchObject([{ leftMajority }]);
  });
});
