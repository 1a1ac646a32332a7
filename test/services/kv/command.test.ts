import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../../src/services/kv/command.ts';

describe('commands as objects', () => {
  test.each([
    { op: 'put', key: 'x', value: 1 },
    { op: 'put', key: null, value: null },
    { op: 'put', key: { a: [1] }, value: [] },
    { op: 'delete', key: 0 },
    { op: 'cas', key: 'x', from: null, to: false, createsKey: false },
  ])('%j', (command) => {
    expect(parseCommand(command)).toEqual(command);
  });

  test('fields of other operations are ignored', () => {
    expect(parseCommand({ op: 'delete', key: 1, value: 2, note: 'x' })).toEqual({ op: 'delete', key: 1 });
  });
});

describe('commands as texts', () => {
  test.each([
    ['SET x 5', 'x', '5'],
    ['SET x = 5', 'x', '5'],
    ['SET x   =   5', 'x', '5'],
    ['SET x =5', 'x', '=5'],
    ['SET x == 5', 'x', '== 5'],
    ['SET x = = 5', 'x', '= 5'],
    ['SET x=5 6', 'x=5', '6'],
    ['SET = 5', '=', '5'],
    ['SET greeting = hello  big world ', 'greeting', 'hello  big world '],
    ['PUT x two words', 'x', 'two words'],
    ['PUT x = 5', 'x', '= 5'],
    ['PUT x two\nlines', 'x', 'two\nlines'],
  ])('%j puts %j: %j', (text, key, value) => {
    expect(parseCommand(text)).toEqual({ op: 'put', key, value });
  });

  test('DELETE x deletes x', () => {
    expect(parseCommand('DELETE x')).toEqual({ op: 'delete', key: 'x' });
    expect(parseCommand('DELETE  x  ')).toEqual({ op: 'delete', key: 'x' });
  });

  test.each([
    '',
    ' ',
    'SET',
    'SET ',
    'SET x',
    'SET x ',
    'SET x =',
    'SET x = ',
    'PUT x',
    'PUT',
    'DELETE',
    'DELETE ',
    'DELETE x y',
    'set x 5',
    ' SET x 5',
    'GET x',
    'SETx 5',
  ])('%j is none', (text) => {
    expect(parseCommand(text)).toMatchObject({ op: 'invalid', path: [] });
  });

  test('a long text of spaces is read in linear time', () => {
    expect(parseCommand(`SET${' '.repeat(1_000_000)}`).op).toBe('invalid');
  });
});

describe('what is no command says where it is wrong', () => {
  test.each<[unknown, readonly (string | number)[], string]>([
    [undefined, [], 'missing'],
    [null, [], 'expected a command, an object or a text'],
    [1, [], 'expected a command, an object or a text'],
    [[], [], 'expected a command, an object or a text'],
    [{}, ['op'], 'missing'],
    [{ op: 'get', key: 1 }, ['op'], 'expected "put", "delete" or "cas"'],
    [{ op: 'constructor' }, ['op'], 'expected "put", "delete" or "cas"'],
    [{ op: 'put', value: 1 }, ['key'], 'missing'],
    [{ op: 'put', key: 1 }, ['value'], 'missing'],
    [{ op: 'delete' }, ['key'], 'missing'],
    [{ op: 'cas', key: 1, to: 1 }, ['from'], 'missing'],
    [{ op: 'cas', key: 1, from: 1 }, ['to'], 'missing'],
    [{ op: 'put', key: 1, value: [Infinity] }, ['value', 0], 'not a finite number'],
    [{ op: 'put', key: 2 ** 53, value: 1 }, ['key'], 'an integer beyond 2^53 - 1 in size'],
  ])('%j', (value, path, reason) => {
    expect(parseCommand(value)).toEqual({ op: 'invalid', path, reason });
  });
});

describe('a command keeps no more of a long text in memory than it is', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');

  test.each([
    ['its key', (text: string) => `SET a-key-of-some-length ${text}`, 'key'],
    ['its value', (text: string) => `SET k ${' '.repeat(text.length)}a value of some length`, 'value'],
  ] as const)('%s', (_, commandOf, field) => {
    collect();
    const before = process.memoryUsage().heapUsed;
    const kept = Array.from({ length: 64 }, () => {
      const command = parseCommand(commandOf('v'.repeat(500_000)));
      return command.op === 'put' ? command[field] : expect.unreachable();
    });
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
    expect(new Set(kept).size).toBe(1);
  });
});
