import { expect, test } from 'vitest';
import { maxIndex } from '../../src/raft/log.ts';
import { encodeHeader, readHeader } from '../../src/storage/segments.ts';

test('the header of a file of the log has room for every index that a log may come to', () => {
  // Entries of a node's own come behind the last that a message may bring.
  const header = { sequence: 1, predecessor: 2, lastIndex: maxIndex + 2 ** 40 };
  expect(readHeader(encodeHeader(header))).toEqual({ kind: 'header', header });
});
