import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { runCheck } from '../../maelstrom/commands/check.ts';
import { parseCheckOptions } from '../../maelstrom/commands/check-options.ts';
import { runTest } from '../../maelstrom/commands/test.ts';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'eddy-examples-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Whether nodes in these languages can be run here. */
export const hasPython = spawnSync('python3', ['--version']).status === 0;
export const hasPerl = spawnSync('perl', ['-MJSON::PP', '-e', '1']).status === 0;

/** What `eddy check` says of the history of a run in each of its forms: that it is judged alike. */
export async function checked(store: string): Promise<readonly (readonly string[])[]> {
  const said = ['history.jsonl', 'history.edn'].map(async (name) => {
    const lines: string[] = [];
    await runCheck(parseCheckOptions([join(store, name)]), () => 0, (line) => lines.push(line));
    return lines;
  });
  return Promise.all(said);
}

/** `eddy test` with three nodes, of a file in the fixtures. */
export async function run(node: string, flags: string) {
  const written: string[] = [];
  const argv = ['--bin', join(fixtures, node), '--node-count', '3', ...flags.split(' ')];
  const where = mkdtempSync(join(directory, 'run-'));
  const exitCode = await runTest(argv, {
    write: (line) => written.push(line),
    screen: { isTerminal: false, write: () => {} },
    interrupted: new AbortController().signal,
    onNodesStart: () => {},
    onNodesStopped: () => {},
    directory: where,
  });
  return { exitCode, output: written.join('\n'), store: join(where, 'store/latest') };
}
