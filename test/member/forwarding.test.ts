import { describe, expect, test } from 'vitest';
import { fitting, forwardSizeBytes } from '../../src/member/forwarding.ts';
import { PendingWrites } from '../../src/member/pending-writes.ts';

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
