import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../../src/services/kv/command.ts';
import { kv } from '../../../src/services/kv/service.ts';

/** What an operation makes of a request's fields. */
function demandOf(type: string, body: Readonly<Record<string, unknown>>): unknown {
  return kv.operations.get(type)?.demandOf(body);
}

describe('an operation that writes', () => {
  test.each([
    ['write', { key: 'x', value: null }, { op: 'put', key: 'x', value: null }],
    ['cas', { key: 'x', from: 1, to: 2 }, { op: 'cas', key: 'x', from: 1, to: 2 }],
    ['cas', { key: 'x', from: 1, to: 2, create_if_not_exists: false }, { op: 'cas', key: 'x', from: 1, to: 2 }],
    [
      'cas',
      { key: 'x', from: 1, to: 2, create_if_not_exists: true },
      { op: 'cas', key: 'x', from: 1, to: 2, create_if_not_exists: true },
    ],
    ['delete', { key: 'x', more: 1 }, { op: 'delete', key: 'x' }],
  ])('%s %j logs %j, which the state machine understands', (type, body, command) => {
    expect(kv.operations.get(type)?.kind).toBe('write');
    expect(demandOf(type, body)).toEqual(command);
    expect(kv.commandFault(demandOf(type, body))).toBeUndefined();
    expect(parseCommand(demandOf(type, body)).op).not.toBe('invalid');
  });

  test.each([
    ['write', { key: 'x' }],
    ['cas', { key: 'x', from: 1 }],
    ['cas', { key: 'x', from: 1, to: 2, create_if_not_exists: 1 }],
    ['delete', {}],
  ])('%s %j logs nothing', (type, body) => {
    expect(demandOf(type, body)).toBeUndefined();
  });
});

test('a read asks for its key, and is answered by the value', () => {
  const read = kv.operations.get('read');
  expect(read?.kind).toBe('read');
  expect(read?.demandOf({ key: [1] })).toEqual([1]);
  expect(read?.replyOf('one')).toEqual({ value: 'one' });
});

test('a cas that may make its key makes it, and does nothing else to one that exists', () => {
  const store = kv.createStateMachine();
  const cas = (from: number, to: number): unknown =>
    store.apply({ op: 'cas', key: 'x', from, to, create_if_not_exists: true });
  expect(store.apply({ op: 'cas', key: 'x', from: 1, to: 2 })).toEqual({ kind: 'no-such-key' });
  expect(cas(1, 2)).toEqual({ kind: 'ok' });
  expect(cas(1, 3)).toEqual({ kind: 'mismatch', found: 2 });
  expect(cas(2, 3)).toEqual({ kind: 'ok' });
  expect(store.read('x')).toEqual({ kind: 'value', value: 3 });
});
