import { describe, expect, it } from 'vitest';
import type { NemesisEvent } from '../../../maelstrom/history/history.ts';
import { withoutMajorityMs } from '../../../maelstrom/report/majority.ts';
import type { Json } from '../../../src/services/json.ts';

const three = ['n1', 'n2', 'n3'];
const four = [...three, 'n4'];
const five = [...four, 'n5'];

function event(atMs: number, f: string, value: Json = null): NemesisEvent {
  return { index: 0, time: atMs * 1e6, process: 'nemesis', type: 'info', f, value };
}

function cut(atMs: number, cuts: Readonly<Record<string, readonly string[]>>): NemesisEvent {
  return event(atMs, 'start-partition', { kind: 'any', cuts });
}

/** Of the first second. */
function lostMs(nodeIds: readonly string[], events: readonly NemesisEvent[]): number {
  return withoutMajorityMs(events, nodeIds, { fromMs: 0, toMs: 1000 });
}

const firstAlone = { n1: ['n2', 'n3'], n2: ['n1'], n3: ['n1'] };
const twoHalves = { n1: ['n3', 'n4'], n2: ['n3', 'n4'], n3: ['n1', 'n2'], n4: ['n1', 'n2'] };
const ringOfThree = { n1: ['n3'], n2: ['n1'], n3: ['n2'] };
const ringOfFive = { n1: ['n3', 'n4'], n2: ['n4', 'n5'], n3: ['n5', 'n1'], n4: ['n1', 'n2'], n5: ['n2', 'n3'] };

describe('the time without a majority', () => {
  it.each([
    ['one node of three alone', three, firstAlone, 0],
    ['two halves of four', four, twoHalves, 1000],
    ['a ring of three, where nobody hears who hears him', three, ringOfThree, 1000],
    ['a ring of five, where everyone talks with both neighbours', five, ringOfFive, 0],
    ['a cluster of one', ['n1'], { n1: [] }, 0],
  ])('under a partition, %s', (_, nodeIds, cuts, expectedMs) => {
    expect(lostMs(nodeIds, [cut(0, cuts)])).toBe(expectedMs);
  });

  it('counts from the fault that takes the majority away to the one that gives it back', () => {
    expect(lostMs(three, [event(100, 'start-kill', ['n1', 'n2']), event(350, 'stop-kill', ['n1', 'n2'])])).toBe(250);
    expect(lostMs(three, [event(100, 'start-pause', ['n1', 'n2']), event(350, 'stop-pause', ['n1', 'n2'])])).toBe(250);
    expect(lostMs(three, [cut(100, ringOfThree), event(350, 'stop-partition')])).toBe(250);
    expect(lostMs(three, [event(100, 'start-kill', ['n1']), event(350, 'stop-kill', ['n1'])])).toBe(0);
  });

  it('adds up what faults do together, none of which would do alone', () => {
    const both = [event(100, 'start-kill', ['n2']), event(300, 'start-pause', ['n3']), event(400, 'stop-kill', ['n2'])];
    expect(lostMs(three, both)).toBe(100);
    expect(lostMs(three, [cut(100, firstAlone), event(300, 'start-pause', ['n3'])])).toBe(700);
  });

  it('knows that a kill ends a pause, and that a node which is down cannot be paused', () => {
    const killedLater = [event(0, 'start-pause', ['n1', 'n2']), event(100, 'start-kill', ['n1'])];
    expect(lostMs(three, [...killedLater, event(200, 'stop-kill', ['n1'])])).toBe(200);
    const pausedLater = [event(0, 'start-kill', ['n1', 'n2']), event(100, 'start-pause', ['n1', 'n2'])];
    expect(lostMs(three, [...pausedLater, event(200, 'stop-kill', ['n1', 'n2'])])).toBe(200);
  });

  it('is that within the window only', () => {
    const always = [event(0, 'start-kill', three)];
    expect(withoutMajorityMs(always, three, { fromMs: 300, toMs: 450 })).toBe(150);
    const outside = [event(0, 'start-kill', three), event(200, 'stop-kill', three), event(500, 'start-kill', three)];
    expect(withoutMajorityMs(outside, three, { fromMs: 300, toMs: 450 })).toBe(0);
  });
});
