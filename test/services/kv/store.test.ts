import { describe, expect, test } from 'vitest';
import { canonical, jsonEquals } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';
import { KeyValueStore } from '../../../src/services/kv/store.ts';
import { Random } from '../../../src/raft/random.ts';
import { pick, randomJson, reordered } from '../../random-json.ts';

const ok = { kind: 'ok' };
const noSuchKey = { kind: 'no-such-key' };

function storeWith(key: Json, value: Json): KeyValueStore {
  const store = new KeyValueStore();
  expect(store.apply({ op: 'put', key, value })).toEqual(ok);
  return store;
}

function nestedArray(depth: number): Json {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth));
}

describe('read', () => {
  test('gives the value last put', () => {
    const store = storeWith('x', 1);
    store.apply({ op: 'put', key: 'x', value: 2 });
    expect(store.read('x')).toEqual({ kind: 'value', value: 2 });
  });

  test('of a key that was never put finds none', () => {
    expect(new KeyValueStore().read('x')).toEqual(noSuchKey);
  });

  test('finds null, which is a value like another', () => {
    expect(storeWith('x', null).read('x')).toEqual({ kind: 'value', value: null });
  });
});

describe('delete', () => {
  test('removes the key', () => {
    const store = storeWith('x', 1);
    expect(store.apply({ op: 'delete', key: 'x' })).toEqual(ok);
    expect(store.read('x')).toEqual(noSuchKey);
  });

  test('of a missing key succeeds', () => {
    expect(new KeyValueStore().apply({ op: 'delete', key: ['x'] })).toEqual(ok);
  });
});

describe('cas', () => {
  test('sets the value where the old one is as expected', () => {
    const store = storeWith('x', 1);
    expect(store.apply({ op: 'cas', key: 'x', from: 1, to: 2 })).toEqual(ok);
    expect(store.read('x')).toEqual({ kind: 'value', value: 2 });
  });

  test('changes nothing where the old value is another, and says which', () => {
    const store = storeWith('x', 1);
    expect(store.apply({ op: 'cas', key: 'x', from: '1', to: 2 })).toEqual({ kind: 'mismatch', found: 1 });
    expect(store.read('x')).toEqual({ kind: 'value', value: 1 });
  });

  test('of a missing key does not create it, not even from null', () => {
    const store = new KeyValueStore();
    expect(store.apply({ op: 'cas', key: 'x', from: null, to: 2 })).toEqual(noSuchKey);
    expect(store.read('x')).toEqual(noSuchKey);
  });

  test('compares objects by value, whatever the order of their keys', () => {
    const store = storeWith('x', { a: 1, b: [2] });
    expect(store.apply({ op: 'cas', key: 'x', from: { b: [2], a: 1 }, to: 0 })).toEqual(ok);
  });
});

describe('keys', () => {
  const alike: readonly Json[] = [1, '1', [1], '[1]', ['1'], null, 'null', true, 'true', {}, '{}', [], '[]', '"1"', ''];

  test('of different types are different keys, however alike they look', () => {
    const store = new KeyValueStore();
    alike.forEach((key, place) => store.apply({ op: 'put', key, value: place }));
    alike.forEach((key, place) => expect(store.read(key)).toEqual({ kind: 'value', value: place }));
  });

  test('that are objects are the same key whatever the order of their keys', () => {
    expect(storeWith({ a: 1, b: 2 }, 'here').read({ b: 2, a: 1 })).toEqual({ kind: 'value', value: 'here' });
  });

  test('0 and -0 are one key', () => {
    expect(storeWith(0, 'zero').read(-0)).toEqual({ kind: 'value', value: 'zero' });
  });
});

describe('apply is total', () => {
  test('the no-op changes nothing', () => {
    expect(new KeyValueStore().apply(null)).toEqual(ok);
  });

  test.each<unknown>([
    undefined,
    0,
    true,
    '',
    'GET x',
    [],
    {},
    { op: 'put' },
    { op: 'increment', key: 1 },
    { op: 'put', key: 1, value: nestedArray(64) },
    { op: 'put', key: nestedArray(100_000), value: 1 },
    { op: 'cas', key: 1, from: 1n, to: 1 },
  ])('%# gives a result', (command) => {
    const store = storeWith(1, 'kept');
    expect(store.apply(command)).toMatchObject({ kind: 'not-understood' });
    expect(store.read(1)).toEqual({ kind: 'value', value: 'kept' });
  });
});

test('text forms work on the same keys as objects do', () => {
  const store = new KeyValueStore();
  store.apply('SET x = 5');
  expect(store.read('x')).toEqual({ kind: 'value', value: '5' });
  store.apply({ op: 'cas', key: 'x', from: '5', to: 6 });
  expect(store.read('x')).toEqual({ kind: 'value', value: 6 });
  store.apply('DELETE x');
  expect(store.read('x')).toEqual(noSuchKey);
});

test('random commands do what a list of pairs searched by value does', () => {
  const random = new Random(11);
  const store = new KeyValueStore();
  let pairs: (readonly [key: Json, value: Json])[] = [];
  const keys = Array.from({ length: 12 }, () => randomJson(random, 2));
  for (let step = 0; step < 5_000; step += 1) {
    const key = reordered(pick(random, keys));
    const value = pick(random, [1, 2, [1], { a: 1, b: 2 }]);
    const old = pairs.find(([other]) => jsonEquals(other, key))?.[1];
    const rest = pairs.filter(([other]) => !jsonEquals(other, key));
    switch (random.integer(4)) {
      case 0:
        store.apply({ op: 'put', key, value });
        pairs = [...rest, [key, value]];
        break;
      case 1:
        store.apply({ op: 'delete', key });
        pairs = rest;
        break;
      case 2: {
        const from = pick(random, [1, { b: 2, a: 1 }]);
        const matches = old !== undefined && canonical(old) === canonical(from);
        expect(store.apply({ op: 'cas', key, from, to: value }).kind).toBe(
          old === undefined ? 'no-such-key' : matches ? 'ok' : 'mismatch',
        );
        pairs = matches ? [...rest, [key, value]] : pairs;
        break;
      }
      default:
        expect(store.read(key)).toEqual(old === undefined ? noSuchKey : { kind: 'value', value: old });
    }
  }
});

describe('a store that is taken down', () => {
  function partsOf(store: KeyValueStore): readonly Json[] {
    const capture = store.capture();
    const parts: Json[] = [];
    for (let part = capture.next(); part !== undefined; part = capture.next()) parts.push(part);
    return parts;
  }

  const contents: readonly (readonly [Json, Json])[] = [
    ['x', 1],
    [1, 'one'],
    ['1', null],
    [null, []],
    [{ b: 1, a: [2] }, { deep: { er: true } }],
    ['[1]', 'a text'],
    [[1], 'an array'],
  ];

  function filled(): KeyValueStore {
    const store = new KeyValueStore();
    for (const [key, value] of contents) store.apply({ op: 'put', key, value });
    return store;
  }

  test('is the same when it is built again', () => {
    const restored = new KeyValueStore();
    restored.apply({ op: 'put', key: 'of before', value: 1 });
    const restoration = restored.restore();
    for (const part of partsOf(filled())) expect(restoration.add(part)).toBeUndefined();
    expect(restored.read('of before')).toEqual({ kind: 'value', value: 1 });
    restoration.adopt();
    expect(restored.read('of before')).toEqual({ kind: 'no-such-key' });
    for (const [key, value] of contents) expect(restored.read(key)).toEqual({ kind: 'value', value });
    expect(partsOf(restored)).toEqual(partsOf(filled()));
  });

  test('holds still for the capture, in both kinds of keys', () => {
    const store = filled();
    const capture = store.capture();
    const parts: Json[] = [];
    for (let part = capture.next(); part !== undefined; part = capture.next()) {
      parts.push(part);
      for (const [key] of contents) store.apply({ op: 'put', key, value: 'later' });
    }
    for (const [key, value] of contents) expect(parts).toContainEqual([key, value]);
    expect(parts.filter((part) => Array.isArray(part) && part[1] === 'later')).toEqual([]);
  });

  test.each([[null], [{}], [[]], [['key']], [['key', 1, 2]], ['key']])('is not built of %j', (part) => {
    expect(new KeyValueStore().restore().add(part)).toBe('it is no pair of a key and a value');
  });
});
