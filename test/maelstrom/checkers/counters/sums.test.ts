import { describe, expect, it } from 'vitest';
import { includes, possibleSums } from '../../../../maelstrom/checkers/counters/sums.ts';
import { Random } from '../../../../src/index.ts';

describe('the possible sums', () => {
  it('are what is certain, where nothing is in doubt', () => {
    expect(possibleSums(7, [])).toEqual({ ranges: [{ low: 7, high: 7 }], isExact: true });
  });

  it('take each number in doubt or leave it: the case of Maelstrom\'s own test', () => {
    const ranges = [{ low: 8, high: 10 }, { low: 13, high: 15 }];
    expect(possibleSums(10, [5, -1, -1])).toEqual({ ranges, isExact: true });
  });

  it('are those that trying all of them gives', () => {
    const random = new Random(1);
    for (let round = 0; round < 200; round += 1) {
      const doubtful = Array.from({ length: random.integer(8) }, () => random.integer(41) - 20);
      const all = doubtful.reduce((sums, delta) => new Set([...sums, ...[...sums].map((sum) => sum + delta)]), new Set([3]));
      const possible = possibleSums(3, doubtful);
      for (let sum = -170; sum <= 170; sum += 1) expect(includes(possible, sum)).toBe(all.has(sum));
    }
  });

  it('are few ranges, whatever is in doubt: gaps are filled where there are too many, and no sum is left out', () => {
    const doubtful = Array.from({ length: 40 }, (_, place) => 2 ** place * 3);
    const possible = possibleSums(0, doubtful);
    expect(possible.isExact).toBe(false);
    expect(possible.ranges.length).toBeLessThanOrEqual(4096);
    expect(includes(possible, 3 * (2 ** 40 - 1))).toBe(true);
    expect(includes(possible, 3 * 0b1010101)).toBe(true);
    expect(includes(possible, -1)).toBe(false);
  });
});
