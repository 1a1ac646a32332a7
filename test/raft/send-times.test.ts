import { expect, test } from 'vitest';
import { SendTimes } from '../../src/raft/send-times.ts';

test('a request was sent when the newest note before it says', () => {
  const times = new SendTimes(100);
  times.note(1, 10);
  times.note(5, 20);
  expect([1, 4, 5, 9].map((number) => times.of(number))).toEqual([10, 10, 20, 20]);
});

test('what was never noted was never sent', () => {
  const times = new SendTimes(100);
  expect(times.of(3)).toBe(-Infinity);
  times.note(5, 20);
  expect(times.of(4)).toBe(-Infinity);
});

test('within a millisecond the earlier time counts', () => {
  const times = new SendTimes(100);
  times.note(1, 10);
  times.note(2, 10.9);
  times.note(3, 11);
  expect([2, 3].map((number) => times.of(number))).toEqual([10, 11]);
});

test('what is beyond the horizon is forgotten', () => {
  const times = new SendTimes(100);
  for (let number = 1; number <= 1000; number += 1) times.note(number, number);
  expect([899, 900, 1000].map((number) => times.of(number))).toEqual([-Infinity, 900, 1000]);
});
