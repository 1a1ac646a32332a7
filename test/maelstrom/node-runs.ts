import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { runTest } from '../../maelstrom/commands/test.ts';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'eddy-examples-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Whether nodes in these languages can be run here. */
export const hasPython = spawnSync('python3', ['--version']).status === 0;
export const hasPerl = spawnSync('perl', ['-MJSON::PP', '-e', '1']).status === 0;

/** `eddy test` with three nodes, of a file in the fixtures. */
export async function run(node: string, flags: string) {
  const written: string[] = [];
  const argv = ['--bin', join(fixtures, node), '--node-count', '3', ...flags.split(' ')];
  const exitCode = await runTest(argv, {
    write: (line) => written.push(line),
    screen: { isTerminal: false, write: () => {} },
    interrupted: new AbortController().signal,
    onNodesStart: () => {},
    onNodesStopped: () => {},
    directory: mkdtempSync(join(directory, 'run-')),
  });
  return { exitCode, output: written.join('\n') };
}
