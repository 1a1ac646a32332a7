import { expect, test } from 'vitest';
import { Random } from '../../src/raft/random.ts';

function fractions(seed: number, count: number): readonly number[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.fraction());
}

test('a seed gives one sequence, another seed another', () => {
  expect(fractions(7, 5)).toEqual(fractions(7, 5));
  expect(fractions(7, 5)).not.toEqual(fractions(8, 5));
});

test('the sequence is the same on every machine and in every version', () => {
  const random = new Random(1);
  expect(Array.from({ length: 4 }, () => random.integer(1_000_000))).toMatchInlineSnapshot(`
    [
      588393,
      73188,
      590310,
      475307,
    ]
  `);
});

test('fractions fill the range from 0 to below 1 evenly', () => {
  const tenths = new Array<number>(10).fill(0);
  for (const fraction of fractions(3, 100_000)) {
    const tenth = Math.floor(fraction * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  expect(tenths).toHaveLength(10);
  for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test('integers are below their bound', () => {
  const random = new Random(5);
  const drawn = new Set(Array.from({ length: 1000 }, () => random.integer(3)));
  expect([...drawn].sort()).toEqual([0, 1, 2]);
  expect(random.integer(1)).toBe(0);
});

test('any number is a seed', () => {
  for (const seed of [-1, 0.5, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
    for (const fraction of fractions(seed, 10)) expect(fraction >= 0 && fraction < 1).toBe(true);
  }
});
