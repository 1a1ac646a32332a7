import { expect, it } from 'vitest';
import { Histogram } from '../../../maelstrom/bench/histogram.ts';
import { Random } from '../../../src/index.ts';

it('tells quantiles to within 1 % of the exact ones', () => {
  const random = new Random(4);
  const histogram = new Histogram();
  const all = Array.from({ length: 5000 }, () => Math.exp(random.fraction() * 16) / 1000);
  for (const durationMs of all) histogram.add(durationMs);
  all.sort((left, right) => left - right);
  for (const fraction of [0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 1]) {
    const exact = all[Math.ceil(fraction * all.length) - 1] ?? NaN;
    expect(Math.abs(histogram.quantileMs(fraction) - exact)).toBeLessThan(0.01 * exact + 0.001);
  }
});

it('is exact for short durations', () => {
  const histogram = new Histogram();
  for (const microseconds of [1, 64, 127]) histogram.add(microseconds / 1000);
  expect([0.1, 0.5, 1].map((fraction) => histogram.quantileMs(fraction))).toEqual([0.001, 0.064, 0.127]);
});

it('has room for durations beyond its range, and none for what was not counted', () => {
  const histogram = new Histogram();
  expect(histogram.quantileMs(0.5)).toBeNaN();
  histogram.add(1e12);
  expect(histogram.quantileMs(1)).toBeGreaterThan(2e6);
  expect(histogram.total).toBe(1);
});

it('adds up', () => {
  const [one, other] = [new Histogram(), new Histogram()];
  one.add(0.005);
  other.add(0.01);
  other.add(0.02);
  one.addAll(other);
  expect(one.total).toBe(3);
  expect(one.quantileMs(0.5)).toBe(0.01);
  expect(other.total).toBe(2);
});
