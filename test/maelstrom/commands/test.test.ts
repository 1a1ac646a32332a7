import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCheck } from '../../../maelstrom/commands/check.ts';
import { parseCheckOptions } from '../../../maelstrom/commands/check-options.ts';
import { runTest } from '../../../maelstrom/commands/test.ts';

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));
const realProcesses = { timeout: 30_000 };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'eddy-test-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Runs `eddy test` on one of the fixtures, for a second. */
async function run(node: string, flags = '', interrupted = new AbortController().signal) {
  const written: string[] = [];
  const shown: string[] = [];
  const argv = `--bin ${join(fixtures, node)} --node-count 3 --time-limit 1 --rate 200 ${flags}`.trim().split(' ');
  const screen = { isTerminal: false, write: (text: string) => shown.push(text) };
  const exitCode = await runTest(argv, {
    write: (line) => written.push(line),
    screen,
    interrupted,
    onNodesStart: () => {},
    onNodesStopped: () => shown.push('no node is left\n'),
    directory,
  });
  return { exitCode, output: written.join('\n'), shown: shown.join('') };
}

function results() {
  return JSON.parse(readFileSync(join(directory, 'store/latest/results.json'), 'utf8'));
}

describe('eddy test on real processes', realProcesses, () => {
  it('is content with nodes that are linearizable, while the network is cut and slow', async () => {
    const flags = '--nemesis partition --nemesis-interval 0.5 --latency 2 --latency-dist exponential --seed 5';
    const { exitCode, output } = await run('one-map-node.js', flags);
    expect(output).toContain('Good: what the clients saw is linearizable.');
    expect(exitCode).toBe(0);
  });

  it('names the key and the operations that cannot be ordered when each node has its own map', async () => {
    const { exitCode, output } = await run('separate-maps-node.js', '--nemesis partition --nemesis-interval 0.4');
    expect(exitCode).toBe(1);
    expect(output).toMatch(/Bad: Not linearizable: key \d+/);
    expect(output).toMatch(/key \d+:/);
    expect(output).toMatch(/no place for process \d+ (read|write|cas) /);
    expect(output).toMatch(/eddy check store\/.*\/history\.jsonl/);
  });

  it('leaves the history, the results and the logs of the nodes, and the history can be judged again', async () => {
    const { exitCode } = await run('separate-maps-node.js', '--seed 9');
    const latest = join(directory, 'store/latest');
    const records = ['data', 'history.edn', 'history.jsonl', 'history.txt', 'messages.jsonl', 'node-logs'];
    expect(readdirSync(latest).toSorted()).toEqual([...records, 'report.html', 'results.edn', 'results.json']);
    expect(readdirSync(join(latest, 'node-logs')).toSorted()).toEqual(['n0.log', 'n1.log', 'n2.log']);
    expect(results()).toMatchObject({ exitCode, workload: 'lin-kv', options: { seed: 9, concurrency: 6 } });
    expect(results().figures.operations.read.ok).toBeGreaterThan(0);
    const checked = (name: string) => runCheck(parseCheckOptions([join(latest, name)]), () => 0, () => {});
    expect(await checked('history.jsonl')).toBe(exitCode);
    expect(await checked('history.edn')).toBe(exitCode);
  });

  it('cannot run nodes that exit before they answer init, and shows their last words', async () => {
    const { exitCode, shown } = await run('exiting-node.js');
    expect(exitCode).toBe(2);
    expect(shown).toMatch(/n[0-2] exited with code 3/);
    expect(shown).toContain('cannot open my data directory');
    expect(shown).toMatch(/By hand, .*\n  echo '\{.*"type":"init".*\}' \| \/.*exiting-node\.js$/m);
    expect(results()).toMatchObject({ exitCode: 2, findings: [{ kind: 'ended' }] });
  });

  it('reports a node that dies on the way, which makes the run bad', async () => {
    const { exitCode, output } = await run('crashing-node.js');
    expect(exitCode).toBe(1);
    expect(output).toMatch(/n[0-2] exited with code 9/);
    expect(output).toContain('out of cheese');
    expect(output).toMatch(/misbehaved/);
  });

  it('reports what is no message, with the line, which makes the run bad', async () => {
    const { exitCode, output } = await run('rubbish-node.js', '--node-count 1');
    expect(exitCode).toBe(1);
    expect(output).toContain('the line: ready to serve');
    expect(output).toContain('there is no such node');
    expect(output).toContain('Bad: Nodes misbehaved; see the 5 findings.');
  });

  it('starts nodes again, unasked and on fresh data, that do not survive raft_status: that is no finding', async () => {
    const { exitCode, output, shown } = await run('fragile-node.js', '--node-count 1 --rate 500 --seed 1 -- {data}');
    expect(exitCode).toBe(0);
    expect(shown).toContain('starting them again, unasked');
    expect(output).toContain('the nodes do not answer raft_status');
    expect(results().findings).toEqual([]);
  });

  it('says what the longest gap is made of where nodes tell their status', async () => {
    const { exitCode, output, shown } = await run('../../bin/raft');
    expect(exitCode).toBe(0);
    expect(output).toMatch(/made up of: detection|no new leader was elected in it/);
    expect(output).toMatch(/\d+ changes? of leader seen/);
    expect(shown).toMatch(/no node is left\njudging \d+ events\n$/);
    expect(results().figures).toMatchObject({
      leaderChanges: expect.any(Number),
      longestStretchWithoutOk: { composition: { kind: expect.any(String) } },
    });
  });

  it('holds nothing against nodes that are killed and paused, and lose nothing', async () => {
    const flags = '--time-limit 2 --nemesis kill,pause --nemesis-interval 0.5 --seed 2 -- {data}';
    const { exitCode, output } = await run('durable-map-node.js', flags);
    expect(output).toContain('Good: what the clients saw is linearizable.');
    expect(exitCode).toBe(0);
    expect(output).toMatch(/faults then: (kill|pause) n\d|no fault then/);
    expect(results().options.nodeArguments).toEqual([realpathSync(join(directory, 'store/latest/data'))]);
    const history = readFileSync(join(directory, 'store/latest/history.jsonl'), 'utf8');
    for (const f of ['start-kill', 'stop-kill', 'start-pause', 'stop-pause']) expect(history).toContain(`"${f}"`);
  });

  it('sees that our own node, left with its memory alone, loses what it acknowledged when all are killed', async () => {
    // By this seed all three are killed after 0.76 s, are back after 1.39 s, and are left alone until 2.36 s.
    const flags = '--time-limit 2.3 --nemesis kill --nemesis-interval 1 --concurrency 12n --seed 190';
    const { exitCode, output } = await run('forgetful-raft', flags);
    expect(output).toMatch(/Bad: Not linearizable: key \d+/);
    expect(exitCode).toBe(1);
    expect(results().findings).toEqual([]);
    const history = readFileSync(join(directory, 'store/latest/history.jsonl'), 'utf8');
    expect(history).toContain('"f":"start-kill","value":["n0","n1","n2"]');
  });

  it('runs as often as it is told, with a seed one higher each time, until a run is not good', async () => {
    const good = await run('examples/echo.js', '-w echo --test-count 2 --time-limit 0.2 --seed 4');
    expect(good.exitCode).toBe(0);
    expect(good.output).toMatch(/^echo: .*seed 4$[^]*^echo: .*seed 5$/m);
    expect(readdirSync(join(directory, 'store/echo')).filter((name) => name !== 'latest')).toHaveLength(2);
    const bad = await run('examples/echo-that-changes.js', '-w echo --test-count 2 --time-limit 0.2');
    expect(bad.exitCode).toBe(1);
    expect(readdirSync(join(directory, 'store/echo')).filter((name) => name !== 'latest')).toHaveLength(3);
  });

  it('shows what nodes write to stderr when asked to', async () => {
    const { shown } = await run('crashing-node.js', '--log-stderr');
    expect(shown).toMatch(/^n[0-2]: out of cheese$/m);
  });

  it('gives up in order when it is interrupted, and says so', async () => {
    const interruption = new AbortController();
    setTimeout(() => interruption.abort(), 200);
    const { exitCode, shown } = await run('silent-node.js', '--time-limit 600', interruption.signal);
    expect(exitCode).toBe(2);
    expect(shown).toContain('interrupted before clients began; nothing was judged');
    expect(shown).toMatch(/stderr is in store\/.*node-logs/);
  });
});

describe('eddy test', () => {
  it.each([
    ['../../bin', /is a directory; --bin takes/],
    ['no-such-node.js', /there is no file .*no-such-node\.js; --bin takes/],
    ['', /is a directory; --bin takes/],
    ['node-lines.js', /is not executable; try: chmod \+x/],
  ])('says what to do about the executable %j', async (node, said) => {
    const { exitCode, shown } = await run(node);
    expect(exitCode).toBe(2);
    expect(shown).toMatch(said);
  });

  it('says what to do about a wrong flag', async () => {
    const { exitCode, shown } = await run('silent-node.js', '--frobnicate');
    expect(exitCode).toBe(2);
    expect(shown).toContain('there is no flag --frobnicate');
  });
});
