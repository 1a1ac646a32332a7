import { describe, expect, it } from 'vitest';
import { EdnReader, maxDepth } from '../../../../maelstrom/history/edn/reader.ts';
import { toJson } from '../../../../maelstrom/history/edn/to-json.ts';
import { equalityFault } from '../../../../maelstrom/history/edn/value.ts';
import { canonical } from '../../../../src/services/json.ts';

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
    ['1.0M', { edn: '1M' }],
    ['2/3', { edn: '2/3' }],
    ['\\a', { edn: '\\a' }],
    ['\\( ', { edn: '\\(' }],
    ['#inst "2020-01-01"', { edn: '#inst "2020-01-01T00:00:00.000Z"' }],
    ['##Inf', { edn: '##Inf' }],
  ])('that JSON has no word for is told apart from all that it has: %s', (text, json) => {
    expect(toJson(read(text))).toEqual(json);
  });

  it.each([
    ['#{:b,:a}', '#{ :a :b }'],
    ['{"x" 1 :y (2)}', '{:y [2], "x" 1}'],
    ['[1 (2 [])]', '(1 [2 ()])'],
    ['3', '3N', '+3', '0x3', '03', '2r11', '6/2'],
    ['-4', '-4N', '-8/2'],
    ['0', '-0', '0N', '0/7'],
    ['9007199254740993', '9007199254740993N', '+9007199254740993'],
    ['1.0', '1.0e0', '10e-1', '1.', '0.1E1', '+1.00'],
    ['0.0', '-0.0', '0e9'],
    ['1.5', '15e-1', '1.50'],
    ['1e400', '##Inf'],
    ['2/3', '4/6', '+2/3'],
    ['1.0M', '1M', '1.00M', '10E-1M'],
    ['\\A', '\\u0041', '\\o101'],
    ['\\newline', '\\u000a', '\\o12'],
    ['#:a{:b 1, :_/c 2, x 3}', '{:a/b 1, :c 2, a/x 3}'],
    ['#inst "2020-01-01"', '#inst "2020-01-01T00:00:00.000-00:00"', '#inst "2020-01-01T02:30:00+02:30"', '#inst "2020"'],
    ['#uuid "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"', '#uuid "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"'],
    ['[a ; to the end of the line\n b]', '[a #_(left out) b]'],
  ])('is the same however it is written: %s', (...texts) => {
    const [first, ...others] = texts.map((text) => toJson(read(text)));
    for (const other of others) expect(other).toEqual(first);
  });

  it.each([
    ['1', '1.0', '1M', '"1"', '\\1', ':1'],
    ['a', ':a', '"a"', '\\a', ':x/a', 'x/a'],
    ['nil', 'false', '"nil"', ':nil', '[]', '{}', '#{}'],
    ['[1 2]', '[2 1]', '#{1 2}', '{1 2}'],
    ['0.5', '1/2', '0.5M'],
    ['9007199254740993', '9007199254740992', '9007199254740992.0'],
    ['##Inf', '##-Inf'],
    ['#inst "2020-01-01"', '"2020-01-01T00:00:00.000Z"', '#inst "2020-01-02"'],
  ])('is another than these: %s', (...texts) => {
    const values = texts.map((text) => canonical(toJson(read(text))));
    expect(new Set(values).size).toBe(texts.length);
  });

  it.each([
    ['#object[a.B$c 0x7f "x"]', 'the tag #object is not known: what is equal to such a value?'],
    ['[{:a #{#my/tag 1}}]', 'the tag #my/tag is not known: what is equal to such a value?'],
    ['[1 ##NaN]', '##NaN is not equal to anything, itself included'],
    ['[:a #inst "2020-02-29"]', undefined],
  ])('may be one of which nobody knows what it equals: %s', (text, why) => {
    expect(equalityFault(read(text))).toBe(why);
  });

  it.each([
    ['', 'line 1, column 1: the text ends where a value should be'],
    ['\n  [1\n 2', 'line 2, column 3: this [ is never closed'],
    ['{:a}', 'line 1, column 1: a map in which a key has no value'],
    ['\n"abc', 'line 2, column 1: this " is never closed'],
    ['  )', 'line 1, column 3: a ) that closes nothing'],
    ['[1)', 'line 1, column 3: a ) that closes nothing'],
    ['"\\q"', 'line 1, column 1: a string with \\q, which stands for nothing'],
    ['\n {:a 1 :a 2}', 'line 2, column 2: a map in which a key stands twice'],
    ['{1 2, 1N 3}', 'line 1, column 1: a map in which a key stands twice'],
    ['#{[1] (1)}', 'line 1, column 2: a set in which a member stands twice'],
    ['1/0', 'line 1, column 1: 1/0 is not a number'],
    ['12ab', 'line 1, column 1: 12ab is not a number'],
    ['09', 'line 1, column 1: 09 is not a number'],
    ['3r9', 'line 1, column 1: 3r9 is not a number'],
    ['\\abc', 'line 1, column 1: \\abc, which is no character'],
    [' ::a', 'line 1, column 3: ::a is not a keyword'],
    ['[^a b]', 'line 1, column 2: ^a is not a symbol'],
    ['##Nan', 'line 1, column 2: ##Nan stands for nothing'],
    ['#:a 1', 'line 1, column 2: expected a map after #:a'],
    ['#inst "2020-02-30"', 'line 1, column 2: #inst of "2020-02-30", which is none'],
    ['#uuid "1-2"', 'line 1, column 2: #uuid of "1-2", which is none'],
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
