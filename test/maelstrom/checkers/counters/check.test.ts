import { describe, expect, it } from 'vitest';
import { gCounter } from '../../../../maelstrom/workloads/g-counter.ts';
import { pnCounter } from '../../../../maelstrom/workloads/pn-counter.ts';
import { judge } from '../../workloads/history.ts';
import type { Step } from '../../workloads/history.ts';

const add = (delta: number): readonly Step[] => [[0, 'invoke', 'add', delta], [0, 'ok', 'add', delta]];
const doubtful = (process: number, delta: number): readonly Step[] => [
  [process, 'invoke', 'add', delta],
  [process, 'info', 'add', delta],
];
const read = (value: number): readonly Step[] => [[1, 'invoke', 'read', null], [1, 'ok', 'read', value]];
const last = (value: number): readonly Step[] => [[1, 'invoke', 'read', null, true], [1, 'ok', 'read', value, true]];

const on = (...steps: readonly (readonly Step[])[]) => judge(pnCounter, ...steps.flat());

/** Each anomaly in the smallest history that shows it, and the nearest history that does not. */
describe('a counter', () => {
  it('has lost an add when it is too low at the end, though not before', () => {
    expect(on(add(2), last(1))).toMatchObject({
      verdict: 'violated',
      reasons: ['Adds lost, in 1 of 1 last reads: process 1 read 1 at 0.004 s, and it is 2.'],
    });
    expect(on(add(2), read(1), last(2)).verdict).toBe('good');
  });

  it('has counted an add twice when it is too high, at the end or before', () => {
    const end = on(add(2), last(4));
    expect(end.reasons).toEqual([
      'Adds counted twice, in 1 of 1 last reads: process 1 read 4 at 0.004 s, and it is 2.',
      'Unexpected, in 1 read: process 1 read 4 at 0.004 s, when all that had been added by then was 2.',
    ]);
    expect(on(add(2), last(2)).verdict).toBe('good');
    expect(on(add(2), read(3), last(2)).reasons).toEqual([
      'Unexpected, in 1 read: process 1 read 3 at 0.004 s, when all that had been added by then was 2.',
    ]);
    const overlapping: readonly Step[] = [[1, 'invoke', 'read', null], ...add(3), [1, 'ok', 'read', 3]];
    expect(on(overlapping, last(3)).verdict).toBe('good');
  });

  it('is too low or too high, where something was taken away: it is not known then which add went wrong', () => {
    expect(on(add(2), add(-3), last(2)).reasons).toEqual(['Too high, in 1 of 1 last reads: process 1 read 2 at 0.006 s, and it is -1.']);
    expect(on(add(2), add(-3), last(-3)).reasons).toEqual(['Too low, in 1 of 1 last reads: process 1 read -3 at 0.006 s, and it is -1.']);
    expect(on(add(2), add(-3), last(-1)).verdict).toBe('good');
  });

  it('was never below what had been taken away by then', () => {
    expect(on(add(-3), read(-4), last(-3)).reasons).toEqual([
      'Unexpected, in 1 read: process 1 read -4 at 0.004 s, when no less than -3 had been added by then.',
    ]);
    expect(on(add(-3), read(-2), last(-3)).verdict).toBe('good');
  });

  it('may or may not have taken what is in doubt, but not a part of it', () => {
    const inDoubt = [add(10), doubtful(2, 5), doubtful(3, -1), doubtful(4, -1)];
    for (const value of [8, 9, 10, 13, 14, 15]) expect(on(...inDoubt, last(value)).verdict).toBe('good');
    expect(on(...inDoubt, last(11))).toMatchObject({
      verdict: 'violated',
      reasons: ['No possible sum, in 1 of 1 last reads: process 1 read 11 at 0.010 s, and it is 8 to 10, 13 to 15.'],
      results: { counter: { acceptable: [[8, 10], [13, 15]], finalReads: [11] } },
    });
  });

  it('never takes an add that failed', () => {
    const failed: readonly Step[] = [[0, 'invoke', 'add', 2], [0, 'fail', 'add', 2]];
    expect(on(failed, last(2)).verdict).toBe('violated');
    expect(on(failed, last(0)).verdict).toBe('good');
  });

  it('shows nothing of its sum without a last read, and still must not be too high', () => {
    expect(on(add(2), read(1)).verdict).toBe('undecided');
    expect(on(add(2), read(3)).verdict).toBe('violated');
  });

  it('whose sum no double holds is not decided', () => {
    expect(on(add(Number.MAX_SAFE_INTEGER), add(2), last(1)).verdict).toBe('undecided');
  });
});

it('a history of a counter holds nothing but whole numbers', () => {
  expect(() => on([[0, 'invoke', 'add', 'x']])).toThrow('line 1: value: expected a whole number, not "x"');
  expect(() => on([[0, 'invoke', 'multiply', 2]])).toThrow('line 1: f: expected "add" or "read"');
  expect(judge(gCounter, ...add(2), ...last(2)).verdict).toBe('good');
});
