import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { initAlone, line, parsedLines } from '../messages.ts';
import { RaftProcess } from './raft-process.ts';

test('a node serves the service that it is started with, and no other operations', async () => {
  const node = new RaftProcess({ flags: ['--service', 'counter'] });
  const requests = [
    { type: 'add', msg_id: 2, delta: 5 },
    { type: 'add', msg_id: 3, delta: -2 },
    { type: 'add', msg_id: 4, delta: 'x' },
    { type: 'read', msg_id: 5 },
    { type: 'write', msg_id: 6, key: 1, value: 2 },
    { type: 'raft_append', msg_id: 7, entry: { command: 'SET x 1' } },
  ];
  const { stdout, exitCode } = await node.end(initAlone + requests.map((body) => line('c1', body)).join(''));
  const answers = new Map(parsedLines(stdout).map(({ body }) => [body['in_reply_to'], body]));
  expect(answers.get(2)).toMatchObject({ type: 'add_ok' });
  expect(answers.get(3)).toMatchObject({ type: 'add_ok' });
  expect(answers.get(4)).toMatchObject({ code: 12, text: 'body.delta: expected an integer' });
  expect(answers.get(5)).toMatchObject({ type: 'read_ok', value: 3 });
  expect(answers.get(6)).toMatchObject({ code: 10, text: 'body.type: unknown type "write"' });
  expect(answers.get(7)).toMatchObject({ code: 12, text: 'body.entry.command: expected {"op":"add"}' });
  expect(exitCode).toBe(0);
});

test('a service that there is not is refused, with the names of those that there are', async () => {
  const { exitCode, stderr } = await new RaftProcess({ flags: ['--service', 'queue'] }).end();
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--service takes kv or counter, not "queue"');
});

test('a data directory is of one service: another one does not start on it, and nothing is lost', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'raft-service-'));
  const start = (flags: readonly string[]): RaftProcess => new RaftProcess({ flags: ['--data-dir', directory, ...flags] });
  const write = line('c1', { type: 'write', msg_id: 2, key: 'k', value: 1 });
  const status = line('c1', { type: 'raft_log', msg_id: 3 });
  expect(await start([]).end(initAlone + write)).toMatchObject({ exitCode: 0 });
  const other = await start(['--service', 'counter']).end(initAlone);
  expect(other).toMatchObject({ exitCode: 2, stdout: '' });
  expect(other.stderr).toContain('holds the service kv, not counter');
  const { stdout, exitCode } = await start([]).end(initAlone + status);
  expect(stdout).toContain('{"op":"put","key":"k","value":1}');
  expect(exitCode).toBe(0);
  rmSync(directory, { recursive: true });
});
