import { expect, it } from 'vitest';
import { keyOrders } from '../../../maelstrom/report/html/orders.ts';
import { explainKey } from '../../../maelstrom/checkers/register/explanation.ts';
import { judgeRegisters } from '../../../maelstrom/workloads/lin-kv-judge.ts';
import type { HistoryEvent, OperationEvent } from '../../../maelstrom/history/history.ts';
import type { Json } from '../../../src/services/json.ts';

const budget = { nowMs: () => 0, timeMs: 1, cacheBytes: 2 ** 24 };

type Step = readonly [f: string, key: Json, value: Json];

/** One operation after the other, each ok. */
function history(steps: readonly Step[]): readonly HistoryEvent[] {
  return steps.flatMap(([f, key, value], place): readonly OperationEvent[] => {
    const head = { process: place % 3, f, key };
    const invoked = { ...head, index: 2 * place, time: 2 * place, type: 'invoke', value: f === 'read' ? null : value } as const;
    return [invoked, { ...head, index: 2 * place + 1, time: 2 * place + 1, type: 'ok', value }];
  });
}

it('names the first wrong keys in a line, and counts the others', () => {
  const wrong = (count: number) => history(Array.from({ length: count }, (_, key): Step => ['read', key, 1]));
  expect(judgeRegisters(wrong(2), { budget }).reasons).toEqual(['Not linearizable: key 0, 1.']);
  expect(judgeRegisters(wrong(300), { budget }).reasons).toEqual([
    'Not linearizable: key 0, 1, 2, 3, 4, 5, 6, 7 and 292 more.',
  ]);
});

it('shows in the picture the place of which the words tell', () => {
  const behind = (value: number): readonly Step[] => [
    ['write', 'x', value],
    ['write', 'x', value + 1],
    ['read', 'x', value],
    ['read', 'x', value + 1],
  ];
  const steps: readonly Step[] = [...behind(1), ...behind(3), ['write', 'x', 5], ['write', 'x', 6], ['cas', 'x', [5, 7]]];
  const { registers } = judgeRegisters(history(steps), { budget });
  const [key] = registers?.keys ?? [];
  if (key?.verdict !== 'not-linearizable' || registers === undefined) throw new Error('this history is wrong');
  const { culprit } = explainKey(key);
  expect(culprit).not.toBe(key.unplaced[0]);
  expect(keyOrders(registers)[0]?.unplaced).toEqual([culprit.invoked.index]);
});

it('says beside the verdict what it does not rest on', () => {
  const at = (index: number, process: number, type: OperationEvent['type'], f: string, value: Json, error?: Json): OperationEvent => {
    return { index, time: index, process, type, f, key: 'x', value, ...(error === undefined ? {} : { error }) };
  };
  const events = [
    at(0, 0, 'invoke', 'write', 1),
    at(1, 0, 'fail', 'write', 1, [11, 'temporarily-unavailable']),
    at(2, 1, 'invoke', 'cas', [1, 2]),
    at(3, 1, 'fail', 'cas', [1, 2], [20, 'key-does-not-exist']),
    at(4, 2, 'invoke', 'read', null),
  ];
  const { explanation, results } = judgeRegisters(events, { budget });
  expect(explanation[0]).toMatch(/^linearizable: /);
  expect(explanation[1]).toBe(
    'left out, for they say nothing of the values: 1 operation that failed without saying what was there, 1 read without an answer',
  );
  expect(results).toMatchObject({ linearizability: { leftOut: { failed: 1, unansweredReads: 1 } } });
});
