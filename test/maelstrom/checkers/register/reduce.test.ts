import { describe, expect, test } from 'vitest';
import { checkHistory } from '../../../../maelstrom/checkers/register/check.ts';
import type { WrongKey } from '../../../../maelstrom/checkers/register/check.ts';
import { explainKey } from '../../../../maelstrom/checkers/register/explanation.ts';
import { longestOrders } from '../../../../maelstrom/checkers/register/orders.ts';
import { changesNothing } from '../../../../maelstrom/checkers/register/meaning.ts';
import { byCompletion, constrains, cut, wholeOf } from '../../../../maelstrom/checkers/register/part.ts';
import type { Part } from '../../../../maelstrom/checkers/register/part.ts';
import { operationsOf } from '../../../../maelstrom/history/operations.ts';
import type { Json } from '../../../../src/services/json.ts';
import { faultOf, hasOrder } from './reference.ts';
import { tinyHistory, tinyRefusals } from './tiny.ts';

const budget = { nowMs: () => 0, timeMs: 1, cacheBytes: 1024 * 1024 };
const seeds = 4_000;

/** What tiny histories may begin with, where that may be anything; a value that none of them uses included. */
const starts: readonly Json[] = [null, 0, 1, 2, 3, 'another'];

/** Whether a part has an order, by trying all of them. */
function partHasOrder({ certain, possible, startsWith }: Part): boolean {
  const changes = possible.filter((operation) => !changesNothing(operation));
  const options = changes.map((operation) => ({ ...operation, outcome: 'info', completed: undefined }) as const);
  const operations = [...certain, ...options];
  return (startsWith === undefined ? starts : [startsWith.value]).some((value) => hasOrder(operations, value));
}

type Draw = typeof tinyHistory;

function* wrongKeys(draw: Draw): Generator<{ readonly seed: number; readonly key: WrongKey }> {
  for (let seed = 0; seed < seeds; seed += 1) {
    for (const key of checkHistory(operationsOf(draw(seed)), { budget }).keys) {
      if (key.verdict === 'not-linearizable') yield { seed, key };
    }
  }
}

describe.each([
  ['of a few operations', tinyHistory],
  ['of a few operations of which some are refused with a reason', tinyRefusals],
])('of random histories %s that are wrong, the part that explains it', (_, draw) => {
  test('is wrong itself', () => {
    let count = 0;
    for (const { seed, key } of wrongKeys(draw)) {
      count += 1;
      expect(partHasOrder(explainKey(key)), `seed ${seed}`).toBe(false);
    }
    expect(count).toBeGreaterThan(seeds / 8);
  });

  test('has nothing that could be left out: without any of its reads and refusals it is right', () => {
    for (const { seed, key } of wrongKeys(draw)) {
      const part = explainKey(key);
      for (const operation of part.certain.filter(changesNothing)) {
        const rest = { ...part, certain: part.certain.filter((other) => other !== operation) };
        expect(partHasOrder(rest), `seed ${seed}`).toBe(true);
      }
    }
  });

  test('has longest orders that respect time, that nothing can be added to, and that leave something out', () => {
    for (const { seed, key } of wrongKeys(draw)) {
      const part = explainKey(key);
      const attempts = longestOrders(part);
      expect(attempts.length, `seed ${seed}`).toBeGreaterThan(0);
      for (const { order, unplaced } of attempts) {
        expect(unplaced.length, `seed ${seed}`).toBeGreaterThan(0);
        if (part.startsWith !== undefined && part.possible.length === 0) {
          expect(faultOf(order, part.certain, false), `seed ${seed}`).toBeUndefined();
        }
      }
    }
  });
});

test.each([
  ['', tinyHistory],
  [' and refuses some with a reason', tinyRefusals],
])('what is cut out of a random history that is right%s is right', (_, draw) => {
  let count = 0;
  for (let seed = 0; seed < seeds; seed += 1) {
    const operations = operationsOf(draw(seed));
    if (!hasOrder(operations)) continue;
    const whole = wholeOf(operations.filter(constrains), null);
    const completions = byCompletion(whole);
    for (let from = 0; from < completions.length; from += 1) {
      const to = from + (seed % (completions.length - from));
      expect(partHasOrder(cut(whole, completions, from, to)), `seed ${seed}, from ${from} to ${to}`).toBe(true);
      count += 1;
    }
  }
  expect(count).toBeGreaterThan(seeds);
});
