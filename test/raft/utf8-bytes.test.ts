import { expect, test } from 'vitest';
import { defaultRaftConfig } from '../../src/raft/config.ts';
import { Random } from '../../src/raft/random.ts';
import { utf8Bytes } from '../../src/raft/utf8-bytes.ts';

test.each(['', 'abc', 'ä', '\u07ff\u0800\uffff', '😀', 'a😀b', '\ud83d', '\ude00', '\ud83d\ud83d\ude00x', '\ude00\ud83d'])('%j', (text) => {
  expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
});

test('whatever the text', () => {
  const random = new Random(1);
  for (let trial = 0; trial < 500; trial += 1) {
    const units = Array.from({ length: random.integer(20) }, () => random.integer(3) === 0 ? 0xd7f0 + random.integer(0x900) : random.integer(0x10000));
    const text = String.fromCharCode(...units);
    expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
  }
});

test('by default an entry is as large as its JSON in bytes of UTF-8', () => {
  const entry = { term: 1, index: 1, command: 'ä€😀' };
  expect(defaultRaftConfig.sizeBytesOf(entry)).toBe(Buffer.byteLength(JSON.stringify(entry)));
});
