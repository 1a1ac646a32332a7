import { describe, expect, test } from 'vitest';
import { checkHistory } from '../../../../maelstrom/checkers/register/check.ts';
import { operationsOf } from '../../../../maelstrom/history/operations.ts';
import { atRandom, fromOrder } from './draw.ts';
import { faultOf, hasOrder, upTo } from './reference.ts';
import { tinyHistory } from './tiny.ts';

const budget = { nowMs: () => 0, timeMs: 1, cacheBytes: 1024 * 1024 };

describe('on random histories of a few operations', () => {
  const seeds = 8_000;

  test('the search agrees with trying every order', () => {
    const verdicts = { good: 0, bad: 0 };
    for (let seed = 0; seed < seeds; seed += 1) {
      const operations = operationsOf(tinyHistory(seed));
      const good = hasOrder(operations);
      verdicts[good ? 'good' : 'bad'] += 1;
      const { verdict } = checkHistory(operations, { budget });
      expect(verdict, `seed ${seed}`).toBe(good ? 'linearizable' : 'not-linearizable');
    }
    expect(Math.min(verdicts.good, verdicts.bad)).toBeGreaterThan(seeds / 4);
  });

  test('it does so whatever the register holds at first', () => {
    const verdicts = { good: 0, bad: 0 };
    for (let seed = 0; seed < seeds; seed += 1) {
      const operations = operationsOf(tinyHistory(seed));
      const initial = seed % 3;
      const good = hasOrder(operations, initial);
      verdicts[good ? 'good' : 'bad'] += 1;
      const { verdict } = checkHistory(operations, { budget, initial });
      expect(verdict, `seed ${seed}`).toBe(good ? 'linearizable' : 'not-linearizable');
    }
    expect(Math.min(verdicts.good, verdicts.bad)).toBeGreaterThan(seeds / 4);
  });

  test('an order that is found explains the history', () => {
    for (let seed = 0; seed < seeds; seed += 1) {
      const operations = operationsOf(tinyHistory(seed));
      for (const key of checkHistory(operations, { budget }).keys) {
        if (key.verdict === 'linearizable') {
          expect(faultOf(key.order, operations, true), `seed ${seed}`).toBeUndefined();
        }
      }
    }
  });

  test('the first operation without a place is the one whose completion leaves no order, and the rest is true', () => {
    for (let seed = 0; seed < seeds; seed += 1) {
      const operations = operationsOf(tinyHistory(seed));
      for (const key of checkHistory(operations, { budget }).keys) {
        if (key.verdict === 'not-linearizable') {
          const completed = key.unplaced[0].completed?.index ?? 0;
          expect(hasOrder(upTo(operations, completed)), `seed ${seed}`).toBe(false);
          expect(hasOrder(upTo(operations, completed - 1)), `seed ${seed}`).toBe(true);
          expect(faultOf(key.order, operations, false), `seed ${seed}`).toBeUndefined();
          expect(key.order.at(-1)?.outcome, `seed ${seed}`).not.toBe('info');
          for (const operation of key.unplaced) {
            expect(faultOf([...key.order, operation], operations, false), `seed ${seed}`).toMatch(/does not fit/);
          }
        }
      }
    }
  });
});

test('what has an order by construction, however much is open at once and unknown, is found to have one', () => {
  for (let seed = 0; seed < 8_000; seed += 1) {
    const operations = fromOrder(seed);
    const [key] = checkHistory(operations, { budget }).keys;
    if (key?.verdict !== 'linearizable') expect.fail(`seed ${seed}: ${key?.verdict ?? 'nothing'}`);
    expect(faultOf(key.order, operations, true), `seed ${seed}`).toBeUndefined();
  }
});

test('on operations at random times that see what comes to mind, the search agrees with trying every order', () => {
  let good = 0;
  for (let seed = 0; seed < 12_000; seed += 1) {
    const operations = atRandom(seed);
    const { verdict } = checkHistory(operations, { budget });
    expect(verdict, `seed ${seed}`).toBe(hasOrder(operations) ? 'linearizable' : 'not-linearizable');
    if (verdict === 'linearizable') good += 1;
  }
  expect(good).toBeGreaterThan(1_000);
});
