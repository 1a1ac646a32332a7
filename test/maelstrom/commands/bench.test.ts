import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runBench } from '../../../maelstrom/commands/bench.ts';

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'eddy-test-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Runs `eddy bench` on one of the fixtures, as short as can be. */
async function run(node: string, flags = '', interrupted = new AbortController().signal) {
  const written: string[] = [];
  const shown: string[] = [];
  const own = `--bin ${join(fixtures, node)} --clients 4 --rounds 1 --time-limit 0.3 --warm-up 0 ${flags}`;
  const surroundings = {
    write: (line: string) => written.push(line),
    screen: { write: (text: string) => shown.push(text) },
    interrupted,
  };
  const exitCode = await runBench(own.trim().split(/ +/), surroundings);
  return { exitCode, output: written.join('\n'), shown: shown.join('') };
}

describe('eddy bench on real processes', () => {
  it('measures a node beside another and beside one that only echoes', async () => {
    const json = join(directory, 'bench.json');
    const other = join(fixtures, 'one-map-node.js');
    const { exitCode, output, shown } = await run('separate-maps-node.js', `--vs ${other} --rounds 2 --json ${json}`);
    expect(exitCode).toBe(0);
    expect(output).toContain('medians of 2 rounds of 0.3 s after 0 s, in turn');
    expect(output).toContain('3 nodes, 4 clients');
    expect(output).toMatch(/^ {2}separate-maps-node\.js \/ one-map-node\.js +\d+\.\d\d /m);
    expect(output).toMatch(/^ {2}ceiling +[\d,]+ /m);
    expect(shown).toContain('3 nodes, 4 clients, round 2 of 2: ceiling');
    const { options, results } = JSON.parse(readFileSync(json, 'utf8'));
    expect(options).toMatchObject({ clientCounts: [4], valueBytes: 8 });
    const [separate, one, ceiling] = results[0].entrants.map((entrant: { rounds: unknown[] }) => entrant.rounds);
    for (const round of [...separate, ...one, ...ceiling]) {
      expect(round.operationsPerSecond).toBeGreaterThan(0);
      expect(round).toMatchObject({ failed: 0, errors: {}, timeouts: 0 });
    }
    for (const round of [...separate, ...ceiling]) expect(round).toMatchObject({ messagesPerOperation: 0 });
    for (const round of one) expect(round.messagesPerOperation).toBeGreaterThan(0);
  });

  it('measures our own node, and shows all cells side by side', async () => {
    const { exitCode, output } = await run('../../bin/raft', '--node-count 1,3 --no-ceiling');
    expect(exitCode).toBe(0);
    expect(output).toMatch(/op\/s +1n 4c +3n 4c\n/);
    expect(output).not.toContain('ceiling');
  });

  it('tells two of the same name apart, and hands each its arguments and fresh data', async () => {
    const same = join(fixtures, '../../bin/raft');
    const flags = `--vs ${same} --no-ceiling --node-count 1 -- --data-dir {data} -- --heartbeat-ms 20`;
    const { exitCode, output } = await run('../../bin/raft', flags);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^ {2}A: raft \/ B: raft /m);
    // Nodes run in the temporary directory: there it would be if it had been taken as it stands.
    expect(existsSync(join(tmpdir(), '{data}'))).toBe(false);
  });

  it('tells in delays what operations cost, where messages are delayed', async () => {
    const { output } = await run('one-map-node.js', '--latency 5 --no-ceiling');
    expect(output).toMatch(/one-map-node\.js, medians at each node in delays, quickest first: write \S+ \S+ \S+, read \S+ \S+ \S+$/m);
  });

  it('ends when a node does, and shows its last words', async () => {
    const { exitCode, shown } = await run('exiting-node.js');
    expect(exitCode).toBe(2);
    expect(shown).toMatch(/eddy bench: n\d exited with code 3\nlast on its stderr:\ncannot open my data directory\n/);
  });

  it('ends when a node writes what is no message', async () => {
    const { exitCode, shown } = await run('rubbish-node.js');
    expect(exitCode).toBe(1);
    expect(shown).toMatch(/n\d wrote a line to stdout that is not JSON/);
  });

  it('ends when it is interrupted', async () => {
    const interruption = new AbortController();
    setTimeout(() => interruption.abort(), 200);
    const { exitCode, shown } = await run('silent-node.js', '', interruption.signal);
    expect(exitCode).toBe(2);
    expect(shown).toContain('eddy bench: interrupted');
  });

  it('says when a node cannot be run', async () => {
    expect(await run('no-such-node.js')).toMatchObject({ exitCode: 2, shown: expect.stringContaining('no file') });
    const other = await run('one-map-node.js', '--vs /no/such/node');
    expect(other).toMatchObject({ exitCode: 2, shown: expect.stringContaining('there is no file /no/such/node') });
  });
});
