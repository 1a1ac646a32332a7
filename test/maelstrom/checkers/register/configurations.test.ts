import { expect, test } from 'vitest';
import { Configurations } from '../../../../maelstrom/checkers/register/configurations.ts';
import { Random } from '../../../../src/raft/random.ts';

const plenty = 1024 * 1024;

test('a configuration is added once', () => {
  const seen = new Configurations({ key: 2, burden: 1, costs: 0 }, plenty);
  expect(seen.add(Int32Array.of(1, 2, 0))).toBe('added');
  expect(seen.add(Int32Array.of(1, 2, 0))).toBe('covered');
  expect(seen.count).toBe(1);
});

test('a lesser burden covers a greater one, and not the other way round', () => {
  const seen = new Configurations({ key: 1, burden: 2, costs: 0 }, plenty);
  expect(seen.add(Int32Array.of(1, 0b0110, 0b1))).toBe('added');
  expect(seen.add(Int32Array.of(1, 0b1110, 0b1))).toBe('covered');
  expect(seen.add(Int32Array.of(1, 0b0010, 0b1))).toBe('added');
  expect(seen.add(Int32Array.of(1, 0b1100, 0b1))).toBe('added');
  expect(seen.add(Int32Array.of(1, 0b0110, 0b0))).toBe('added');
});

test('lower costs cover higher ones, and not the other way round', () => {
  const seen = new Configurations({ key: 1, burden: 1, costs: 2 }, plenty);
  expect(seen.add(Int32Array.of(1, 0b1, 2, 3))).toBe('added');
  expect(seen.add(Int32Array.of(1, 0b1, 2, 4))).toBe('covered');
  expect(seen.add(Int32Array.of(1, 0b1, 3, 2))).toBe('added');
  expect(seen.add(Int32Array.of(1, 0b1, 1, 3))).toBe('added');
  expect(seen.add(Int32Array.of(1, 0b0, 2, 3))).toBe('added');
});

test('what lies behind a configuration in its row does not matter', () => {
  const seen = new Configurations({ key: 1, burden: 0, costs: 0 }, plenty);
  expect(seen.add(Int32Array.of(1, 5))).toBe('added');
  expect(seen.add(Int32Array.of(1, 6))).toBe('covered');
});

test('another key is covered by none', () => {
  const seen = new Configurations({ key: 2, burden: 1, costs: 0 }, plenty);
  expect(seen.add(Int32Array.of(1, 2, 0))).toBe('added');
  expect(seen.add(Int32Array.of(2, 1, 0))).toBe('added');
  expect(seen.add(Int32Array.of(1, -2, 0))).toBe('added');
});

test('what was added is still there after it has grown many times', () => {
  const seen = new Configurations({ key: 2, burden: 0, costs: 0 }, plenty);
  const random = new Random(1);
  const rows = Array.from({ length: 10_000 }, (_, index) => Int32Array.of(index, random.integer(2 ** 32)));
  expect(rows.map((row) => seen.add(row))).not.toContain('covered');
  expect(new Set(rows.map((row) => seen.add(row)))).toEqual(new Set(['covered']));
});

test('says that it is full rather than take more memory than it may', () => {
  const seen = new Configurations({ key: 1, burden: 0, costs: 0 }, 1000);
  let added = 0;
  while (seen.add(Int32Array.of(added)) === 'added') {
    added += 1;
  }
  expect(seen.add(Int32Array.of(added))).toBe('full');
  expect(seen.add(Int32Array.of(0))).toBe('covered');
  expect(added * 4).toBeLessThan(1000);
  expect(added).toBeGreaterThan(16);
});
