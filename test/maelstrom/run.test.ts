import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../maelstrom/run', import.meta.url));
let directory: string;
/** Where the package is, as far as the script can tell. */
let root: string;

/** Installs the script, and a stand-in for Maelstrom, which writes its arguments to a file and ends with code 7. */
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'eddy-test-')));
  const standIn = join(directory, 'maelstrom');
  writeFileSync(standIn, `#!/bin/sh\nprintf '%s\\n' "$@" > '${directory}/arguments'\nexit 7\n`);
  chmodSync(standIn, 0o755);
  root = join(directory, 'package');
  mkdirSync(join(root, 'maelstrom'), { recursive: true });
  copyFileSync(script, join(root, 'maelstrom/run'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function run(environment: Readonly<Record<string, string>>, ...flags: string[]) {
  const env = { PATH: '/usr/bin:/bin', TMPDIR: directory, ...environment };
  const { status, stderr } = spawnSync(join(root, 'maelstrom/run'), flags, { cwd: tmpdir(), env, encoding: 'utf8' });
  return { status, stderr };
}

function passedOn(): readonly string[] {
  return readFileSync(join(directory, 'arguments'), 'utf8').trimEnd().split('\n');
}

/** What of it is for Maelstrom itself. */
function forMaelstrom(): readonly string[] {
  return passedOn().slice(0, passedOn().indexOf('--'));
}

function ours(): readonly string[] {
  return `test -w lin-kv --bin ${root}/bin/raft --node-count 3 --concurrency 2n --rate 100 --time-limit 20`.split(' ');
}

describe('maelstrom/run', () => {
  it('runs the Maelstrom on the PATH on our node, and passes on its exit code', () => {
    expect(run({ PATH: `${directory}:/usr/bin:/bin` }).status).toBe(7);
    expect(forMaelstrom()).toEqual(ours());
  });

  it('prefers the one at $MAELSTROM, a file or a directory', () => {
    expect(run({ MAELSTROM: join(directory, 'maelstrom') }).status).toBe(7);
    expect(run({ MAELSTROM: directory }).status).toBe(7);
    expect(forMaelstrom()).toEqual(ours());
  });

  it('hands on further flags as they are, after its own, so that they win', () => {
    run({ MAELSTROM: directory }, '--node-count', '5', '--nemesis', 'partition', 'a b');
    expect(forMaelstrom()).toEqual([...ours(), '--node-count', '5', '--nemesis', 'partition', 'a b']);
  });

  it('leaves the number of nodes out where the user names them', () => {
    run({ MAELSTROM: directory }, '--nodes', 'a,b,c');
    expect(passedOn()).not.toContain('--node-count');
  });

  it('gives the nodes a fresh directory, after the flags of the user', () => {
    const directories = [1, 2].map(() => {
      const { stderr } = run({ MAELSTROM: directory }, '--nemesis', 'kill');
      const [data = '', ...more] = passedOn().slice(ours().length + 4);
      expect(passedOn()).toEqual([...ours(), '--nemesis', 'kill', '--', '--data-dir', data]);
      expect(more).toEqual([]);
      expect(data.startsWith(`${directory}/`)).toBe(true);
      expect(readdirSync(data)).toEqual([]);
      expect(stderr).toContain(data);
      return data;
    });
    expect(new Set(directories).size).toBe(2);
  });

  it('adds that to what the user has for the nodes, and leaves it out where the user says where', () => {
    run({ MAELSTROM: directory }, '--', '--nodes', 'x');
    expect(passedOn().slice(0, -1)).toEqual([...ours(), '--', '--nodes', 'x', '--data-dir']);
    for (const told of [['--data-dir', '/a b'], ['--data-dir=/a']]) {
      run({ MAELSTROM: directory }, '--', ...told);
      expect(passedOn()).toEqual([...ours(), '--', ...told]);
    }
  });

  it('says how to get Maelstrom when it is not there', () => {
    for (const environment of [{}, { MAELSTROM: '/no/such/place' }]) {
      const { status, stderr } = run(environment);
      expect(status).toBe(2);
      expect(stderr).toContain('https://github.com/jepsen-io/maelstrom/releases');
    }
  });
});
