import { describe, expect, test } from 'vitest';
import { LineSplitter } from '../../src/wire/lines.ts';
import type { Line } from '../../src/wire/lines.ts';
import { Random } from '../../src/raft/random.ts';
import { pick } from '../random-json.ts';

function split(chunks: readonly (string | Buffer)[], maxLineBytes = 100): Line[] {
  const splitter = new LineSplitter(maxLineBytes);
  const lines = chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk)));
  return [...lines, ...splitter.end()];
}

function text(value: string): Line {
  return { kind: 'text', text: value };
}

test('a chunk may hold many lines', () => {
  expect(split(['a\nb\nc\n'])).toEqual([text('a'), text('b'), text('c')]);
});

test('a line may come in many chunks', () => {
  expect(split(['{"a"', ':', '1}', '\n{}\n'])).toEqual([text('{"a":1}'), text('{}')]);
});

test('a line is given with the chunk that completes it', () => {
  const splitter = new LineSplitter(100);
  expect(splitter.push(Buffer.from('a\nb'))).toEqual([text('a')]);
  expect(splitter.push(Buffer.from('c'))).toEqual([]);
  expect(splitter.push(Buffer.from('\n'))).toEqual([text('bc')]);
  expect(splitter.end()).toEqual([]);
});

test('a chunk may be overwritten once it was pushed', () => {
  const splitter = new LineSplitter(100);
  const chunk = Buffer.from('half');
  splitter.push(chunk);
  chunk.fill(0);
  expect(splitter.push(Buffer.from(' line\n'))).toEqual([text('half line')]);
});

test('CRLF ends a line as LF does, also where a chunk ends between them', () => {
  expect(split(['a\r\nb\r', '\nc\r\n'])).toEqual([text('a'), text('b'), text('c')]);
});

test('a carriage return elsewhere belongs to the line', () => {
  expect(split(['a\rb\r\r\n'])).toEqual([text('a\rb\r')]);
});

test('empty lines are skipped', () => {
  expect(split(['\n\n\r\na\n', '\n', '\r', '\n'])).toEqual([text('a')]);
});

test('the last line needs no line break', () => {
  expect(split(['a\nb', 'c'])).toEqual([text('a'), text('bc')]);
  expect(split(['a\r'])).toEqual([text('a')]);
  expect(split([])).toEqual([]);
});

test('characters of several bytes may be cut anywhere', () => {
  const bytes = Buffer.from('é€😀\n');
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    expect(split([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual([text('é€😀')]);
  }
});

describe('bytes that are not UTF-8', () => {
  test('make their line unreadable, and no other', () => {
    expect(split([Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a, 0x62, 0x0a])])).toEqual([
      text('a'),
      { kind: 'not-utf8', sizeBytes: 2 },
      text('b'),
    ]);
  });

  test('are not mistaken for a replacement character that was sent as such', () => {
    expect(split(['\uFFFD\n'])).toEqual([text('\uFFFD')]);
  });

  test('include a character whose end is missing', () => {
    expect(split([Buffer.from('é').subarray(0, 1), '\n'])).toEqual([{ kind: 'not-utf8', sizeBytes: 1 }]);
  });
});

describe('the bound', () => {
  test.each(['\n', '\r\n', ''])('is inclusive, with the line break %j', (lineBreak) => {
    expect(split(['12345' + lineBreak], 5)).toEqual([text('12345')]);
    expect(split(['123', '45' + lineBreak], 5)).toEqual([text('12345')]);
    expect(split(['123456' + lineBreak], 5)).toMatchObject([{ kind: 'too-long' }]);
    expect(split(['123', '456' + lineBreak], 5)).toMatchObject([{ kind: 'too-long' }]);
  });

  test('counts bytes', () => {
    expect(split(['€€\n'], 5)).toEqual([{ kind: 'too-long', sizeBytes: 6 }]);
  });

  test('cuts out a longer line, once, with its size, and goes on behind it', () => {
    expect(split(['a\n1234', '56789', '0', '1\nb\n'], 5)).toEqual([
      text('a'),
      { kind: 'too-long', sizeBytes: 11 },
      text('b'),
    ]);
    expect(split(['123456', '7'], 5)).toEqual([{ kind: 'too-long', sizeBytes: 7 }]);
  });

  test('holds for the memory too: of a line of 100 MB no more than the bound is kept', () => {
    const splitter = new LineSplitter(1024 * 1024);
    const chunk = Buffer.alloc(100_000, 'x');
    const before = process.memoryUsage().arrayBuffers;
    for (let part = 0; part < 1_000; part += 1) {
      expect(splitter.push(chunk)).toEqual([]);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
    }
    expect(splitter.push(Buffer.from('\nnext\n'))).toEqual([
      { kind: 'too-long', sizeBytes: 100_000_000 },
      text('next'),
    ]);
  });

  test.each([0, -1, 1.5, Number.NaN])('cannot be %d', (bound) => {
    expect(() => new LineSplitter(bound)).toThrow(RangeError);
  });
});

test('a long line of many small chunks comes out whole', () => {
  const sent = 'é'.repeat(1024 * 1024);
  const bytes = Buffer.from(`${sent}\n`);
  const splitter = new LineSplitter(4 * 1024 * 1024);
  const lines: Line[] = [];
  for (let start = 0; start < bytes.length; start += 61) {
    lines.push(...splitter.push(bytes.subarray(start, start + 61)));
  }
  // Not toEqual: a difference would be printed.
  expect(lines.length === 1 && lines[0]?.kind === 'text' && lines[0].text === sent).toBe(true);
});

test('however the bytes are cut into chunks, the lines are the same', () => {
  const random = new Random(5);
  const pieces = ['a', '{}', 'é', '€', '😀', '\uFFFD', '\n', '\n', '\r\n', '\r', 'long long line', Buffer.from([0xff])];
  for (let round = 0; round < 1_000; round += 1) {
    const bytes = Buffer.concat(Array.from({ length: random.integer(40) }, () => Buffer.from(pick(random, pieces))));
    const chunks: Buffer[] = [];
    for (let start = 0; start < bytes.length;) {
      const end = start + 1 + random.integer(12);
      chunks.push(bytes.subarray(start, end));
      start = end;
    }
    expect(split(chunks, 20)).toEqual(split([bytes], 20));
  }
});
