import { expect, it } from 'vitest';
import { Clock } from '../../../../maelstrom/simulation/world/clock.ts';
import { VirtualTime } from '../../../../maelstrom/simulation/world/virtual-time.ts';

it('a clock goes at its own rate, and says how long to wait for a moment of its own', () => {
  const time = new VirtualTime();
  const clock = new Clock(time, 2, 100);
  time.runUntil(10);
  expect(clock.nowMs()).toBe(120);
  expect(clock.delayUntil(140)).toBeCloseTo(10, 3);
  expect(clock.delayUntil(120)).toBe(0);
});

it('it jumps forward and never back, whatever rate it changes to', () => {
  const time = new VirtualTime();
  const clock = new Clock(time, 1, 0);
  time.runUntil(10);
  clock.setRate(0.5);
  clock.jump(5);
  expect(clock.nowMs()).toBe(15);
  time.runUntil(20);
  expect(clock.nowMs()).toBe(20);
});
