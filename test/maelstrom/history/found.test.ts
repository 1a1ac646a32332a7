import { expect, it } from 'vitest';
import { foundBy } from '../../../maelstrom/history/found.ts';
import { operationsOf } from '../../../maelstrom/history/operations.ts';
import { readEdnHistory } from '../../../maelstrom/history/edn/history.ts';
import type { Json } from '../../../src/services/json.ts';

it.each<[Json]>([
  [22],
  [[22, 'precondition-failed']],
  ['precondition-failed'],
  [['precondition-failed', 'current value 3 is not 2']],
  [[{ edn: ':precondition-failed' }, 'x']],
  ['[22 "precondition-failed"]'],
  ['[:precondition-failed "current value 3 is not 2"]'],
  [':precondition-failed'],
])('an error of code 22 says that another value was there: %j', (error) => {
  expect(foundBy(error)).toBe('another value');
});

it.each<[Json]>([[20], [[20, 'key-does-not-exist']], ['[:key-does-not-exist "not found"]'], ['[20 "not found"]']])(
  'an error of code 20 says that nothing was there: %j',
  (error) => {
    expect(foundBy(error)).toBe('nothing');
  },
);

it.each<[Json]>([
  [11],
  [14],
  [[11, '22']],
  [[14, 'abort, precondition-failed']],
  ['timeout'],
  ['222'],
  ['x 22'],
  [null],
  [{ code: 22 }],
  [':precondition-failed-not'],
])('any other says nothing of the value: %j', (error) => {
  expect(foundBy(error)).toBeUndefined();
});

it('nothing is said without an error', () => {
  expect(foundBy(undefined)).toBeUndefined();
});

it('a read that was told that there is no key has seen nothing, in EDN too; a write is not told what was there', () => {
  const op = (f: string, type: string, more = '') => `{:process 0, :f ${f}, :type ${type}, :value [1 ${f === ':read' ? 'nil' : '2'}]${more}}`;
  const error = ', :error [:key-does-not-exist "not found"]';
  const text = op(':read', ':invoke') + op(':read', ':fail', error) + op(':write', ':invoke') + op(':write', ':fail', error);
  const [read, write] = operationsOf(readEdnHistory(text).events);
  expect(read).toMatchObject({ f: 'read', outcome: 'ok', value: null });
  expect(write).toMatchObject({ f: 'write', outcome: 'fail' });
  expect(write).not.toHaveProperty('found');
});
