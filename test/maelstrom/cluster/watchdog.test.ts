import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const nodeProcess = fileURLToPath(new URL('../../../maelstrom/cluster/node-process.ts', import.meta.url));
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'eddy-test-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Two nodes that ignore the end of their stdin, each with a child, and whatever `then` does. */
const program = (then: string) => `
import { NodeProcess } from ${JSON.stringify(pathToFileURL(nodeProcess).href)};
const start = (name) => new Promise((up) => {
  const script = 'sleep 600 & echo $! $$; wait';
  const command = { bin: '/bin/sh', arguments: ['-c', script], logFile: ${JSON.stringify(directory)} + '/' + name };
  const node = new NodeProcess(command, { onLine: ({ text }) => up({ node, text }), onStderrLine() {}, onEnd() {} });
});
const [one, two] = await Promise.all([start('n1'), start('n2')]);
console.log(one.text, two.text);
${then}
`;

/** Runs the program by itself. `pids` are those of its nodes and their children. */
async function run(then: string) {
  const file = join(directory, 'program.mts');
  writeFileSync(file, program(then));
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const line = await new Promise<string>((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(String(chunk))));
  return { child, ended, pids: line.trim().split(' ').map(Number) };
}

function alive(pids: readonly number[]): readonly number[] {
  return pids.filter((pid) => {
    try {
      process.kill(pid, 0);
      return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
    } catch {
      return false;
    }
  });
}

const stay = 'setInterval(() => {}, 1000);';

describe('no process of a node is left', { timeout: 30_000 }, () => {
  it.each([
    ['SIGKILL', stay],
    ['SIGKILL', `one.node.pause(); ${stay}`],
    ['SIGTERM', `one.node.pause(); ${stay}`],
    ['SIGHUP', `one.node.pause(); ${stay}`],
    ['SIGSEGV', `one.node.pause(); ${stay}`],
  ] as const)('when the program is ended by %s: %s', async (signal, then) => {
    const { child, ended, pids } = await run(then);
    expect(pids).toHaveLength(4);
    expect(alive(pids)).toEqual(pids);
    child.kill(signal);
    await ended;
    await expect.poll(() => alive(pids), { timeout: 10_000 }).toEqual([]);
  });

  it.each([
    ['it exits', 'one.node.pause(); process.exit(3);'],
    ['an exception ends it', `one.node.pause(); setTimeout(() => { throw new Error('on purpose'); });`],
    ['it stops its nodes and has nothing left to do', 'one.node.pause(); one.node.stop(); two.node.stop();'],
  ])('when %s', async (_, then) => {
    const { ended, pids } = await run(then.replace("Error('on purpose')", 'Error()'));
    await ended;
    await expect.poll(() => alive(pids), { timeout: 10_000 }).toEqual([]);
  });
});
