import { expect, test } from 'vitest';
import { Random } from '../../src/raft/random.ts';
import { jsonStringBytes } from '../../src/services/json-string-bytes.ts';

const plain = ['', 'plain', '\b\t\v\f\r\u0000\u001f\n"\\', 'é€\u07ff\u0800\uffff', '\u007f\u0080'];
const pairs = ['😀', 'a😀b', '\ud83d', '\ude00\ud83d', '\ud83d\ud83d\ude00'];

const ranges = [[0, 0x80], [0x80, 0x900], [0xd700, 0xe100], [0xdb00, 0xdd00]] as const;

function randomText(random: Random): string {
  const units = Array.from({ length: random.integer(20) }, () => {
    const [from, to] = ranges[random.integer(ranges.length)] ?? ranges[0];
    return from + random.integer(to - from);
  });
  return String.fromCharCode(...units);
}

test('a text counts as many bytes as its JSON takes', () => {
  const random = new Random(1);
  for (const text of [...plain, ...pairs, ...Array.from({ length: 10_000 }, () => randomText(random))]) {
    const jsonBytes = Buffer.byteLength(JSON.stringify(text));
    expect(jsonStringBytes(text), JSON.stringify(text)).toBe(jsonBytes);
  }
});
