import { expect, it } from 'vitest';
import type { HistoryEvent } from '../../../maelstrom/history/history.ts';
import { historyTextLine } from '../../../maelstrom/history/text.ts';

it('is a line of columns as in Jepsen\'s history.txt: process, type, f, value, error', () => {
  const stamp = { index: 3, time: 5 };
  const events: readonly HistoryEvent[] = [
    { ...stamp, process: 0, type: 'invoke', f: 'cas', key: 7, value: [1, 2] },
    { ...stamp, process: 0, type: 'fail', f: 'cas', key: 7, value: [1, 2], error: [22, 'precondition-failed'] },
    { ...stamp, process: 1, type: 'ok', f: 'send', value: [['send', '4', [0, 'a']]] },
    { ...stamp, process: 'nemesis', type: 'info', f: 'start-kill', value: ['n1'] },
  ];
  expect(events.map(historyTextLine)).toEqual([
    '0\t:invoke\t:cas\t[7 [1 2]]',
    '0\t:fail\t:cas\t[7 [1 2]]\t[22 "precondition-failed"]',
    '1\t:ok\t:send\t[[:send "4" [0 "a"]]]',
    ':nemesis\t:info\t:start-kill\t["n1"]',
  ]);
});
