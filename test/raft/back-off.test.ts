import { expect, test } from 'vitest';
import { BackOff } from '../../src/raft/back-off.ts';

test('nothing waits before something has failed', () => {
  expect(new BackOff(100, 1000).dueAtMs).toBe(-Infinity);
});

test('each failure doubles the wait, up to a bound; a success begins anew', () => {
  const backOff = new BackOff(100, 1000);
  const waitsMs = Array.from({ length: 6 }, () => {
    backOff.failed(5000);
    return backOff.dueAtMs - 5000;
  });
  expect(waitsMs).toEqual([100, 200, 400, 800, 1000, 1000]);
  expect(backOff.failures).toBe(6);
  backOff.succeeded();
  expect([backOff.failures, backOff.dueAtMs]).toEqual([0, -Infinity]);
  backOff.failed(9000);
  expect(backOff.dueAtMs).toBe(9100);
});

test('however often something fails, the wait is a number of milliseconds', () => {
  const backOff = new BackOff(100, 1000);
  for (let failure = 0; failure < 5000; failure += 1) backOff.failed(0);
  expect(backOff.dueAtMs).toBe(1000);
});
