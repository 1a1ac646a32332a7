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

/** Runs of a broken node that may show nothing, or something else, before a test gives up. */
const maxTries = 8;

/**
 * The same of a broken node, until its verdict is as `said`. A run that says otherwise proves nothing: on a slow machine
 * few operations meet, and what is broken need not show. Another try has another seed.
 */
export async function runUntilCaught(node: string, flags: string, said: RegExp) {
  for (let tries = 1; ; tries += 1) {
    const seed = tries === 1 ? '' : ` --seed ${1000 + tries}`;
    const result = await run(node, `${flags}${seed}`);
    if ((result.exitCode === 1 && said.test(result.output)) || tries === maxTries) return result;
  }
}
