import { describe, expect, it } from 'vitest';
import { EdnReader, maxDepth } from '../../../../maelstrom/history/edn/reader.ts';
import { toJson } from '../../../../maelstrom/history/edn/to-json.ts';
import { ednText } from '../../../../maelstrom/history/edn/value.ts';

function read(text: string) {
  const reader = new EdnReader(text);
  const value = reader.next();
  expect(reader.isAtEnd).toBe(true);
  return value;
}

describe('a value in EDN', () => {
  it.each([
    ['nil', null],
    ['true', true],
    ['false', false],
    ['-17', -17],
    ['1.5', 1.5],
    ['"a\\n\\"b\\" \\u00e9 \\\\"', 'a\n"b" é \\'],
    ['[1, [2 nil]]', [1, [2, null]]],
    ['(1 "x")', [1, 'x']],
    ['; nothing yet\n #_ {:a [1]} #_#_ 2 3 4', 4],
  ])('is the same in JSON: %s', (text, json) => {
    expect(toJson(read(text))).toEqual(json);
  });

  it.each([
    [':a', { edn: ':a' }],
    ['{:b 1, :a #{2 1}}', { edn: '{:a #{1 2}, :b 1}' }],
    ['1.0', { edn: '1.0' }],
    ['9007199254740993', { edn: '9007199254740993' }],
    ['12N', { edn: '12N' }],
    ['2/3', { edn: '2/3' }],
    ['\\a', { edn: '\\a' }],
    ['\\( ', { edn: '\\(' }],
    ['#inst "2020-01-01"', { edn: '#inst "2020-01-01"' }],
    ['#object[a.B$c 0x7f "x"]', { edn: '#object [a.B$c 0x7f "x"]' }],
    ['##Inf', { edn: '##Inf' }],
  ])('that JSON has no word for is told apart from all that it has: %s', (text, json) => {
    expect(toJson(read(text))).toEqual(json);
  });

  it('is equal as text to every way of writing it', () => {
    expect(ednText(read('#{:b,:a}'))).toBe(ednText(read('#{ :a :b }')));
    expect(ednText(read('{"x" 1 :y (2)}'))).toBe(ednText(read('{:y (2), "x" 1}')));
  });

  it.each([
    ['', 'line 1, column 1: the text ends where a value should be'],
    ['\n  [1\n 2', 'line 2, column 3: this [ is never closed'],
    ['{:a}', 'line 1, column 1: a map in which a key has no value'],
    ['\n"abc', 'line 2, column 1: this " is never closed'],
    ['  )', 'line 1, column 3: a ) that closes nothing'],
    ['[1)', 'line 1, column 3: a ) that closes nothing'],
    ['"\\q"', 'line 1, column 1: a string with \\q, which stands for nothing'],
    ['# 1', 'line 1, column 2: expected a tag after #, not " 1"'],
  ])('that is none is refused with its line and column: %j', (text, reason) => {
    expect(() => new EdnReader(text).next()).toThrow(reason);
  });

  it.each(['[', '#a ', '#_ ', `${'['.repeat(maxDepth - 1)}#_ `])('is not read past a bound on its depth: %j', (opening) => {
    expect(() => new EdnReader(opening.repeat(100_000)).next()).toThrow(/^line 1, column \d+: nested more than 128 deep$/);
  });

  it('may be as deep as the bound', () => {
    expect(() => read('['.repeat(maxDepth) + ']'.repeat(maxDepth))).not.toThrow();
  });
});
