import { expect, test } from 'vitest';
import { afterRun } from '../../../maelstrom/report/advice.ts';

const store = ['Everything is in store/x', 'To be looked at in a browser: store/x/report.html'];
const judgeAgain = 'Judge it again: eddy check store/x/history.jsonl';

test('after a run whose history is wrong, or open, one may judge it again', () => {
  expect(afterRun('good', { hasFindings: false }, 'store/x')).toEqual(store);
  expect(afterRun('violated', { hasFindings: false }, 'store/x')).toEqual([...store, judgeAgain]);
  expect(afterRun('undecided', { hasFindings: false }, 'store/x')).toEqual([...store, judgeAgain]);
});

test('where nodes misbehaved their stderr is pointed at, and the history only if it is wrong too', () => {
  const stderr = 'What the nodes wrote to stderr is in store/x/node-logs';
  expect(afterRun('good', { hasFindings: true }, 'store/x')).toEqual([...store, stderr]);
  expect(afterRun('violated', { hasFindings: true }, 'store/x')).toEqual([...store, stderr, judgeAgain]);
});
