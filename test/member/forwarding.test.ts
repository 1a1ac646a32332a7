import { describe, expect, test } from 'vitest';
import { fitting, forwardSizeBytes, SeenForwards } from '../../src/member/forwarding.ts';
import { PendingWrites } from '../../src/member/pending-writes.ts';

describe('a forward is taken once', () => {
  test('in whatever order they arrive', () => {
    const seen = new SeenForwards();
    expect([5, 3, 5, 4, 3].map((msgId) => seen.isFirst('n1', msgId))).toEqual([true, true, false, true, false]);
  });

  test('of each node apart', () => {
    const seen = new SeenForwards();
    expect([seen.isFirst('n1', 5), seen.isFirst('n2', 5), seen.isFirst('n1', 5)]).toEqual([true, true, false]);
  });

  test('past the bound the lower half is forgotten, and all numbers there count as seen', () => {
    const seen = new SeenForwards(4);
    for (const msgId of [10, 20, 30, 40, 50]) expect(seen.isFirst('n1', msgId)).toBe(true);
    expect([9, 10, 20, 25, 30].map((msgId) => seen.isFirst('n1', msgId))).toEqual([false, false, false, false, false]);
    expect([31, 40, 45, 50, 51].map((msgId) => seen.isFirst('n1', msgId))).toEqual([true, false, true, false, true]);
  });

  test('also after the bound was passed many times', () => {
    const seen = new SeenForwards(4);
    for (let msgId = 0; msgId < 1000; msgId += 1) {
      expect(seen.isFirst('n1', msgId)).toBe(true);
      expect(seen.isFirst('n1', msgId)).toBe(false);
      expect(seen.isFirst('n1', msgId - 3)).toBe(false);
    }
  });
});

describe('as many items as fit', () => {
  const sizes = [3, 4, 5, 1];
  const size = (item: number): number => item;

  test.each([
    [13, [3, 4, 5, 1]],
    [12, [3, 4, 5]],
    [11, [3, 4]],
    [7, [3, 4]],
    [6, [3]],
    [2, [3]],
  ])('in %i: %j', (maxBytes, expected) => {
    expect(fitting(sizes, maxBytes, size)).toEqual(expected);
  });

  test('none of none', () => {
    expect(fitting([], 10, size)).toEqual([]);
  });
});

test('the size of a write is that of its command, and of what is around it', () => {
  const writes = new PendingWrites<string>('n1', { take: () => 2 ** 53 - 1 }, 10);
  const value = 'é€😀'.repeat(100);
  writes.add('c1', value, 0, false);
  const [write] = writes.waiting();
  const text = JSON.stringify({ id: write?.id, command: value });
  expect(write && forwardSizeBytes(write)).toBe(Buffer.byteLength(`${text},`));
});
