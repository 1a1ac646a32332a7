import { expect, test } from 'vitest';
import { encodeRecord, findLaterRecord, maxPayloadBytes } from '../../src/storage/record.ts';
import { readRecord, recordHeaderBytes } from '../../src/storage/record.ts';

const place = { sequence: 7, predecessor: 0xdeadbeef };

test('a record is read back as it was written', () => {
  const bytes = encodeRecord(place, ['null', '"ä"']);
  const payload = Buffer.from('null\n"ä"\n');
  const checksum = bytes.readUInt32BE(1);
  expect(bytes).toHaveLength(recordHeaderBytes + payload.length);
  expect(readRecord(bytes, 0)).toEqual({ kind: 'record', record: { ...place, checksum, payload, end: bytes.length } });
});

test('any part of a record is none', () => {
  const bytes = encodeRecord(place, ['null']);
  for (let length = 0; length < bytes.length; length += 1) {
    expect(readRecord(bytes.subarray(0, length), 0).kind, `${length} bytes`).toBe('bad');
  }
});

test('a payload has a bound, which no batch of the core comes near', () => {
  const mebibyte = 'x'.repeat(1024 * 1024 - 1);
  const lines = Array.from({ length: maxPayloadBytes / (1024 * 1024) + 1 }, () => mebibyte);
  expect(() => encodeRecord(place, lines)).toThrow('the core bounds the size of a batch');
});

test('a later record is found behind whatever does not look like one, and one of an earlier batch is not', () => {
  const rubbish = Buffer.alloc(100, 0x1e);
  const bytes = Buffer.concat([rubbish, encodeRecord(place, ['null']), rubbish]);
  expect(findLaterRecord(bytes, 0, 6)).toBe(100);
  expect(findLaterRecord(bytes, 99, 6)).toBe(100);
  expect(findLaterRecord(bytes, 0, 7)).toBeUndefined();
  expect(findLaterRecord(bytes, 100, 6)).toBeUndefined();
});
