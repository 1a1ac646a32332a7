import { describe, expect, test } from 'vitest';
import { checkHistory } from '../../../../maelstrom/checkers/register/check.ts';
import { operationsOf } from '../../../../maelstrom/history/operations.ts';
import { atRandom, fromOrder, refusals } from './draw.ts';
import { faultOf, hasOrder, upTo } from './reference.ts';
import { tinyHistory, tinyRefusals } from './tiny.ts';

const budget = { nowMs: () => 0, timeMs: 1, cacheBytes: 1024 * 1024 };

describe.each([
  ['of a few operations', tinyHistory],
  ['of a few operations of which some are refused with a reason', tinyRefusals],
])('on random histories %s', (_, draw) => {
  const seeds = 8_000;

  test('the search agrees with trying every order', () => {
    const verdicts = { good: 0, bad: 0 };
    for (let seed = 0; seed < seeds; seed += 1) {
      const operations = operationsOf(draw(seed));
      const good = hasOrder(operations);
      verdicts[good ? 'good' : 'bad'] += 1;
      const { verdict } = checkHistory(operations, { budget });
      expect(verdict, `seed ${seed}`).toBe(good ? 'linearizable' : 'not-linearizable');
    }
    expect(Math.min(verdicts.good, verdicts.bad)).toBeGreaterThan(seeds / 8);
  });

  test('it does so whatever the register holds at first', () => {
    const verdicts = { good: 0, bad: 0 };
    for (let seed = 0; seed < seeds; seed += 1) {
      const operations = operationsOf(draw(seed));
      const initial = seed % 3;
      const good = hasOrder(operations, initial);
      verdicts[good ? 'good' : 'bad'] += 1;
      const { verdict } = checkHistory(operations, { budget, initial });
      expect(verdict, `seed ${seed}`).toBe(good ? 'linearizable' : 'not-linearizable');
    }
    expect(Math.min(verdicts.good, verdicts.bad)).toBeGreaterThan(seeds / 8);
  });

  test('an order that is found explains the history', () => {
    for (let seed = 0; seed < seeds; seed += 1) {
      const operations = operationsOf(draw(seed));
      for (const key of checkHistory(operations, { budget }).keys) {
        if (key.verdict === 'linearizable') {
          expect(faultOf(key.order, operations, true), `seed ${seed}`).toBeUndefined();
        }
      }
    }
  });

  test('the first operation without a place is the one whose completion leaves no order, and the rest is true', () => {
    for (let seed = 0; seed < seeds; seed += 1) {
      const operations = operationsOf(draw(seed));
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

test.each([0, 0.5])('what has an order by construction, however much is open at once and unknown, is found to have one (%d)', (refused) => {
  for (let seed = 0; seed < 8_000; seed += 1) {
    const operations = fromOrder(seed, refused);
    const [key] = checkHistory(operations, { budget }).keys;
    if (key?.verdict !== 'linearizable') expect.fail(`seed ${seed}: ${key?.verdict ?? 'nothing'}`);
    expect(faultOf(key.order, operations, true), `seed ${seed}`).toBeUndefined();
  }
});

test.each([0, 0.3, 0.8])('on operations at random times that see what comes to mind, the search agrees with trying every order (%d)', (refused) => {
  let good = 0;
  for (let seed = 0; seed < 12_000; seed += 1) {
    const operations = atRandom(seed, refused);
    const { verdict } = checkHistory(operations, { budget });
    expect(verdict, `seed ${seed}`).toBe(hasOrder(operations) ? 'linearizable' : 'not-linearizable');
    if (verdict === 'linearizable') good += 1;
  }
  expect(good).toBeGreaterThan(500);
});

test('where refusals are frequent and few values are in use, the search agrees with trying every order', () => {
  const counts = { good: 0, bad: 0, onlyByRefusals: 0 };
  for (let seed = 0; seed < 20_000; seed += 1) {
    const operations = refusals(seed);
    const initial = [null, 0, 1][seed % 3] ?? null;
    const good = hasOrder(operations, initial);
    counts[good ? 'good' : 'bad'] += 1;
    if (!good && hasOrder(operations.filter(({ outcome }) => outcome !== 'fail'), initial)) counts.onlyByRefusals += 1;
    const { verdict } = checkHistory(operations, { budget, initial });
    expect(verdict, `seed ${seed}`).toBe(good ? 'linearizable' : 'not-linearizable');
  }
  expect(Math.min(counts.good, counts.onlyByRefusals)).toBeGreaterThan(2_000);
});
