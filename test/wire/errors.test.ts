import { expect, test } from 'vitest';
import { errorCode, errorName, isDefinite, isErrorCode } from '../../src/wire/errors.ts';

test("the codes, names and definiteness are Maelstrom's", () => {
  const table = Object.values(errorCode).map((code) => [code, errorName(code), isDefinite(code)]);
  expect(table).toEqual([
    [0, 'timeout', false],
    [1, 'node-not-found', true],
    [10, 'not-supported', true],
    [11, 'temporarily-unavailable', true],
    [12, 'malformed-request', true],
    [13, 'crash', false],
    [14, 'abort', true],
    [20, 'key-does-not-exist', true],
    [21, 'key-already-exists', true],
    [22, 'precondition-failed', true],
    [30, 'txn-conflict', true],
  ]);
});

test.each([2, -1, 1000, 10.5, Number.NaN])(
  '%d is no code of Maelstrom, and nothing certain follows from it',
  (code) => {
    expect([isErrorCode(code), errorName(code), isDefinite(code)]).toEqual([false, undefined, false]);
  },
);
