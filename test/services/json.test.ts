import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { canonical, encodedBytes, jsonEquals, jsonFault, maxNesting, pathText } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import { Random } from '../../src/raft/random.ts';
import { randomJson, reordered } from '../random-json.ts';

/** Node's own comparison, for which 0 and -0 differ: they are made one before. */
function equalByValue(left: Json, right: Json): boolean {
  return isDeepStrictEqual(withoutNegativeZero(left), withoutNegativeZero(right));
}

function withoutNegativeZero(value: Json): unknown {
  return JSON.parse(JSON.stringify(value), (_, member: unknown) => (member === 0 ? 0 : member));
}

function parsed(text: string): Json {
  return JSON.parse(text);
}

function nested(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth));
}

describe('equality by value', () => {
  const equal: readonly (readonly [Json, Json])[] = [
    [0, -0],
    [1, parsed('1.0')],
    [parsed('{"a":1,"b":[2]}'), parsed('{"b":[2],"a":1}')],
    [parsed('{"__proto__":1,"a":2}'), parsed('{"a":2,"__proto__":1}')],
  ];
  test.each(equal)('%j equals %j', (left, right) => {
    expect(jsonEquals(left, right)).toBe(true);
    expect(canonical(left)).toBe(canonical(right));
  });

  const different: readonly (readonly [Json, Json])[] = [
    [1, '1'],
    [null, 'null'],
    [false, 0],
    [[], {}],
    [{}, []],
    [{}, null],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 1]],
    [
      [[1], 2],
      [1, [2]],
    ],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: null }, {}],
    [parsed('{"__proto__":1}'), {}],
    [parsed('{"__proto__":1}'), parsed('{"__proto__":2}')],
    [{ a: 1 }, parsed('{"constructor":1}')],
    ['\ud800', '\\ud800'],
  ];
  test.each(different)('%j differs from %j', (left, right) => {
    expect(jsonEquals(left, right)).toBe(false);
    expect(jsonEquals(right, left)).toBe(false);
    expect(canonical(left)).not.toBe(canonical(right));
  });

  test('agrees with a straightforward deep comparison on random pairs, in both forms', () => {
    const random = new Random(1);
    let equalPairs = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const [left, right] = [randomJson(random), randomJson(random)];
      const same = equalByValue(left, right);
      equalPairs += same ? 1 : 0;
      expect(
        [jsonEquals(left, right), canonical(left) === canonical(right)],
        `${canonical(left)} ${canonical(right)}`,
      ).toEqual([same, same]);
    }
    expect(equalPairs).toBeGreaterThan(100);
  });

  test('does not depend on the order of keys', () => {
    const random = new Random(2);
    for (let round = 0; round < 2_000; round += 1) {
      const value = randomJson(random, 4);
      expect(canonical(reordered(value))).toBe(canonical(value));
      expect(jsonEquals(reordered(value), value)).toBe(true);
    }
  });

  test('canonical text is JSON for the same value', () => {
    const random = new Random(3);
    for (let round = 0; round < 2_000; round += 1) {
      const value = randomJson(random, 4);
      expect(jsonEquals(parsed(canonical(value)), value)).toBe(true);
    }
  });
});

describe('what this program takes', () => {
  test.each([null, true, 0, -1.5, 1e-300, Number.MAX_SAFE_INTEGER, '', [], {}, [[{ a: [1, 'x'] }]]])('%j', (value) => {
    expect(jsonFault(value)).toBeUndefined();
  });

  test(`nesting of ${maxNesting} is taken, one more is not`, () => {
    expect(jsonFault(nested(maxNesting))).toBeUndefined();
    expect(jsonFault(nested(maxNesting + 1))).toEqual({ path: Array(maxNesting).fill(0), reason: 'nested too deeply' });
  });

  test('nesting that would exhaust the stack is only another fault', () => {
    expect(jsonFault(nested(5_000))?.reason).toBe('nested too deeply');
    expect(jsonFault(nested(500_000))?.reason).toBe('nested too deeply');
    expect(jsonFault(parsed('{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000)))?.reason).toBe('nested too deeply');
  });

  test.each([
    ['9007199254740992', 'an integer beyond 2^53 - 1 in size'],
    ['-9007199254740993', 'an integer beyond 2^53 - 1 in size'],
    ['1e300', 'an integer beyond 2^53 - 1 in size'],
    ['1e400', 'not a finite number'],
    ['-1e400', 'not a finite number'],
  ])('the number %s is not taken, wherever it is', (text, reason) => {
    expect(jsonFault(JSON.parse(text))).toEqual({ path: [], reason });
    expect(jsonFault(JSON.parse(`{"ok":1,"a":[0,{"b":${text}}]}`))).toEqual({ path: ['a', 1, 'b'], reason });
  });

  test.each([
    [undefined, 'missing'],
    [() => 0, 'not a JSON value'],
    [1n, 'not a JSON value'],
  ])('%s is not JSON at all', (value, reason) => {
    expect(jsonFault(value)).toEqual({ path: [], reason });
    expect(jsonFault([value])).toEqual({ path: [0], reason });
  });
});

describe('the size of a value', () => {
  test('is what its JSON takes in UTF-8', () => {
    const random = new Random(3);
    const texts = ['\u0001'.repeat(32), '\b\t\n\v\f\r', 'é"x'.repeat(1_000), { '\ud800': ['\u007f'] }];
    const numbers = [0, -0, 9, 10, -10, 99, 100, 1e15, Number.MAX_SAFE_INTEGER, -1.5, 1e-7, -2.2250738585072014e-308];
    const others: Json[] = [null, true, false, [], {}, [[]], [[false]], { a: {} }, JSON.parse('{"__proto__":1}')];
    const values = [...texts, ...numbers, ...others, ...Array.from({ length: 5_000 }, () => randomJson(random))];
    for (const value of values) {
      const text = JSON.stringify(value);
      expect(encodedBytes(value), text).toBe(Buffer.byteLength(text));
    }
  });
});

describe('a path as text', () => {
  test('reads as in JavaScript', () => {
    expect(pathText(['body', 'entries', 3, 'term'])).toBe('body.entries[3].term');
    expect(pathText([])).toBe('');
  });

  test('does not repeat a long key that somebody sent', () => {
    expect(pathText(['body', 'k'.repeat(1_000_000)]).length).toBeLessThan(100);
  });
});
