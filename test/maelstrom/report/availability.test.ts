import { expect, it } from 'vitest';
import type { HistoryEvent } from '../../../maelstrom/history/history.ts';
import { availabilityReasons, isAvailable, okFraction, successShare } from '../../../maelstrom/report/availability.ts';

const kinds = ['send', 'poll'];

/** Operations that ended like this; undefined: not at all. */
function history(...ends: readonly ('ok' | 'fail' | 'info' | undefined)[]): readonly HistoryEvent[] {
  return ends.flatMap((type, process): readonly HistoryEvent[] => {
    const event = { index: 0, time: 0, process, f: 'send', value: null };
    return [{ ...event, type: 'invoke' }, ...(type === undefined ? [] : [{ ...event, type }])];
  });
}

it('counts what succeeded of what began, whatever became of the rest', () => {
  const share = successShare(history('ok', 'ok', 'ok', 'fail', 'info', undefined), kinds);
  expect(share).toEqual({ okCount: 3, begunCount: 6 });
  expect(okFraction(share)).toBe(0.5);
});

it('counts neither faults nor crashes of clients', () => {
  const others: readonly HistoryEvent[] = [
    { index: 0, time: 0, process: 1, type: 'invoke', f: 'crash', value: null },
    { index: 1, time: 1, process: 'nemesis', type: 'info', f: 'start-partition', value: null },
  ];
  expect(successShare([...others, ...history('ok')], kinds)).toEqual({ okCount: 1, begunCount: 1 });
});

it('is enough where it was not asked for, or is as much as was asked for', () => {
  const half = successShare(history('ok', 'fail'), kinds);
  for (const asked of [undefined, 0, 0.5] as const) expect(isAvailable(half, asked)).toBe(true);
  for (const asked of [0.51, 1, 'total'] as const) expect(isAvailable(half, asked)).toBe(false);
  expect(isAvailable(successShare(history('ok'), kinds), 'total')).toBe(true);
  expect(isAvailable(successShare([], kinds), 'total')).toBe(true);
});

it('says what falls short in a sentence, and never rounds up to what was asked for', () => {
  const almost = successShare(history(...Array.from({ length: 30_000 }, () => 'ok' as const), 'fail'), kinds);
  expect(availabilityReasons(almost, 'total')).toEqual([
    'Not available enough: 30000 of 30001 operations succeeded, 99.99 %, and all of them are to.',
  ]);
  const half = successShare(history('ok', 'fail'), kinds);
  expect(availabilityReasons(half, 0.95)).toEqual([
    'Not available enough: 1 of 2 operations succeeded, 50 %, and 95 % are to.',
  ]);
  expect(availabilityReasons(half, 0.5)).toEqual([]);
});
