import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { maxUnreadBytes, NodeProcess } from '../../../maelstrom/cluster/node-process.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'eddy-test-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Starts a shell script as a node. `ended` resolves to how it ended. */
function start(script: string) {
  const lines: unknown[] = [];
  const { promise: ended, resolve } = withResolvers<string>();
  const logFile = join(directory, 'n1.log');
  const command = { bin: '/bin/sh', arguments: ['-c', script], logFile };
  const listener = { onLine: (line: unknown) => lines.push(line), onStderrLine: () => {}, onEnd: resolve };
  return { node: new NodeProcess(command, listener), lines, ended, log: () => readFileSync(logFile, 'utf8') };
}

function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

it('hands on what the node writes to stdout, the last line without a line break too', async () => {
  const { lines, ended } = start('echo one; printf two');
  await ended;
  expect(lines).toEqual([
    { kind: 'text', text: 'one' },
    { kind: 'text', text: 'two' },
  ]);
});

it('writes lines to the stdin of the node, in order', async () => {
  const { node, lines } = start('cat');
  node.writeLine('one');
  node.writeLine('two');
  await Promise.resolve();
  await node.stop();
  expect(lines.map((line) => JSON.stringify(line))).toEqual([
    '{"kind":"text","text":"one"}',
    '{"kind":"text","text":"two"}',
  ]);
});

it('says how the node ended', async () => {
  expect(await start('exit 3').ended).toBe('exited with code 3');
  expect(await start('kill -SEGV $$').ended).toBe('was killed by SIGSEGV');
});

it('keeps all of stderr in the log, and the last ten lines at hand', async () => {
  const { node, ended, log } = start('for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "line $i" >&2; done');
  await ended;
  expect(log().split('\n')).toHaveLength(13);
  expect(node.stderrTail).toHaveLength(10);
  expect([node.stderrTail[0], node.stderrTail[9]]).toEqual(['line 3', 'line 12']);
});

it('ends a node that ignores the end of its stdin, with all that it started', async () => {
  const { node, ended } = start('sleep 600 & echo $! >&2; wait');
  await expect.poll(() => node.stderrTail.length).toBe(1);
  const child = Number(node.stderrTail[0]);
  await node.stop();
  expect(await ended).toMatch(/^was killed by/);
  await expect.poll(() => isAlive(child)).toBe(false);
});

it('drops lines for a node that has left too much unread', async () => {
  const { node } = start('sleep 600');
  const line = 'x'.repeat(1024 * 1024);
  let written = 0;
  while (node.writeLine(line) && written <= 2 * maxUnreadBytes) {
    written += line.length;
    await Promise.resolve();
  }
  expect(written).toBeGreaterThanOrEqual(maxUnreadBytes);
  expect(written).toBeLessThan(maxUnreadBytes + 8 * line.length);
  node.kill();
  await node.stop();
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
