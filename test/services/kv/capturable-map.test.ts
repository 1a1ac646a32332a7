import { describe, expect, test } from 'vitest';
import { CapturableMap } from '../../../src/services/kv/capturable-map.ts';
import type { MapCapture } from '../../../src/services/kv/capturable-map.ts';
import { Random } from '../../../src/raft/random.ts';

function mapOf(contents: Readonly<Record<string, number>>, maxKeysPerMap?: number): CapturableMap<string, number> {
  const map = new CapturableMap<string, number>(maxKeysPerMap);
  for (const [key, value] of Object.entries(contents)) map.set(key, value);
  return map;
}

/** What is left of a capture. */
function rest(capture: MapCapture<string, number>): Readonly<Record<string, number>> {
  const read: Record<string, number> = {};
  for (let next = capture.next(); next !== undefined; next = capture.next()) {
    const [key, value] = next;
    expect(read[key] ?? value).toBe(value);
    read[key] = value;
  }
  return read;
}

describe('a capture', () => {
  test('gives what the map held when it began', () => {
    expect(rest(mapOf({ a: 1, b: 2 }).capture())).toEqual({ a: 1, b: 2 });
    expect(rest(mapOf({}).capture())).toEqual({});
  });

  test.each<readonly [string, (map: CapturableMap<string, number>) => void]>([
    ['a key is changed', (map) => map.set('b', 20)],
    ['a key is changed twice', (map) => [20, 21].forEach((value) => map.set('b', value))],
    ['a key is deleted', (map) => map.delete('b')],
    ['a key is added', (map) => map.set('d', 4)],
    ['a key is deleted and set again', (map) => [map.delete('b'), map.set('b', 20)]],
    ['a key is added and deleted again', (map) => [map.set('d', 4), map.delete('d')]],
    ['a key that is not there is deleted', (map) => map.delete('d')],
  ])('is not touched when %s, before its turn or after', (_what, change) => {
    for (const [passed, maxKeysPerMap] of [0, 1, 2, 3].flatMap((count) => [[count], [count, 2], [count, 1]] as const)) {
      const map = mapOf({ a: 1, b: 2, c: 3 }, maxKeysPerMap);
      const capture = map.capture();
      const first = Array.from({ length: passed }, () => capture.next()).filter((pair) => pair !== undefined);
      change(map);
      expect({ ...Object.fromEntries(first), ...rest(capture) }).toEqual({ a: 1, b: 2, c: 3 });
    }
  });

  test('gives null for what was null', () => {
    const map = new CapturableMap<string, null | number>();
    map.set('a', null);
    const capture = map.capture();
    map.set('a', 1);
    expect(capture.next()).toEqual(['a', null]);
  });

  test.each([undefined, 3])('comes to an end, however fast keys are added (%s keys in a map)', (maxKeysPerMap) => {
    const map = mapOf({ a: 1, b: 2 }, maxKeysPerMap);
    const capture = map.capture();
    let pairs = 0;
    while (capture.next() !== undefined) {
      pairs += 1;
      for (let added = 0; added < 10; added += 1) map.set(`${pairs}/${added}`, added);
      expect(pairs).toBeLessThan(10);
    }
  });

  test('that is given up, or that another takes the place of, gives nothing of what came later', () => {
    const map = mapOf({ a: 1 });
    map.capture().end();
    map.capture();
    map.set('a', 2);
    expect(rest(map.capture())).toEqual({ a: 2 });
  });

  test('that is given up late does not end the one that took its place', () => {
    const map = mapOf({ a: 1 });
    const earlier = map.capture();
    const later = map.capture();
    earlier.end();
    map.set('a', 2);
    expect(rest(later)).toEqual({ a: 1 });
  });

  test('agrees with a copy, whatever happens meanwhile', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = new Random(seed);
      const map = new CapturableMap<string, number>(seed % 2 === 0 ? undefined : 1 + random.integer(5));
      const twin: Record<string, number> = {};
      const change = (): void => {
        const key = `k${random.integer(12)}`;
        if (random.integer(3) === 0) {
          map.delete(key);
          delete twin[key];
        } else {
          twin[key] = random.integer(1000);
          map.set(key, twin[key]);
        }
      };
      for (let count = random.integer(30); count > 0; count -= 1) change();
      const expected = { ...twin };
      const capture = map.capture();
      const read: Record<string, number> = {};
      for (let next = capture.next(); next !== undefined; next = capture.next()) {
        read[next[0]] = next[1];
        for (let count = random.integer(4); count > 0; count -= 1) change();
      }
      expect(read).toEqual(expected);
      expect(rest(map.capture())).toEqual(twin);
    }
  });
});
