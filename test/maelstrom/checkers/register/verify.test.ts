import { expect, test } from 'vitest';
import { constrains, wholeOf } from '../../../../maelstrom/checkers/register/part.ts';
import { faultIn } from '../../../../maelstrom/checkers/register/verify.ts';
import { operationsOf } from '../../../../maelstrom/history/operations.ts';
import { Random } from '../../../../src/raft/random.ts';
import { faultOf } from './reference.ts';
import { tinyHistory } from './tiny.ts';

test('what is found wrong with a random order is what the definition finds', () => {
  const found = { right: 0, wrong: 0 };
  for (let seed = 0; seed < 5_000; seed += 1) {
    const random = new Random(seed);
    const operations = operationsOf(tinyHistory(seed)).filter(constrains);
    const order = operations.filter(({ outcome }) => outcome === 'ok' || random.integer(2) === 0);
    for (let swaps = random.integer(3); swaps > 0 && order.length > 1; swaps -= 1) {
      const place = random.integer(order.length - 1);
      const [first, second] = [order[place], order[place + 1]];
      if (first !== undefined && second !== undefined) order.splice(place, 2, second, first);
    }
    if (random.integer(4) === 0) order.pop();
    const isWrong = faultOf(order, operations, true) !== undefined;
    expect(faultIn(order, wholeOf(operations, null)) !== undefined, `seed ${seed}`).toBe(isWrong);
    found[isWrong ? 'wrong' : 'right'] += 1;
  }
  expect(Math.min(found.right, found.wrong)).toBeGreaterThan(300);
});
