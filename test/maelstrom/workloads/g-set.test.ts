import { describe, expect, it } from 'vitest';
import { gSet } from '../../../maelstrom/workloads/g-set.ts';
import { Random } from '../../../src/index.ts';

const read = { f: 'read', value: null } as const;

describe('g-set', () => {
  it('is asked for as Maelstrom asks, every element once and in turn', () => {
    const generator = gSet.generator({ nodeCount: 3, concurrency: 6, ratePerSecond: 100, random: new Random(1) });
    const drawn = Array.from({ length: 100 }, () => generator.next(0, 0));
    const elements = drawn.filter(({ f }) => f === 'add').map(({ value }) => value);
    expect(elements).toEqual(elements.map((_, place) => place));
    expect(elements.length).toBeGreaterThan(30);
    expect(elements.length).toBeLessThan(70);
    expect(gSet.request({ f: 'add', value: 3 })).toEqual({ type: 'add', element: 3 });
    expect(gSet.request(read)).toEqual({ type: 'read' });
    expect(gSet.last).toEqual({ ...read, final: true });
  });

  it('brings a list', () => {
    expect(gSet.outcome(read, { type: 'read_ok', value: [1, 'a'] })).toEqual({ type: 'ok', value: [1, 'a'] });
    expect(gSet.outcome(read, { type: 'read_ok', value: 7 })).toMatchObject({ type: 'bad-reply' });
    expect(gSet.outcome(read, { type: 'read_ok', elements: [] })).toMatchObject({ type: 'bad-reply' });
    expect(gSet.outcome({ f: 'add', value: 1 }, { type: 'add_ok' })).toEqual({ type: 'ok', value: 1 });
    expect(gSet.unanswered(read, 'timeout').type).toBe('fail');
    expect(gSet.unanswered({ f: 'add', value: 1 }, 'timeout').type).toBe('info');
  });
});
