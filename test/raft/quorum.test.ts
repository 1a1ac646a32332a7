import { expect, test } from 'vitest';
import { majority, reachedByMajority } from '../../src/raft/quorum.ts';

test('a majority is more than half', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map(majority)).toEqual([1, 2, 2, 3, 3, 4, 4]);
});

test('what a majority has reached is the largest number that so many have', () => {
  expect(reachedByMajority([7])).toBe(7);
  expect(reachedByMajority([7, 3])).toBe(3);
  expect(reachedByMajority([1, 9, 5])).toBe(5);
  expect(reachedByMajority([9, 8, 2, 1])).toBe(2);
  expect(reachedByMajority([9, 0, 0, 8, 4])).toBe(4);
});

test('numbers are compared as numbers', () => {
  expect(reachedByMajority([9, 10, 100])).toBe(10);
});

test('who is asked is left in its order', () => {
  const values = [1, 3, 2];
  reachedByMajority(values);
  expect(values).toEqual([1, 3, 2]);
});
