import { describe, expect, it } from 'vitest';
import { encodeColumn } from '../../../../maelstrom/report/html/column.ts';
import { decodeColumn } from '../../../../maelstrom/report/html/page/columns.js';
import { Random } from '../../../../src/index.ts';
import { randomJson } from '../../../random-json.ts';

/** As the page gets it. */
function there(values: readonly unknown[]): readonly unknown[] {
  return decodeColumn(JSON.parse(JSON.stringify(encodeColumn(values))));
}

/** As JSON has it: it knows no -0. */
function asJson(values: readonly unknown[]): readonly unknown[] {
  return JSON.parse(JSON.stringify(values));
}

describe('a column', () => {
  it.each([
    ['nothing', [], '{"count":0,"same":null}'],
    ['the same value', ['a', 'a'], '{"count":2,"same":"a"}'],
    ['integers', [100, 101, 99], '{"steps":[100,1,-2]}'],
    ['few values', ['a', 'b', 'a', 'a', 'a'], '{"of":["a","b"],"at":{"each":[0,1,0,0,0]}}'],
    ['many values', ['a', 'b', 'c'], '{"each":["a","b","c"]}'],
    ['arrays', [[1], [2, 3], []], '{"lengths":{"steps":[1,1,-2]},"items":{"steps":[1,1,1]}}'],
  ])('of %s is short', (_, values, text) => {
    expect(JSON.stringify(encodeColumn(values))).toBe(text);
    expect(there(values)).toEqual(values);
  });

  it('names the fields of objects once for each combination', () => {
    const values = [{ a: 1, b: 'x' }, { a: 2, b: 'y' }, { a: 3 }];
    expect(encodeColumn(values)).toEqual({
      shapes: [['a', 'b'], ['a']],
      which: { steps: [0, 0, 1] },
      parts: [[{ steps: [1, 1] }, { each: ['x', 'y'] }], [{ count: 1, same: 3 }]],
    });
    expect(there(values)).toEqual(values);
  });

  it('keeps integers exact where their differences are not', () => {
    const values = [Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 1];
    expect(there(values)).toEqual(values);
  });

  it('makes a field of __proto__, and no prototype', () => {
    const [object] = there([JSON.parse('{"__proto__":{"polluted":true}}')]);
    expect(Object.keys(object ?? {})).toEqual(['__proto__']);
    expect(object).not.toHaveProperty('polluted');
  });

  it('gives back any values', () => {
    const random = new Random(1);
    for (let round = 0; round < 2000; round += 1) {
      const values = Array.from({ length: random.integer(12) }, () => randomJson(random, 4));
      expect(there(values)).toEqual(asJson(values));
    }
  });
});
