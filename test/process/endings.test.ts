import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { initAlone, initOfThree, line, parsedLines } from '../messages.ts';
import type { Ending } from './raft-process.ts';
import { raftBin, RaftProcess, withoutTicks } from './raft-process.ts';

function typesOf(stdout: string): readonly unknown[] {
  return parsedLines(stdout).map(({ body }) => body['type']);
}

/** A node that has answered all so far, and whose log is longer than what a pipe holds. */
async function nodeWithLongLog(flags: readonly string[]): Promise<RaftProcess> {
  const node = new RaftProcess({ flags });
  const append = { type: 'raft_append', entry: { command: `SET x ${'v'.repeat(10_000)}` } };
  const appends = Array.from({ length: 90 }, (_, at) => line('c1', { msg_id: 100 + at, ...append }));
  await node.write(initOfThree + appends.join(''));
  await node.answerTo(189);
  return node;
}

function expectWholeLog({ exitCode, stdout }: Ending): void {
  expect(exitCode).toBe(0);
  expect(stdout.endsWith('\n')).toBe(true);
  expect(typesOf(stdout).at(-1)).toBe('raft_log_ok');
}

describe('the end of input', () => {
  test('ends the process, and what was asked before is answered', async () => {
    const write = line('c1', { type: 'write', msg_id: 2, key: 1, value: 1 });
    const { exitCode, stdout } = await new RaftProcess().end(initAlone + write);
    expect({ exitCode, types: typesOf(stdout) }).toEqual({ exitCode: 0, types: ['init_ok', 'write_ok'] });
  });

  test('with nothing before it: nothing is said', async () => {
    expect(await new RaftProcess().end()).toEqual({ exitCode: 0, signal: null, stdout: '', stderr: '' });
  });

  test('in the middle of a line: that line is no message', async () => {
    const read = line('c1', { type: 'read', msg_id: 2, key: 1 });
    const { exitCode, stdout } = await new RaftProcess().end(initAlone + read.slice(0, -9));
    expect({ exitCode, types: typesOf(stdout) }).toEqual({ exitCode: 0, types: ['init_ok'] });
  });

  test('waits for a slow reader: all is written, though timers run out meanwhile', async () => {
    const node = await nodeWithLongLog(['--heartbeat-ms', '1', '--election-timeout-ms', '1000']);
    node.stopReading();
    // The last line has no line break, so that its long answer is written at the very end.
    const ended = node.end(line('c1', { type: 'raft_log', msg_id: 2 }).trimEnd());
    setTimeout(() => node.readOn(), 100);
    expectWholeLog(await ended);
  });
});

describe('signals', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it like the end of input', async (signal) => {
    const node = new RaftProcess();
    await node.write(initAlone);
    await node.answerTo(1, 'c0');
    node.kill(signal);
    expect(await node.ended()).toMatchObject({ exitCode: 0, signal: null });
  });

  test('SIGTERM waits for a slow reader too, and what still arrives is not taken in', async () => {
    const node = await nodeWithLongLog(withoutTicks);
    // Both lines arrive at once; the second is answered at the very end, as it has no line break.
    const status = line('c1', { type: 'raft_status', msg_id: 2 });
    await node.write(status + line('c1', { type: 'raft_log', msg_id: 3 }).trimEnd());
    await node.answerTo(2);
    node.kill('SIGTERM');
    await node.saysMoreThan(node.stdout.length);
    node.stopReading();
    await node.write(`\n${line('c1', { type: 'raft_status', msg_id: 4 })}`);
    setTimeout(() => node.readOn(), 100);
    expectWholeLog(await node.ended());
  });

  test('a second SIGTERM does not wait for a reader who never comes', async () => {
    const node = new RaftProcess();
    const append = { type: 'raft_append', entry: { command: `SET x ${'v'.repeat(900_000)}` } };
    await node.write(initOfThree + line('c1', { msg_id: 2, ...append }));
    await node.answerTo(2);
    const saidBytes = node.stdout.length;
    for (const msgId of [3, 4, 5, 6]) await node.write(line('c1', { type: 'raft_log', msg_id: msgId }));
    await node.saysMoreThan(saidBytes);
    node.stopReading();
    const repeat = setInterval(() => node.kill('SIGTERM'), 50);
    const ending = await node.ended();
    clearInterval(repeat);
    expect(ending).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
  });
});

describe('a signal to end is obeyed', () => {
  test('before init', async () => {
    const node = new RaftProcess();
    await node.write('noise\n');
    await node.logsMoreThan(0);
    node.kill('SIGTERM');
    expect(await node.ended()).toMatchObject({ exitCode: 0, signal: null, stdout: '' });
  });

  test('in bounded time where the reader of its output takes nothing more', async () => {
    const node = await nodeWithLongLog(withoutTicks);
    const saidBytes = node.stdout.length;
    for (const msgId of [3, 4, 5, 6]) await node.write(line('c1', { type: 'raft_log', msg_id: msgId }));
    await node.saysMoreThan(saidBytes);
    node.stopReading();
    node.kill('SIGTERM');
    const stderr = 'raft: stopped: the reader of stdout has not taken all, 5000 ms after the signal to end\n';
    expect(await node.exited()).toEqual({ exitCode: 2, signal: null });
    node.readOn();
    expect((await node.ended()).stderr).toBe(stderr);
  });

  test('in bounded time where the disk does not answer', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'stuck-disk-'));
    onTestFinished(() => rmSync(dataDirectory, { recursive: true }));
    const preload = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
      fs.fdatasync = fs.fsync = () => process.stderr.write('asked to sync\\n'); syncBuiltinESMExports();`;
    const node = new RaftProcess({ preload, flags: [...withoutTicks, '--data-dir', dataDirectory] });
    await node.write(initAlone);
    await node.logsMoreThan(0);
    node.kill('SIGTERM');
    const stderr = expect.stringMatching(/\nraft: stopped: the disk has not finished, 5000 ms after the signal to end\n$/);
    expect(await node.ended()).toMatchObject({ exitCode: 2, signal: null, stdout: '', stderr });
  });

  test('at once the second time, though it is another signal', async () => {
    const node = await nodeWithLongLog(withoutTicks);
    const saidBytes = node.stdout.length;
    for (const msgId of [3, 4, 5, 6]) await node.write(line('c1', { type: 'raft_log', msg_id: msgId }));
    await node.saysMoreThan(saidBytes);
    node.stopReading();
    node.kill('SIGTERM');
    const repeat = setInterval(() => node.kill('SIGINT'), 50);
    expect(await node.exited()).toEqual({ exitCode: null, signal: 'SIGINT' });
    clearInterval(repeat);
    node.readOn();
  });
});

describe('where a standard stream does not work', () => {
  /** Runs a node with redirections of a shell; `init` and a status are its input where none is given. */
  function runRedirected(redirections: string): { readonly code: number | null; readonly out: string; readonly log: string } {
    const input = initAlone + line('c1', { type: 'raft_status', msg_id: 2 });
    const command = `exec '${raftBin}' ${redirections}`;
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { input, encoding: 'utf8' });
    return { code: status, out: stdout, log: stderr };
  }

  test.each([
    ['stdout is a full disk', '> /dev/full', /^raft: stopped: stdout cannot be written: ENOSPC: .*\n$/],
    ['stdout is a full disk, and help is asked for', '--help > /dev/full', /^raft: stopped: stdout cannot be written: ENOSPC: .*\n$/],
    ['stdin is a directory', '< /', /^raft: stopped: stdin cannot be read: it is a directory or a block device\n$/],
    ['stdin can only be written', '0> /dev/null', /^raft: stopped: stdin cannot be read: EBADF: .*\n$/],
  ])('%s: exit code 2 and a sentence', (_, redirections, sentence) => {
    expect(runRedirected(redirections)).toEqual({ code: 2, out: '', log: expect.stringMatching(sentence) });
  });

  test.each([
    ['stdin is closed: nothing was asked', '<&-'],
    ['stdout is closed: nobody is to be told', '>&-'],
    ['both are closed', '<&- >&-'],
  ])('%s', (_, redirections) => {
    expect(runRedirected(redirections)).toEqual({ code: 0, out: '', log: '' });
  });

  test.each([['2> /dev/full'], ['2>&-']])('the log cannot be written (%s): it serves', (redirections) => {
    const { code, out } = runRedirected(redirections);
    expect([code, typesOf(out)]).toEqual([0, ['init_ok', 'raft_status_ok']]);
  });

  test('the reader of its log takes nothing more: it serves', async () => {
    const node = new RaftProcess();
    await node.write(initAlone);
    await node.answerTo(1, 'c0');
    node.stopReadingLog();
    // More than a pipe holds, and more than is kept for it.
    for (let count = 0; count < 100; count += 1) await node.write(`${'noise'.repeat(100)}\n`.repeat(50));
    expect(await node.ask(2, { type: 'write', key: 1, value: 1 })).toMatchObject({ type: 'write_ok' });
    node.kill('SIGTERM');
    expect(await node.exited()).toEqual({ exitCode: 0, signal: null });
    node.readLogOn();
  });
});

describe('whoever it talks to goes away', () => {
  test('nobody reads its output any more: it ends, quietly', async () => {
    const node = new RaftProcess({ flags: [] });
    await node.write(initOfThree);
    await node.answerTo(1, 'c0');
    node.closeStdout();
    await node.write(line('c1', { type: 'raft_status', msg_id: 2 }));
    expect(await node.ended()).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('nobody reads its log any more: it goes on', async () => {
    const node = new RaftProcess();
    await node.write(initAlone);
    await node.answerTo(1, 'c0');
    node.closeStderr();
    for (const msgId of [2, 3, 4]) {
      await node.write('noise\n');
      expect(await node.ask(msgId, { type: 'write', key: 1, value: msgId })).toMatchObject({ type: 'write_ok' });
    }
    expect(await node.end()).toMatchObject({ exitCode: 0 });
  });
});

describe('the command line', () => {
  test('--help tells how to use it, on stdout', async () => {
    const usage = expect.stringMatching(/^Usage: raft/);
    const ending = await new RaftProcess({ flags: ['--help'] }).end();
    expect(ending).toMatchObject({ exitCode: 0, stdout: usage, stderr: '' });
  });

  test.each([[['--no-such-flag']], [['--heartbeat-ms', 'soon']], [['argument']]])(
    '%j: exit code 2, the reason on stderr, nothing on stdout',
    async (flags) => {
      const reason = expect.stringMatching(/^raft: .*\nTry: raft --help\n$/);
      const ending = await new RaftProcess({ flags }).end(initAlone);
      expect(ending).toMatchObject({ exitCode: 2, stdout: '', stderr: reason });
    },
  );
});

test('what is thrown in the middle of a turn ends the process at once, with exit code 2, and is told', async () => {
  // The clock, which is asked in every turn, stands for anything that may throw there.
  const preload = "performance.now = () => { throw new Error('the clock has stopped'); };";
  const { exitCode, stdout, stderr } = await new RaftProcess({ preload }).end(initAlone);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^raft: stopped: Error: the clock has stopped\n +at /);
});
