import { describe, expect, test } from 'vitest';
import { MemoryStorage } from '../../src/index.ts';
import { SeenForwards, SeenIds } from '../../src/member/seen-forwards.ts';
import { memberOn } from './members.ts';

/** The first ids of lives, far apart. */
const life = (number: number): number => number * 2 ** 32;

describe('a forward is taken once', () => {
  test('in whatever order they arrive', () => {
    const seen = new SeenForwards();
    expect([5, 3, 5, 4, 3].map((id) => seen.isFirst('n1', id))).toEqual([true, true, false, true, false]);
  });

  test('of each node apart', () => {
    const seen = new SeenForwards();
    expect([seen.isFirst('n1', 5), seen.isFirst('n2', 5), seen.isFirst('n1', 5)]).toEqual([true, true, false]);
  });

  test('past the bound the lower half is forgotten, and all numbers there count as seen', () => {
    const seen = new SeenIds(4);
    for (const id of [10, 20, 30, 40, 50]) expect(seen.isFirst(id)).toBe(true);
    expect([9, 10, 20, 25, 30].map((id) => seen.isFirst(id))).toEqual([false, false, false, false, false]);
    expect([31, 40, 45, 50, 51].map((id) => seen.isFirst(id))).toEqual([true, false, true, false, true]);
  });

  test('also after the bound was passed many times', () => {
    const seen = new SeenIds(4);
    for (let id = 0; id < 1000; id += 1) {
      expect(seen.isFirst(id)).toBe(true);
      expect(seen.isFirst(id)).toBe(false);
      expect(seen.isFirst(id - 3)).toBe(false);
    }
  });
});

describe('a node that starts again', () => {
  test('forwards with ids below those of its earlier life, and is heard', () => {
    const seen = new SeenForwards();
    for (let forward = 0; forward < 10_000; forward += 1) seen.isFirst('n2', life(7) + forward);
    expect([seen.isFirst('n2', life(3)), seen.isFirst('n2', life(3)), seen.isFirst('n2', life(7))]).toEqual([true, false, false]);
  });

  test('is heard though something of an earlier life is late, and any number of lives are behind it', () => {
    const seen = new SeenForwards();
    for (let start = 1; start < 1000; start += 1) {
      expect(seen.isFirst('n2', life(start) + 5)).toBe(true);
      expect(seen.isFirst('n2', life(start - 1) + 9)).toBe(true);
      expect(seen.isFirst('n2', life(start) + 6)).toBe(true);
      expect(seen.isFirst('n2', life(start - 1) + 9)).toBe(false);
    }
    expect(seen.isFirst('n2', life(1) + 5)).toBe(false);
  });
});

test('a leader takes what a node that has forgotten its earlier life forwards under the same message ids', () => {
  const leader = memberOn(new MemoryStorage());
  leader.showStatus('client', 0);
  for (const start of [3, 2]) {
    leader.receiveRequest('n2', { type: 'propose', term: 1, requests: [{ id: life(start), command: `life ${start}` }] }, 1, 0);
  }
  leader.turn(0);
  expect(leader.entries(1, 9).map(({ command }) => command)).toEqual(['life 3', 'life 2']);
});
