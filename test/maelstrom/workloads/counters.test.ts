import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../../maelstrom/history/history.ts';
import { workloadOf } from '../../../maelstrom/workloads/all.ts';
import { gCounter } from '../../../maelstrom/workloads/g-counter.ts';
import { pnCounter } from '../../../maelstrom/workloads/pn-counter.ts';
import { Random } from '../../../src/index.ts';
import type { Json } from '../../../src/services/json.ts';

const read = { f: 'read', value: null } as const;

describe.each([
  [gCounter, [0, 1, 2, 3, 4]],
  [pnCounter, [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4]],
])('$name', (workload, deltas) => {
  it('is asked for as Maelstrom asks', () => {
    const generator = workload.generator({ nodeCount: 3, concurrency: 6, ratePerSecond: 100, random: new Random(1) });
    const drawn = Array.from({ length: 400 }, () => generator.next(0, 0));
    const added = drawn.flatMap((invocation) => (invocation.f === 'add' ? [invocation.value] : []));
    expect([...new Set(added)].toSorted((left, right) => left - right)).toEqual(deltas);
    expect(added.length).toBeGreaterThan(150);
    expect(added.length).toBeLessThan(250);
    expect(workload.request({ f: 'add', value: 3 })).toEqual({ type: 'add', delta: 3 });
    expect(workload.request(read)).toEqual({ type: 'read' });
    expect(workload.last).toEqual({ ...read, final: true });
  });

  it('brings a whole number', () => {
    expect(workload.outcome(read, { type: 'read_ok', value: 3 })).toEqual({ type: 'ok', value: 3 });
    for (const value of ['3', 1.5, null, { edn: '3.0' }]) {
      expect(workload.outcome(read, { type: 'read_ok', value })).toMatchObject({ type: 'bad-reply' });
    }
    expect(workload.unanswered(read, 'timeout').type).toBe('fail');
    expect(workload.unanswered({ f: 'add', value: 1 }, 'timeout').type).toBe('info');
  });
});

it('a history of adds and reads is of a set where reads bring lists, of a pn-counter where something was taken away', () => {
  const named = (delta: number, brought: Json) => {
    const steps = [['invoke', 'add', delta], ['ok', 'add', delta], ['invoke', 'read', null], ['ok', 'read', brought]] as const;
    const events = steps.map(([type, f, value], index): HistoryEvent => ({ index, time: 0, process: 0, type, f, value }));
    return workloadOf(events)?.name;
  };
  expect(named(1, [1])).toBe('g-set');
  expect(named(1, 1)).toBe('g-counter');
  expect(named(-1, 1)).toBe('pn-counter');
});
