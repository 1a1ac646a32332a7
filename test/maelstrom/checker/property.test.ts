import { describe, expect, test } from 'vitest';
import { checkHistory } from '../../../maelstrom/checker/check.ts';
import type { HistoryEvent } from '../../../maelstrom/history.ts';
import { operationsOf } from '../../../maelstrom/operations.ts';
import { Random } from '../../../src/raft/random.ts';
import { generate } from './generate.ts';
import { faultOf, hasOrder, upTo } from './reference.ts';

const budget = { nowMs: () => 0, timeMs: 1, cacheBytes: 1024 * 1024 };

/** Histories of 3 to 8 operations: what a register made, with nothing to all of what came back changed at random. */
function tinyHistory(seed: number): readonly HistoryEvent[] {
  const random = new Random(seed);
  const values = 1 + random.integer(3);
  const lost = random.integer(3) * 0.35;
  const changed = random.integer(4) * 0.3;
  const operations = 3 + random.integer(6);
  const events = generate({ seed, clients: 2 + random.integer(3), operations, keys: 1, values, lost });
  return events.map((event): HistoryEvent => {
    if (event.process === 'nemesis' || (event.type !== 'ok' && event.type !== 'fail') || random.fraction() >= changed) {
      return event;
    }
    return event.f === 'read' ? { ...event, value: random.integer(values) } : { ...event, type: 'ok' };
  });
}

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
