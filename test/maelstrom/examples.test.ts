import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runTest } from '../../maelstrom/commands/test.ts';

// Small nodes, good and broken, for every workload. They run together, for most of the time is spent waiting.

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'eddy-examples-'));
afterAll(() => rmSync(directory, { recursive: true }));
const hasPerl = spawnSync('perl', ['-MJSON::PP', '-e', '1']).status === 0;
const hasPython = spawnSync('python3', ['--version']).status === 0;

async function run(node: string, flags: string) {
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

describe.concurrent('an example', { timeout: 120_000 }, () => {
  it.each([
    ['echo.js', '-w echo', /^Good: every echo that was answered came back as it was sent\.$/m],
    ['unique-ids.js', '-w unique-ids', /^Good: every id that was given out is unique\.$/m],
    ['broadcast.js', '-w broadcast --topology line', /^Good: every message that was known to be taken stayed\.$/m],
  ])('that is sound is good: %s', async (node, flags, said) => {
    const { exitCode, output } = await run(`examples/${node}`, `${flags} --time-limit 1`);
    expect(output).toMatch(said);
    expect(exitCode).toBe(0);
  });

  it.skipIf(!hasPython)('may be in another language: unique-ids.py', async () => {
    expect(await run('examples/unique-ids.py', '-w unique-ids --time-limit 1')).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ['echo-that-changes.js', '-w echo --time-limit 1', /^Bad: \d+ of \d+ echoes came back changed\.$/m],
    ['repeating-ids.js', '-w unique-ids --time-limit 1', /^Bad: \d+ ids were given out more than once\.$/m],
    [
      'broadcast-once.js',
      '-w broadcast --time-limit 3 --nemesis partition --nemesis-interval 1 --seed 3',
      /^Bad: \d+ messages were lost: /m,
    ],
  ])('that is broken is caught: %s', async (node, flags, said) => {
    const { exitCode, output } = await run(`examples/${node}`, flags);
    expect(output).toMatch(said);
    expect(exitCode).toBe(1);
  });
});

const short = '--time-limit 1 --recovery-time 1';

describe.concurrent('a set that only grows', { timeout: 120_000 }, () => {
  it.skipIf(!hasPython)('is good where it is sound: sound.py', async () => {
    const { exitCode, output } = await run('g-set/sound.py', `-w g-set ${short}`);
    expect(output).toMatch(/^Good: every element that was known to be added stayed\.$/m);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['keeps-to-itself.js', /^Bad: Lost: \d+ elements were added and then not there: /m],
    ['forgets-adds.js', /^Bad: Lost: \d+ elements? (was|were) added and then not there: /m],
    ['keeps-twice.js', /^Bad: Duplicated: \d+ elements were more than once in one read: /m],
    ['invents.js', /^Bad: Unexpected: 1 element was read and had not been added: -1\.$/m],
  ])('is caught where it is broken: %s', async (node, said) => {
    const { exitCode, output } = await run(`g-set/${node}`, `-w g-set --rate 200 ${short}`);
    expect(output).toMatch(said);
    expect(exitCode).toBe(1);
  });
});

describe.concurrent('a counter', { timeout: 120_000 }, () => {
  it.each([
    ['through-seq-kv.pl', 'g-counter', hasPerl],
    ['through-seq-kv.pl', 'pn-counter', hasPerl],
    ['sound.py', 'pn-counter', hasPython],
    ['sound.py', 'g-counter', hasPython],
  ])('is good where it is sound: %s as %s', async (node, workload, hasLanguage) => {
    if (!hasLanguage) return;
    const { exitCode, output } = await run(`counter/${node}`, `-w ${workload} --latency 1 ${short}`);
    expect(output).toMatch(/^Good: every last read brought the sum of what was added\.$/m);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['keeps-to-itself.js', 'g-counter', 'Adds lost'],
    ['counts-twice.js', 'g-counter', 'Adds counted twice'],
    ['reads-then-writes.js', 'g-counter', 'Adds lost'],
    ['reads-old-states.js', 'g-counter', 'Adds lost'],
    ['trusts-lww-kv.js', 'g-counter', 'Adds lost'],
    ['keeps-to-itself.js', 'pn-counter', 'Too (low|high)'],
    ['sums-what-it-hears.js', 'pn-counter', 'Too (low|high)'],
    ['keeps-the-greater.js', 'pn-counter', 'Too high'],
  ])('is caught where it is broken: %s as %s', async (node, workload, said) => {
    const flags = '--rate 200 --concurrency 8n --latency 2 --seed 1';
    const { exitCode, output } = await run(`counter/${node}`, `-w ${workload} ${flags} ${short}`);
    expect(output).toMatch(new RegExp(`^Bad: ${said}, in \\d+ of 24 last reads: `, 'm'));
    expect(exitCode).toBe(1);
  });
});

describe.concurrent('a store of values that is lent from node to node', { timeout: 120_000 }, () => {
  const short = '--rate 300 --concurrency 4n --time-limit 4';

  it('is linearizable, while the network is cut as well', async () => {
    const { exitCode, output } = await run('lease/sound.js', `${short} --nemesis partition --nemesis-interval 1`);
    expect(output).toContain('Good: what the clients saw is linearizable.');
    expect(exitCode).toBe(0);
  });

  it.each([
    ['stale-reads-from-followers', ''],
    ['lost-update-on-leader-change', ''],
    ['cas-applied-twice', ''],
    ['acknowledged-before-commit', ''],
    // By this seed one node is alone from 1.1 s to 3.0 s, and the keeper and a primary are not.
    ['read-goes-back-after-a-partition', ' --nemesis partition --nemesis-interval 1.5 --seed 6'],
  ])('is caught where it is broken: %s', async (name, flags) => {
    const { exitCode, output } = await run(`lease/${name}.js`, `${short}${flags}`);
    expect(output).toMatch(/^Bad: Not linearizable: key \d+/m);
    expect(exitCode).toBe(1);
  });
});
