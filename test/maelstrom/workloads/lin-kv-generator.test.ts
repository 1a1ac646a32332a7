import { describe, expect, it } from 'vitest';
import { LinKvGenerator } from '../../../maelstrom/workloads/lin-kv-generator.ts';
import type { RegisterInvocation } from '../../../maelstrom/workloads/lin-kv-generator.ts';
import { Random } from '../../../src/index.ts';

const nodeCount = 3;
const groupSize = 2 * nodeCount;

function generator(concurrency: number, seed = 1): LinKvGenerator {
  return new LinKvGenerator({ nodeCount, concurrency, ratePerSecond: 100, random: new Random(seed) });
}

/** The next operation of each thread in turn, `rounds` times over; nobody crashes. */
function draw(source: LinKvGenerator, threads: readonly number[], rounds: number): readonly RegisterInvocation[] {
  return Array.from({ length: rounds }, () => threads.map((thread) => source.next(thread, thread))).flat();
}

const allThreads = Array.from({ length: groupSize }, (_, thread) => thread);
const readers = allThreads.slice(0, nodeCount);
const writers = allThreads.slice(nodeCount);

describe('the lin-kv generator', () => {
  it('lets the first half of a group only read, and the second half never', () => {
    const source = generator(groupSize);
    expect(new Set(draw(source, readers, 50).map(({ f }) => f))).toEqual(new Set(['read']));
    expect(new Set(draw(source, writers, 50).map(({ f }) => f))).toEqual(new Set(['write', 'cas']));
  });

  it('mixes one write to two compare-and-sets', () => {
    const operations = draw(generator(groupSize), writers, 2000);
    const share = operations.filter(({ f }) => f === 'write').length / operations.length;
    expect(share).toBeCloseTo(1 / 3, 1);
  });

  it('uses the values 0 to 4, all of them', () => {
    const values = draw(generator(groupSize), writers, 200).flatMap(({ value }) => value);
    expect(new Set(values)).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  it('gives each group a key of its own', () => {
    const source = generator(3 * groupSize);
    const firsts = [0, groupSize, 2 * groupSize];
    const keys = firsts.map((first) => draw(source, [first, first + 5], 10).map(({ key }) => key));
    expect(keys.map((used) => [...new Set(used)])).toEqual([[0], [1], [2]]);
  });

  it('leaves a key before a 21st process uses it, and never comes back to it', () => {
    const source = generator(groupSize);
    const keys = Array.from({ length: 45 }, (_, process) => source.next(process % groupSize, process).key);
    expect(keys).toEqual([...Array(20).fill(0), ...Array(20).fill(1), ...Array(5).fill(2)]);
  });

  it('keeps a key for as long as nobody crashes', () => {
    expect(new Set(draw(generator(groupSize), allThreads, 1000).map(({ key }) => key))).toEqual(new Set([0]));
  });

  it('makes the same operations from the same seed', () => {
    expect(draw(generator(groupSize, 4), allThreads, 100)).toEqual(draw(generator(groupSize, 4), allThreads, 100));
    expect(draw(generator(groupSize, 4), allThreads, 100)).not.toEqual(draw(generator(groupSize, 5), allThreads, 100));
  });
});
