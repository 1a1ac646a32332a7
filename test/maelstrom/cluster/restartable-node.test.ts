import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { maxUnreadBytes } from '../../../maelstrom/cluster/node-process.ts';
import { RestartableNode } from '../../../maelstrom/cluster/restartable-node.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'eddy-test-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Runs a shell script as a node. `happened` fills with what its listener is told. */
function start(script: string) {
  const happened: string[] = [];
  const logFile = join(directory, 'n1.log');
  const command = { bin: '/bin/sh', arguments: ['-c', script], logFile };
  const node = new RestartableNode(command, {
    onLine: (line) => happened.push(line.kind === 'text' ? line.text : line.kind),
    onStderrLine: () => {},
    onEnd: (how) => happened.push(how),
    onRestart: () => happened.push(isAlive(Number(happened[0])) ? 'restarted beside the one before' : 'restarted'),
  });
  return { node, happened, log: () => readFileSync(logFile, 'utf8') };
}

it('is killed without a word, and what it is sent from then on is lost', async () => {
  const { node, happened } = start('echo up; cat');
  await expect.poll(() => happened).toEqual(['up']);
  node.kill();
  expect([node.isUp, node.writeLine('lost')]).toEqual([false, true]);
  await node.stop();
  expect(happened).toEqual(['up']);
});

it('runs again by the same command, and reads what it is sent then', async () => {
  const { node, happened } = start('echo up; cat');
  await expect.poll(() => happened).toEqual(['up']);
  node.kill();
  node.writeLine('lost');
  node.restart();
  await expect.poll(() => happened).toEqual(['up', 'restarted', 'up']);
  expect(node.isUp).toBe(true);
  node.writeLine('heard');
  await expect.poll(() => happened.at(-1)).toBe('heard');
  await node.stop();
});

it('runs again only when the process before is gone', async () => {
  const { node, happened } = start('echo $$; exec cat');
  await expect.poll(() => happened.length).toBe(1);
  node.restart();
  await expect.poll(() => happened.length).toBe(3);
  expect(happened[1]).toBe('restarted');
  await node.stop();
});

it('adds to one log, whichever process it is', async () => {
  const { node, happened, log } = start('echo said >&2; echo up; cat');
  await expect.poll(() => happened).toEqual(['up']);
  node.restart();
  await expect.poll(() => happened.length).toBe(3);
  await node.stop();
  expect(log()).toBe('said\nsaid\n');
});

it('is not started again when it is stopped before it was', async () => {
  const { node, happened } = start('echo up; cat');
  await expect.poll(() => happened).toEqual(['up']);
  node.restart();
  await node.stop();
  expect(happened).toEqual(['up']);
});

it('is not started again when it is killed once more before it was', async () => {
  const { node, happened } = start('echo $$; exec cat');
  await expect.poll(() => happened.length).toBe(1);
  node.restart();
  node.kill();
  await expect.poll(() => isAlive(Number(happened[0]))).toBe(false);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(happened).toHaveLength(1);
  await node.stop();
});

it('runs again although something that it started, and that got away, holds on to its output', async () => {
  const child = "require('node:child_process').spawn('sleep', ['6'], { detached: true, stdio: 'inherit' })";
  const { node, happened } = start(`exec node -e "${child}; console.log('up'); setInterval(() => {}, 1000)"`);
  await expect.poll(() => happened, { timeout: 10_000 }).toEqual(['up']);
  node.restart();
  await expect.poll(() => happened.length, { timeout: 4000 }).toBeGreaterThan(1);
  node.kill();
  await node.stop();
});

it('says so when it ends by itself, and can be started again', async () => {
  const { node, happened } = start('exit 3');
  await expect.poll(() => happened).toEqual(['exited with code 3']);
  node.restart();
  await expect.poll(() => happened).toEqual(['exited with code 3', 'restarted', 'exited with code 3']);
  await node.stop();
});

it('does nothing while it is paused, and then reads all that it was sent', async () => {
  const { node, happened } = start('echo up; cat');
  await expect.poll(() => happened).toEqual(['up']);
  node.pause();
  node.writeLine('one');
  node.writeLine('two');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(happened).toEqual(['up']);
  node.resume();
  await expect.poll(() => happened).toEqual(['up', 'one', 'two']);
  await node.stop();
});

it('is not paused while it is down', async () => {
  const { node, happened } = start('echo up; cat');
  await expect.poll(() => happened).toEqual(['up']);
  expect(node.pause()).toBe(true);
  node.kill();
  expect(node.pause()).toBe(false);
  node.restart();
  await expect.poll(() => happened.length).toBe(3);
  expect(node.isFree).toBe(true);
  await node.stop();
});

it('ends in order when it is stopped while it is paused', async () => {
  const { node, happened } = start('echo up; cat; echo bye');
  await expect.poll(() => happened).toEqual(['up']);
  node.pause();
  await node.stop();
  expect(happened).toEqual(['up', 'bye', 'exited with code 0']);
});

it('is not blamed for what it leaves unread while it is paused or down: it is dropped beyond a bound', async () => {
  const { node } = start('exec sleep 600');
  const line = 'x'.repeat(1024 * 1024);
  const write = async () => {
    let isAllRight = true;
    for (let written = 0; written <= 2 * maxUnreadBytes; written += line.length) {
      isAllRight = node.writeLine(line) && isAllRight;
      await Promise.resolve();
    }
    return isAllRight;
  };
  node.pause();
  expect(await write()).toBe(true);
  node.restart();
  await expect.poll(() => node.isUp).toBe(true);
  expect(await write()).toBe(false);
  node.kill();
  expect(await write()).toBe(true);
  await node.stop();
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
