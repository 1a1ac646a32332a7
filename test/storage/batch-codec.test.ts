import { expect, test } from 'vitest';
import type { Entry } from '../../src/raft/messages.ts';
import { decodeBatch, encodeBatch } from '../../src/storage/batch-codec.ts';
import { encodeEntry } from '../../src/wire/encode.ts';

function payloadOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

test('entries of every kind read back as they were; what is no configuration says nothing of kinds', () => {
  const entries: readonly Entry[] = [
    { term: 1, index: 1, command: { op: 'delete', key: 'x' }, origin: { node: 'n1', id: 7 } },
    { term: 2, index: 2, command: null },
    { kind: 'configuration', term: 2, index: 3, command: { voters: ['n1', 'n2'], learners: ['n3'] } },
  ];
  const lines = encodeBatch({ entries }, encodeEntry);
  expect(lines.map((line) => line.includes('kind'))).toEqual([false, false, false, true]);
  expect(decodeBatch(payloadOf(lines))).toEqual({ kind: 'batch', batch: { entries } });
});

test.each([
  '{"kind":"other","term":1,"index":1,"command":null}',
  '{"kind":"configuration","term":1,"index":1,"command":null}',
  '{"kind":"configuration","term":1,"index":1,"command":{"voters":[],"learners":[]}}',
  '{"kind":"configuration","term":1,"index":1,"command":{"voters":["n1",2],"learners":[]}}',
  '{"kind":"configuration","term":1,"index":1,"command":{"voters":["n1"]}}',
])('an entry of a kind that is not understood is not read: %s', (line) => {
  expect(decodeBatch(payloadOf(['null', line]))).toEqual({ kind: 'bad', why: 'line 2 of it is no entry' });
});
