import { expect, test } from 'vitest';
import { checkHistory } from '../../../maelstrom/checker/check.ts';
import { explain } from '../../../maelstrom/checker/explain.ts';
import type { Operation } from '../../../maelstrom/operations.ts';
import type { Json } from '../../../src/json.ts';
import type { Call } from '../../../maelstrom/history.ts';

const budget = { nowMs: () => 0, timeMs: 1, cacheBytes: 1024 * 1024 };

function operation(process: number, call: Call, from: number, to: number | 'never', key: Json = 'x'): Operation {
  const invoked = { index: from, timeNs: from * 1e6 };
  return to === 'never'
    ? { process, key, ...call, invoked, outcome: 'info', completed: undefined }
    : { process, key, ...call, invoked, outcome: 'ok', completed: { index: to, timeNs: to * 1e6 } };
}

function told(...operations: readonly Operation[]): string {
  return explain(checkHistory(operations, { budget })).join('\n');
}

test('a key without an order is told as the longest order, what it leaves, and what cannot come next', () => {
  const text = told(
    operation(0, { f: 'write', value: 1 }, 0, 10),
    operation(1, { f: 'write', value: { a: 2 } }, 20, 'never'),
    operation(0, { f: 'read', value: { a: 2 } }, 30, 40),
    operation(2, { f: 'read', value: 1 }, 50, 70),
    operation(3, { f: 'cas', value: [7, null] }, 60, 80),
    operation(4, { f: 'write', value: 1 }, 90, 1100),
  );
  expect(text).toBe(
    [
      'not linearizable: the one key has no order that explains what was seen',
      'key "x":',
      '  The order that gets furthest has 3 of its 6 operations. It ends:',
      '    process 0: write 1, invoked at 0.000 s, ok at 0.010 s',
      '    process 1: write {"a":2}, invoked at 0.020 s, outcome unknown',
      '    process 0: read {"a":2}, invoked at 0.030 s, ok at 0.040 s',
      '  and leaves {"a":2}.',
      '  The next has to be one of these, and none fits:',
      '    process 2: read 1, invoked at 0.050 s, ok at 0.070 s; that needs 1',
      '    process 3: cas from 7 to null, invoked at 0.060 s, ok at 0.080 s; that needs 7',
    ].join('\n'),
  );
});

test('the longest order does not end in guesses at what may have happened', () => {
  const text = told(
    operation(0, { f: 'write', value: 1 }, 0, 'never'),
    operation(1, { f: 'cas', value: [1, 2] }, 10, 'never'),
    operation(2, { f: 'write', value: 5 }, 20, 30),
    operation(2, { f: 'read', value: 6 }, 40, 50),
    operation(2, { f: 'read', value: 2 }, 60, 70),
  );
  expect(text).toContain('has 1 of its 5 operations. It ends:\n    process 2: write 5');
  expect(text).toContain('and leaves 5.');
});

test('a key that begins wrongly is told from its empty register', () => {
  expect(told(operation(0, { f: 'read', value: 1 }, 0, 10))).toBe(
    [
      'not linearizable: the one key has no order that explains what was seen',
      'key "x":',
      '  It holds null, for nothing was written to it yet.',
      '  The next has to be this, and it does not fit:',
      '    process 0: read 1, invoked at 0.000 s, ok at 0.010 s; that needs 1',
    ].join('\n'),
  );
});

test('of many wrong keys the first few are told and the rest are counted', () => {
  const read = { f: 'read', value: 1 } as const;
  const wrong = Array.from({ length: 8 }, (_, key) => operation(0, read, 20 * key, 20 * key + 10, key));
  const text = told(...wrong, operation(0, { f: 'read', value: null }, 200, 210, 'good'));
  expect(text).toContain('8 of 9 keys have no order');
  expect(text.match(/^key .*$/gm)).toEqual(['key 0:', 'key 1:', 'key 2:']);
  expect(text).toContain('and 5 more keys');
});

test('a good history is said to be so, and an empty one to be empty', () => {
  expect(told(operation(0, { f: 'read', value: null }, 0, 10))).toBe(
    'linearizable: the one key has an order that explains what was seen',
  );
  expect(told()).toBe('linearizable: nothing was seen that could be wrong');
});

test('where the budget did not suffice, the keys and what ran out are named', () => {
  const keys = [
    { key: 1, operations: [], configurations: 5, verdict: 'unknown', exhausted: 'time' },
    { key: 2, operations: [], configurations: 9, verdict: 'linearizable', order: [] },
  ] as const;
  expect(explain({ verdict: 'unknown', keys })).toEqual([
    'unknown: 1 of 2 keys has no answer within the budget, and no other is wrong',
    'key 1: out of time after 5 configurations of its 0 operations',
  ]);
});
