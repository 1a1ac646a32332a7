import { describe, expect, it } from 'vitest';
import { formatExactly, parseExactly, plainText } from '../../../maelstrom/history/exact.ts';
import { formatEvent, parseEvent } from '../../../maelstrom/history/history.ts';
import { jsonEquals } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';
import { Random } from '../../../src/raft/random.ts';
import { randomJson } from '../../random-json.ts';

const read = (text: string) => parseExactly(text) as Json;
const areEqual = (left: string, right: string) => jsonEquals(read(left), read(right));

describe('a number in JSON', () => {
  it.each([
    ['2.0', '2.00'],
    ['2.0', '20e-1'],
    ['100.0', '1e2'],
    ['1E21', '1000000000000000000000.0'],
    ['-0.0', '0.0'],
    ['0.5', '5e-1'],
    ['[{"a":-3.0}]', '[{"a":-30.0e-1}]'],
  ])('is the same as another of its kind that is as large: %s and %s', (left, right) => {
    expect(areEqual(left, right)).toBe(true);
  });

  it.each([
    ['2', '2.0'],
    ['100', '1e2'],
    ['0', '-0.0'],
    ['{"a":[1]}', '{"a":[1.0]}'],
    ['[1,1.0]', '[1.0,1]'],
    ['"2.0"', '2.0'],
  ])('is another than one of the other kind: %s and %s', (left, right) => {
    expect(areEqual(left, right)).toBe(false);
  });

  it.each(['"1.0"', '"\\\\" ', '["a\\"1.0",1]', '{"1.0":1,"b":"\\\\","c":"2.0\\\\\\""}', '1.5', '12345'])(
    'is looked for between strings alone: %s',
    (text) => expect(parseExactly(text)).toEqual(JSON.parse(text)),
  );

  it('is what it was when it is written again, in any value', () => {
    const doubles = ['1.0', '-2.0', '1e+21', '0.0'];
    for (let seed = 0; seed < 2000; seed += 1) {
      const random = new Random(seed);
      const draw = () => doubles[random.integer(doubles.length)] ?? '';
      const text = JSON.stringify([randomJson(random), '"1.0', randomJson(random)]).replaceAll(/(?<=[[,:])0(?=[,\]}])/g, draw);
      expect(formatExactly(JSON.stringify(parseExactly(text))), `seed ${seed}`).toBe(text);
    }
  });

  it('is shown as it was', () => {
    expect(plainText(read('{"a":[2.0,2,"x"]}'))).toBe('{"a":[2.0,2,"x"]}');
    expect(plainText({ edn: ':a "b"' })).toBe(':a "b"');
  });
});

describe('an event on a line', () => {
  const line = (value: string, key: string) => {
    return `{"index":1,"time":5,"process":3,"type":"ok","f":"read","key":${key},"value":${value}}`;
  };

  it('has keys and values whose numbers are what they were', () => {
    for (const text of [line('2.0', '1'), line('[2,2.0]', '1.0'), line('"2.0"', '1')]) {
      expect(formatEvent(parseEvent(text, 1))).toBe(text);
    }
  });

  it('may have an index and a time with a point, which are numbers of the same', () => {
    const event = parseEvent(line('1', '1').replace('"index":1,"time":5', '"index":1.0,"time":5e0'), 1);
    expect(event).toMatchObject({ index: 1, time: 5, value: 1 });
  });
});
