import { describe, expect, it } from 'vitest';
import { median, medianRatio, runRounds } from '../../../maelstrom/bench/rounds.ts';
import { measurement } from './measurement.ts';

const entrants = ['a', 'b', 'c'].map((name) => ({ name, bin: `/${name}`, nodeArguments: [`--of-${name}`] }));

describe('rounds', () => {
  it('give every entrant a turn, in another order each time', async () => {
    const turns: string[] = [];
    const clusters = { nodeCount: 3, clientCounts: [8, 64] };
    const results = await runRounds(
      clusters,
      entrants,
      3,
      async ({ bin, nodeArguments, ...of }) => {
        expect(of).toEqual(clusters);
        expect(nodeArguments).toEqual([`--of-${bin.slice(1)}`]);
        turns.push(bin);
        return [turns.length, 100 * turns.length].map((operationsPerSecond) => measurement({ operationsPerSecond }));
      },
      () => {},
    );
    expect(turns.join('')).toBe('/a/b/c/b/c/a/c/a/b');
    expect(results.map(({ cell }) => cell)).toEqual([{ nodeCount: 3, clientCount: 8 }, { nodeCount: 3, clientCount: 64 }]);
    const figures = results.map((result) => {
      return result.entrants.map(({ name, rounds }) => [name, ...rounds.map((of) => of.operationsPerSecond)]);
    });
    expect(figures).toEqual([
      [['a', 1, 6, 8], ['b', 2, 4, 9], ['c', 3, 5, 7]],
      [['a', 100, 600, 800], ['b', 200, 400, 900], ['c', 300, 500, 700]],
    ]);
  });
});

describe('a median', () => {
  it('is the middle one, or the mean of the two in the middle', () => {
    expect(median([30, 1, 2])).toBe(2);
    expect(median([30, 1, 2, 10])).toBe(6);
    expect(median([7])).toBe(7);
  });

  it('is unknown where one is, or where there are none', () => {
    expect(median([1, undefined, 3])).toBeUndefined();
    expect(median([])).toBeUndefined();
  });

  it('of ratios pairs what was measured in the same round', () => {
    const rounds = (...rates: number[]) => rates.map((operationsPerSecond) => measurement({ operationsPerSecond }));
    const rate = (of: { operationsPerSecond: number }) => of.operationsPerSecond;
    // The medians are 100 and 300; but in every round one was twice the other, or three times.
    expect(medianRatio(rounds(100, 600, 50), rounds(50, 300, 400), rate)).toBe(2);
    expect(medianRatio(rounds(1), rounds(0), rate)).toBeUndefined();
  });
});
