import { expect, test } from 'vitest';
import { LocalReads } from '../../src/raft/local-reads.ts';

/** Reads 1 and 2 were asked in request 10 at 100 ms, read 3 in request 11 at 200 ms. */
function asked(): LocalReads {
  const reads = new LocalReads();
  reads.asked(10, [1, 2], 100);
  reads.asked(11, [3], 200);
  return reads;
}

test('reads wait until somebody is asked', () => {
  const reads = new LocalReads();
  reads.add([1]);
  reads.add([2, 3]);
  expect(reads.hasWaiting).toBe(true);
  expect(reads.takeWaiting()).toEqual([1, 2, 3]);
  expect(reads.hasWaiting).toBe(false);
});

test('an answered read is served once everything up to its index is applied, and only once', () => {
  const reads = asked();
  reads.answered(11, 7);
  reads.answered(10, 5);
  expect(reads.takeServable(4)).toEqual([]);
  expect(reads.takeServable(5)).toEqual([1, 2]);
  expect(reads.takeServable(9)).toEqual([3]);
  expect(reads.takeServable(9)).toEqual([]);
});

test('an answer to what was not asked, or a second one, changes nothing', () => {
  const reads = asked();
  reads.answered(99, 1);
  reads.answered(10, 5);
  reads.answered(10, 1);
  expect(reads.takeServable(4)).toEqual([]);
  expect(reads.takeServable(5)).toEqual([1, 2]);
});

test('what is asked again is answered no more by who was asked first', () => {
  const reads = asked();
  reads.askAgain();
  expect(reads.takeWaiting()).toEqual([1, 2, 3]);
  reads.answered(10, 1);
  expect(reads.takeServable(9)).toEqual([]);
});

test('what has no answer for too long is asked again, and nothing else is', () => {
  const reads = asked();
  reads.askAgainAfter(50, 149);
  expect(reads.hasWaiting).toBe(false);
  expect(reads.oldestAskedAtMs).toBe(100);
  reads.askAgainAfter(50, 150);
  expect(reads.takeWaiting()).toEqual([1, 2]);
  expect(reads.oldestAskedAtMs).toBe(200);
});

test('what nobody waits for any more is kept nowhere: neither waiting, nor asked, nor answered', () => {
  const reads = asked();
  reads.add([4, 5]);
  reads.answered(11, 7);
  reads.forget(new Set([1, 3, 4]));
  expect(reads.takeServable(9)).toEqual([]);
  reads.askAgain();
  expect(reads.takeWaiting()).toEqual([5, 2]);
});

test('there may be very many', () => {
  const reads = new LocalReads();
  reads.add(Array.from({ length: 300_000 }, (_, id) => id));
  expect(reads.takeWaiting()).toHaveLength(300_000);
});
