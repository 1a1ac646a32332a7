import { describe, expect, it } from 'vitest';
import { otherTypes, TypeCounts } from '../../../../maelstrom/network/journal/type-counts.ts';

describe('counting messages', () => {
  it('counts each type in each stretch of time', () => {
    const counts = new TypeCounts();
    for (const [type, atMs] of [
      ['a', 0],
      ['a', 49.9],
      ['b', 120],
      ['a', 130],
    ] as const)
      counts.add(type, atMs);
    expect(counts.record).toEqual({ bucketMs: 50, byType: { a: [2, 0, 1], b: [0, 0, 1] } });
  });

  it('takes longer stretches in a long run, and loses none', () => {
    const counts = new TypeCounts();
    for (let atMs = 0; atMs < 3_600_000; atMs += 1000) counts.add('a', atMs);
    const { bucketMs, byType } = counts.record;
    expect(bucketMs).toBe(6400);
    expect(byType['a']?.length).toBe(563);
    expect(byType['a']?.reduce((total, count) => total + count)).toBe(3600);
  });

  it('counts what comes after very many types together', () => {
    const counts = new TypeCounts();
    for (let type = 0; type < 100; type += 1) counts.add(`type ${type}`, 0);
    expect(Object.keys(counts.record.byType)).toHaveLength(61);
    expect(counts.record.byType[otherTypes]).toEqual([40]);
  });

  it('counts types that have the names of what every object has', () => {
    const counts = new TypeCounts();
    counts.add('__proto__', 0);
    counts.add('constructor', 0);
    expect(Object.keys(counts.record.byType)).toEqual(['__proto__', 'constructor']);
  });
});
