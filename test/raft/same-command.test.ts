import { expect, test } from 'vitest';
import { isSameCommand } from '../../src/raft/same-command.ts';

test.each([
  [null, null],
  ['a', 'a'],
  [1, 1],
  [[1, { a: [] }], [1, { a: [] }]],
  [{ a: 1, b: { c: null } }, { b: { c: null }, a: 1 }],
  [{}, {}],
])('%j is %j', (one, other) => {
  expect([isSameCommand(one, other), isSameCommand(other, one)]).toEqual([true, true]);
});

test.each([
  [null, {}],
  [1, '1'],
  [[], {}],
  [[1, 2], [2, 1]],
  [[1], [1, 2]],
  [{ a: 1 }, { a: 2 }],
  [{ a: 1 }, { b: 1 }],
  [{ a: 1 }, { a: 1, b: 1 }],
  [{ toString: 1 }, {}],
  [{ a: undefined }, {}],
])('%j is not %j', (one, other) => {
  expect([isSameCommand(one, other), isSameCommand(other, one)]).toEqual([false, false]);
});
