import { describe, expect, test } from 'vitest';
import { parseEvent } from '../../../maelstrom/history/history.ts';
import type { OperationEvent } from '../../../maelstrom/history/history.ts';
import { operationsOf } from '../../../maelstrom/history/operations.ts';
import type { Operation } from '../../../maelstrom/history/operations.ts';

type Line = readonly [process: number | 'nemesis', type: OperationEvent['type'], f: string, value: unknown];

/** Lines on key 1, their index and time being their place. */
function pair(...lines: readonly (Line | readonly [...Line, changes: object])[]): readonly Operation[] {
  const events = lines.map(([process, type, f, value, changes], index) =>
    parseEvent(JSON.stringify({ index, time: index * 10, process, type, f, key: 1, value, ...changes }), index + 1),
  );
  return operationsOf(events);
}

describe('an operation', () => {
  test('is an invocation and its completion; a read has the value that came back', () => {
    const [operation] = pair([3, 'invoke', 'read', null], [4, 'invoke', 'write', 1], [3, 'ok', 'read', 7]);
    expect(operation).toEqual({
      process: 3,
      key: 1,
      f: 'read',
      value: 7,
      outcome: 'ok',
      invoked: { index: 0, timeNs: 0 },
      completed: { index: 2, timeNs: 20 },
    });
  });

  test('that failed has a completion too', () => {
    const operations = pair([0, 'invoke', 'cas', [1, 2]], [0, 'fail', 'cas', [1, 2], { error: [22, 'no'] }]);
    expect(operations).toMatchObject([{ value: [1, 2], outcome: 'fail', completed: { index: 1 } }]);
  });

  test('that ended in info, or not at all, has none', () => {
    const operations = pair([0, 'invoke', 'write', 1], [1, 'invoke', 'write', 2], [0, 'info', 'write', 1]);
    expect(operations).toMatchObject([
      { value: 1, outcome: 'info', completed: undefined },
      { value: 2, outcome: 'info', completed: undefined },
    ]);
  });

  test('comes in the order of invocation, and those of one process follow one another', () => {
    const operations = pair(
      [0, 'invoke', 'write', 1],
      [1, 'invoke', 'write', 2],
      [1, 'ok', 'write', 2],
      ['nemesis', 'info', 'start-partition', null],
      [1, 'invoke', 'write', 3],
      [0, 'ok', 'write', 1],
    );
    expect(operations.map(({ value }) => value)).toEqual([1, 2, 3]);
  });
});

describe('a history that was recorded wrongly is refused:', () => {
  test('two invocations without a completion', () => {
    const wrong = () => pair([0, 'invoke', 'write', 1], [0, 'invoke', 'write', 2]);
    expect(wrong).toThrow('line 2: process 0 invokes again before its operation completed');
  });

  test('a completion of nothing', () => {
    const wrong = () => pair([0, 'invoke', 'write', 1], [0, 'ok', 'write', 1], [0, 'ok', 'write', 1]);
    expect(wrong).toThrow('line 3: process 0 completes an operation that it did not invoke');
  });

  test('a completion of something else', () => {
    const invocation = [0, 'invoke', 'write', 1] as const;
    expect(() => pair(invocation, [0, 'ok', 'read', 1])).toThrow('line 2: f: process 0 invoked "write"');
    expect(() => pair(invocation, [0, 'ok', 'write', 2])).toThrow('line 2: value: process 0 invoked with 1');
    expect(() => pair(invocation, [0, 'ok', 'write', 1, { key: '1' }])).toThrow('line 2: key: process 0 invoked on 1');
  });

  test('an operation that registers do not have, or without a key', () => {
    expect(() => pair([0, 'invoke', 'append', 1])).toThrow('line 1: f: expected "read", "write" or "cas"');
    expect(() => pair([0, 'invoke', 'cas', [1]])).toThrow('line 1: value: expected [from, to]');
    expect(() => pair([0, 'invoke', 'read', null, { key: undefined }])).toThrow('line 1: key: missing');
  });

  test('time or index going back', () => {
    const start = [0, 'invoke', 'write', 1] as const;
    const late = [0, 'invoke', 'write', 1, { time: 99 }] as const;
    expect(() => pair(late, [0, 'ok', 'write', 1])).toThrow('line 2: time: goes back from 99 to 10');
    expect(() => pair(start, [0, 'ok', 'write', 1, { index: 0 }])).toThrow('line 2: index: goes from 0 to 0');
  });
});
