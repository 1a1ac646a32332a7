import { describe, expect, test } from 'vitest';
import { checkHistory } from '../../../../maelstrom/checkers/register/check.ts';
import type { Report } from '../../../../maelstrom/checkers/register/check.ts';
import type { HistoryEvent } from '../../../../maelstrom/history/history.ts';
import { operationsOf } from '../../../../maelstrom/history/operations.ts';
import { corruptions, valueFromNowhere } from './corrupt.ts';
import { generate } from './generate.ts';

const plenty = { nowMs: () => 0, timeMs: 1, cacheBytes: 256 * 1024 * 1024 };

function check(events: readonly HistoryEvent[], budget = plenty): Report {
  return checkHistory(operationsOf(events), { budget });
}

describe('100,000 operations of 20 clients on 500 keys', () => {
  const events = generate({ seed: 1, clients: 20, operations: 100_000, keys: 500, values: 5, lost: 0 });

  test('are linearizable', () => {
    expect(check(events).verdict).toBe('linearizable');
  });

  test('are not with one read changed, and its key is the only one that is wrong', () => {
    const changed = valueFromNowhere(events, 0.5);
    const { verdict, keys } = check(changed);
    expect(verdict).toBe('not-linearizable');
    const wrong = keys.filter((key) => key.verdict !== 'linearizable');
    expect(wrong).toMatchObject([{ unplaced: [{ f: 'read', value: 'from nowhere', key: wrong[0]?.key }] }]);
  });
});

describe('5,000 operations of 20 clients on one key', () => {
  const few = generate({ seed: 2, clients: 20, operations: 5_000, keys: 1, values: 5, lost: 0 });
  const unique = generate({ seed: 3, clients: 20, operations: 5_000, keys: 1, values: 1e9, lost: 0 });

  test('are linearizable, with few values and with many', () => {
    expect(check(few).verdict).toBe('linearizable');
    expect(check(unique).verdict).toBe('linearizable');
  });

  test.each(Object.entries(corruptions))('are not with a %s', (_, corrupt) => {
    expect(check(corrupt(unique, 0.8)).verdict).toBe('not-linearizable');
  });
});

test('2,000 operations of 100 clients on one key, with few values, of which no cas failed, are linearizable', () => {
  const events = generate({ seed: 6, clients: 100, operations: 2_000, keys: 1, values: 5, lost: 0, casFits: true });
  expect(check(events).verdict).toBe('linearizable');
});

describe('where clients lose touch', () => {
  test('100 clients who lose a tenth of their operations can be judged', () => {
    const events = generate({ seed: 4, clients: 100, operations: 5_000, keys: 20, values: 5, lost: 0.1 });
    expect(check(events).verdict).toBe('linearizable');
  });

  test.each(Object.entries(corruptions))('a %s is found all the same', (_, corrupt) => {
    const events = generate({ seed: 5, clients: 20, operations: 1_000, keys: 5, values: 1e9, lost: 0.1 });
    expect(check(corrupt(events, 0.6)).verdict).toBe('not-linearizable');
  });
});

test('what failed, and a read that did not come back, is not among what a key is judged by', () => {
  const event = { process: 0, key: 1, value: null, time: 0 } as const;
  const { keys } = check([
    { ...event, index: 0, type: 'invoke', f: 'read' },
    { ...event, index: 1, type: 'info', f: 'read' },
    { ...event, index: 2, type: 'invoke', f: 'write' },
    { ...event, index: 3, type: 'fail', f: 'write' },
    { ...event, index: 4, type: 'invoke', f: 'write' },
  ]);
  expect(keys).toMatchObject([{ operations: [{ f: 'write', outcome: 'info' }] }]);
});

describe('a budget that does not suffice', () => {
  const good = generate({ seed: 6, clients: 20, operations: 3_000, keys: 1, values: 5, lost: 0 });
  const ticking = (): (() => number) => {
    let now = 0;
    return () => (now += 1);
  };

  test('of time gives "unknown", never a pass', () => {
    const { verdict, keys } = check(good, { ...plenty, nowMs: ticking() });
    expect(verdict).toBe('unknown');
    expect(keys).toMatchObject([{ verdict: 'unknown', exhausted: 'time' }]);
  });

  test('of memory gives "unknown", never a pass', () => {
    const { verdict, keys } = check(good, { ...plenty, cacheBytes: 10_000 });
    expect(verdict).toBe('unknown');
    expect(keys).toMatchObject([{ verdict: 'unknown', exhausted: 'memory' }]);
  });

  test('bounds the configurations that are kept', () => {
    const bytesEach = 4 * (2 + 1 + 1);
    const { keys } = check(good, { ...plenty, cacheBytes: 10_000 });
    expect(keys[0]?.configurations).toBeGreaterThan(100);
    expect(keys[0]?.configurations).toBeLessThanOrEqual(10_000 / bytesEach);
  });

  test('for one key leaves the others their share, and one that is wrong decides', () => {
    const other: HistoryEvent[] = [];
    for (let index = good.length; index < 3 * good.length; index += 1) {
      const value = index === 2 * good.length + 1 ? 'from nowhere' : null;
      const type = index % 2 === 0 ? 'invoke' : 'ok';
      other.push({ index, time: 1e12, process: 1e6, type, f: 'read', key: 'other', value });
    }
    const { verdict, keys } = check([...good, ...other], { ...plenty, nowMs: ticking(), timeMs: 3 });
    expect(keys.map((key) => key.verdict)).toEqual(['unknown', 'not-linearizable']);
    expect(verdict).toBe('not-linearizable');
  });

  test('does not matter where nothing is to be searched', () => {
    const empty = check([], { nowMs: () => 0, timeMs: 0, cacheBytes: 0 });
    expect(empty).toEqual({ verdict: 'linearizable', keys: [] });
  });
});
