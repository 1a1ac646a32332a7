import { expect, test } from 'vitest';
import { parseCommand } from '../../src/services/kv/command.ts';
import { commandOf } from '../../src/stdio/door.ts';
import { requestExamples } from './examples.ts';

test.each([
  [
    { type: 'write', msg_id: 1, key: 'x', value: null },
    { op: 'put', key: 'x', value: null },
  ],
  [
    { type: 'cas', msg_id: 1, key: 'x', from: 1, to: 2 },
    { op: 'cas', key: 'x', from: 1, to: 2 },
  ],
  [
    { type: 'delete', msg_id: 1, key: 'x' },
    { op: 'delete', key: 'x' },
  ],
  [{ type: 'raft_append', msg_id: 1, entry: { command: 'SET x = 5' } }, 'SET x = 5'],
] as const)('%j logs %j', (body, command) => {
  expect(commandOf(body)).toEqual(command);
});

test.each([
  ...requestExamples.write,
  ...requestExamples.cas,
  ...requestExamples.delete,
  ...requestExamples.raft_append,
])('$type logs what the state machine understands', (body) => {
  expect(parseCommand(commandOf({ ...body, msg_id: 1 })).op).not.toBe('invalid');
});
