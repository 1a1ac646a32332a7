import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/raft/random.ts';
import { LargeMap } from '../../../src/services/kv/large-map.ts';
import { KeyValueStore } from '../../../src/services/kv/store.ts';

describe('a map in several parts', () => {
  test('is a map, whatever happens to it', () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = new Random(seed);
      const map = new LargeMap<number, number>(1 + random.integer(5));
      const twin = new Map<number, number>();
      for (let step = 0; step < 200; step += 1) {
        const key = random.integer(20);
        if (random.integer(3) === 0) [map.delete(key), twin.delete(key)];
        else [map.set(key, step), twin.set(key, step)];
        expect([map.get(key), map.has(key)]).toEqual([twin.get(key), twin.has(key)]);
      }
      expect(new Map([...map.pairs()])).toEqual(twin);
      expect([...map.pairs()].length, 'no key is there twice').toBe(twin.size);
    }
  });

  test('gives what was there when the walk began, though keys are added', () => {
    const map = new LargeMap<string, number>(2);
    for (const key of ['a', 'b', 'c']) map.set(key, 1);
    const pairs = map.pairs();
    map.set('d', 1);
    map.set('e', 1);
    expect([...pairs].map(([key]) => key)).toEqual(['a', 'b', 'c']);
  });
});

describe('a store of more keys than one map takes', () => {
  test('carries out every command, and is captured and restored whole', () => {
    const store = new KeyValueStore(10);
    for (let key = 0; key < 100; key += 1) {
      expect(store.apply({ op: 'put', key, value: key })).toEqual({ kind: 'ok' });
      expect(store.apply({ op: 'put', key: [key], value: -key })).toEqual({ kind: 'ok' });
    }
    const capture = store.capture();
    for (let key = 0; key < 100; key += 2) store.apply({ op: 'delete', key });
    const restored = new KeyValueStore(7);
    const restoration = restored.restore();
    for (let part = capture.next(); part !== undefined; part = capture.next()) restoration.add(part);
    restoration.adopt();
    for (let key = 0; key < 100; key += 1) {
      expect(restored.read(key)).toEqual({ kind: 'value', value: key });
      expect(restored.read([key])).toEqual({ kind: 'value', value: -key });
      expect(store.read(key).kind).toBe(key % 2 === 0 ? 'no-such-key' : 'value');
    }
  });
});
