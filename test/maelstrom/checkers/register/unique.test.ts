import { expect, test } from 'vitest';
import { checkHistory } from '../../../../maelstrom/checkers/register/check.ts';
import { byCompletion, constrains, cut, wholeOf } from '../../../../maelstrom/checkers/register/part.ts';
import { decideUnique } from '../../../../maelstrom/checkers/register/unique.ts';
import { faultIn } from '../../../../maelstrom/checkers/register/verify.ts';
import type { Operation } from '../../../../maelstrom/history/operations.ts';
import type { Json } from '../../../../src/services/json.ts';
import { unique } from './draw.ts';
import { hasOrder } from './reference.ts';

const budget = { nowMs: () => 0, timeMs: 1, cacheBytes: 1024 * 1024 };
const seeds = 12_000;

/** A history, and what the register holds at first. */
function drawn(seed: number): { readonly operations: readonly Operation[]; readonly initial: Json } {
  return { operations: unique(seed), initial: seed % 4 === 0 ? 'first' : null };
}

test('where no value is brought twice, sorting and sweeping agree with trying every order', () => {
  const counts = { good: 0, bad: 0, open: 0 };
  for (let seed = 0; seed < seeds; seed += 1) {
    const { operations, initial } = drawn(seed);
    const good = hasOrder(operations, initial);
    const part = wholeOf(operations.filter(constrains), initial);
    const decision = decideUnique(part);
    if (decision === undefined) {
      counts.open += 1;
    } else if (decision.kind === 'order') {
      counts.good += 1;
      expect(good, `seed ${seed}`).toBe(true);
      expect(faultIn(decision.order, part), `seed ${seed}`).toBeUndefined();
    } else {
      counts.bad += 1;
      expect(good, `seed ${seed}`).toBe(false);
    }
  }
  expect(Math.min(counts.good, counts.bad)).toBeGreaterThan(seeds / 8);
  // Only a refusal that does not fit the order that was found leaves it open.
  expect(counts.open).toBeLessThan(seeds / 20);
});

test('what has no order has none by the event that is named', () => {
  for (let seed = 0; seed < seeds; seed += 3) {
    const { operations, initial } = drawn(seed);
    const part = wholeOf(operations.filter(constrains), initial);
    const decision = decideUnique(part);
    if (decision?.kind !== 'none') continue;
    const completions = byCompletion(part);
    const rank = completions.findLastIndex(({ completed }) => completed.index <= decision.wrongByIndex);
    const { certain, possible } = cut(part, completions, 0, rank);
    const open = possible.map((operation): Operation => ({ ...operation, outcome: 'info', completed: undefined }));
    expect(hasOrder([...certain, ...open.filter(({ f }) => f !== 'read')], initial), `seed ${seed}`).toBe(false);
  }
});

test('the checker agrees as a whole, refusals included, and finds the first wrong completion', () => {
  for (let seed = 0; seed < seeds; seed += 3) {
    const { operations, initial } = drawn(seed);
    const { verdict } = checkHistory(operations, { budget, initial });
    expect(verdict, `seed ${seed}`).toBe(hasOrder(operations, initial) ? 'linearizable' : 'not-linearizable');
  }
});

test.each<[string, readonly Operation[]]>([
  ['cas that lead in a circle', [cas(1, 2, 0, 1), cas(2, 1, 2, 3)]],
  ['a value that is replaced twice', [write(1, 0, 1), cas(1, 2, 2, 3), cas(1, 3, 4, 5)]],
])('%s have no order', (_, operations) => {
  expect(decideUnique(wholeOf(operations, null))).toEqual({ kind: 'none', wrongByIndex: operations.at(-1)?.completed?.index });
});

test('nothing is said where a value is brought twice, or where it is not known what is there at first', () => {
  const part = wholeOf([write(1, 0, 1), write(1, 2, 3)], null);
  expect(decideUnique(part)).toBeUndefined();
  expect(decideUnique({ ...wholeOf([write(1, 0, 1)], null), startsWith: undefined })).toBeUndefined();
  expect(decideUnique(wholeOf([write(1, 0, 1)], 1))).toBeUndefined();
});

function write(value: Json, from: number, to: number): Operation {
  return { process: 0, key: 'x', f: 'write', value, outcome: 'ok', invoked: moment(from), completed: moment(to) };
}

function cas(expected: Json, value: Json, from: number, to: number): Operation {
  return { process: 0, key: 'x', f: 'cas', value: [expected, value], outcome: 'ok', invoked: moment(from), completed: moment(to) };
}

function moment(index: number) {
  return { index, timeNs: index };
}
