import { describe, expect, test } from 'vitest';
import { formatEvent, maxLineLength, parseEvent, readEvents } from '../../../maelstrom/history/history.ts';
import type { HistoryEvent } from '../../../maelstrom/history/history.ts';

const invoke = '{"index":4,"time":12,"process":3,"type":"invoke","f":"cas","key":"x","value":[1,2]}';
const fail = '{"index":5,"time":13,"process":3,"type":"fail","f":"cas","key":"x","value":[1,2],"error":[20,"none"]}';
const nemesis = '{"index":6,"time":14,"process":"nemesis","type":"info","f":"start-partition","value":[["n1"],["n2"]]}';

const broadcast = '{"index":0,"time":1,"process":0,"type":"ok","f":"broadcast","value":7}';

describe('a line', () => {
  test.each([invoke, fail, nemesis, broadcast])('is written as it was read: %s', (line) => {
    expect(formatEvent(parseEvent(line, 1))).toBe(line);
  });

  test('is written with its fields in one order, whatever the order they came in', () => {
    const line =
      '{"error":"timeout","value":null,"key":{"a":1},"f":"read","type":"info","process":0,"time":1,"index":0}';
    const ordered =
      '{"index":0,"time":1,"process":0,"type":"info","f":"read","key":{"a":1},"value":null,"error":"timeout"}';
    expect(formatEvent(parseEvent(line, 1))).toBe(ordered);
  });

  test.each([
    ['{"index":1', 'line 7: not JSON: "{\\"index\\":1"'],
    ['[]', 'line 7: expected an event, as a JSON object'],
    [invoke.replace('"index":4,', ''), 'line 7: index: missing'],
    [invoke.replace('"time":12', '"time":1.5'), 'line 7: time: expected a non-negative integer'],
    [invoke.replace('"process":3', '"process":"n1"'), 'line 7: process: expected a non-negative integer or "nemesis"'],
    [invoke.replace('"invoke"', '"begin"'), 'line 7: type: expected "invoke", "ok", "fail" or "info"'],
    [invoke.replace('[1,2]', '[1,{"a":[1e400]}]'), 'line 7: value[1].a[0]: not a finite number'],
    [invoke.replace('"x"', `${'['.repeat(5000)}${']'.repeat(5000)}`), /^line 7: key.*: nested too deeply$/],
    [nemesis.replace('"f":"start-partition",', ''), 'line 7: f: missing'],
    [invoke.replace('"f":"cas",', ''), 'line 7: f: missing'],
  ])('that is no event is refused with its number and the field: %s', (line, reason) => {
    expect(() => parseEvent(line, 7)).toThrow(reason);
  });
});

describe('a stream', () => {
  const text = `${invoke}\r\n\n${fail.replace('none', 'nöne')}\n${nemesis}`;

  test.each([1, 7, 64 * 1024])('is read line by line, whatever its chunks (%i bytes each)', async (chunkBytes) => {
    const read = await readAll(chunksOf(text, chunkBytes));
    expect(read.map(([, lineNumber]) => lineNumber)).toEqual([1, 3, 4]);
    expect(read.map(([event]) => formatEvent(event)).join('\n')).toBe(text.replace('\r\n\n', '\n'));
  });

  test('that is wrong somewhere is refused with the number of the line there', async () => {
    await expect(readAll(chunksOf(`${invoke}\n\n{}\n`, 10))).rejects.toThrow('line 3: process: missing');
  });

  test('with an endless line is refused when the line is too long, not at its end', async () => {
    let chunks = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${invoke}\n`);
      for (;;) {
        chunks += 1;
        yield Buffer.alloc(1024 * 1024, 'x');
      }
    }
    await expect(readAll(endless())).rejects.toThrow(`line 2: longer than ${maxLineLength} characters`);
    expect(chunks).toBeLessThanOrEqual(maxLineLength / (1024 * 1024) + 1);
  });
});

async function* chunksOf(text: string, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    yield bytes.subarray(start, start + chunkBytes);
  }
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<[HistoryEvent, number][]> {
  const events: [HistoryEvent, number][] = [];
  await readEvents(chunks, (event, lineNumber) => events.push([event, lineNumber]));
  return events;
}
