import { describe, expect, test } from 'vitest';
import { initAlone, initOfThree, line, parsedLines } from '../messages.ts';
import type { Ending } from './raft-process.ts';
import { RaftProcess, withoutTicks } from './raft-process.ts';

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
