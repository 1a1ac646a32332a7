import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const eddy = fileURLToPath(new URL('../../bin/eddy', import.meta.url));

function run(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(eddy, argv, { cwd: tmpdir(), encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** The first run may build, so none of this is in a hurry. */
describe('the command line of eddy', { timeout: 60_000 }, () => {
  it.each(['--help', 'help'])('explains itself on %s', (flag) => {
    const { status, stdout } = run(flag);
    expect(status).toBe(0);
    expect(stdout).toContain('eddy test --bin FILE');
    expect(stdout).toContain('eddy check FILE');
  });

  it.each(['test', 'check', 'bench'])('explains eddy %s, with examples', (command) => {
    const { status, stdout } = run(command, '--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples?:\\n  eddy ${command}`));
  });

  it('leaves a --help behind -- to the node', () => {
    expect(run('test', '--bin', '/no/such/node', '--', '--help').stderr).toContain('there is no file /no/such/node');
  });

  it.each([
    [[], 'say what to do'],
    [['tset'], 'there is no command "tset"'],
    [['check'], 'eddy check: it takes a history'],
    [['check', 'a', 'b', '--report', 'c'], 'eddy check: --report is for one history'],
    [['check', 'a', '--workload', 'b'], '--workload is one of lin-kv, '],
    [['check', 'a', '--time-limit', '0'], '--time-limit must be more than 0'],
    [['check', 'a', '--memory', 'b'], '--memory is a number'],
    [['check', 'a', '--initial', 'x'], '--initial is JSON'],
    [['check', 'a', '--inital', '0'], 'there is no flag --inital'],
    [['test'], '--bin is missing'],
    [['bench'], '--bin is missing'],
  ])('refuses %j with code 2 and says why', (argv, said) => {
    const { status, stdout, stderr } = run(...argv);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(said);
  });

  it('says so where its output cannot be written', () => {
    const { status, stderr } = spawnSync('sh', ['-c', `exec '${eddy}' help > /dev/full`], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^eddy: stdout cannot be written: ENOSPC: .*\n$/)]);
  });

  it('ends a run in order on Ctrl-C, with code 2', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'eddy-test-'));
    const silent = fileURLToPath(new URL('../fixtures/silent-node.js', import.meta.url));
    const child = spawn(eddy, ['test', '--bin', silent], { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
    let shown = '';
    child.stderr.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      if (shown.startsWith('starting') && !child.killed) child.kill('SIGINT');
    });
    const [code, signal] = await once(child, 'close');
    expect([code, signal]).toEqual([2, null]);
    expect(shown).toContain('interrupted before clients began; nothing was judged');
    rmSync(directory, { recursive: true });
  });

  it('judges what it has when a run is ended with Ctrl-C, leaves all of it, and says that it is not the whole', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'eddy-test-'));
    const node = fileURLToPath(new URL('../fixtures/one-map-node.js', import.meta.url));
    const argv = ['test', '--bin', node, '--node-count', '1', '--time-limit', '600'];
    const child = spawn(eddy, argv, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
    let [printed, shown] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      if (/ [1-9][0-9]* ok/.test(shown) && !child.killed) child.kill('SIGINT');
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(2);
    expect(printed).toContain('Undecided: Interrupted. Up to then, what the clients saw is linearizable.');
    const left = readdirSync(join(directory, 'store/latest'));
    expect(left).toEqual(expect.arrayContaining(['history.jsonl', 'history.edn', 'results.json', 'report.html']));
    rmSync(directory, { recursive: true });
  });

  it('plays seeds on several processors as on one', () => {
    const [alone, together] = [1, 2].map((workers) => {
      const { status, stdout } = run('sim', '--seeds', '1..6', '--seconds', '0.5', '--workers', String(workers));
      return { status, lines: stdout.split('\n').filter((line) => !line.includes('seeds/s')) };
    });
    expect(alone?.lines.at(-2)).toBe('clean: 6 seeds');
    expect(together).toEqual(alone);
  });

  it('ends a row of seeds on Ctrl-C, and says how far it came', async () => {
    const child = spawn(eddy, ['sim', '--seeds', '1..1000000', '--seconds', '0.5'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [shown, result] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (result += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      if (shown.includes('seeds clean') && !child.killed) child.kill('SIGINT');
    });
    const [code, signal] = await once(child, 'close');
    expect([code, signal]).toEqual([2, null]);
    expect(result).toMatch(/\ninterrupted: [1-9]\d* of 1000000 seeds clean; those that are left: --seeds \d+\.\.1000000\n$/);
  });

  it('cannot judge a file that is not there', () => {
    const { status, stdout } = run('check', '/no/such/history.jsonl');
    expect(status).toBe(2);
    expect(stdout).toContain('there is no such file');
  });
});
