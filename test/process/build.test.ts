import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ending } from './raft-process.ts';
import { RaftProcess, raftBin } from './raft-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let directory: string;
/** A copy of the node's sources, compiled; the tests change copies of it. The workbench is left out: it takes time. */
let built: string;
/** How the two ended that were started at once before anything was compiled. */
let firstEndings: readonly Ending[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'raft-build-'));
  built = join(directory, 'built');
  for (const part of ['bin', 'src', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, part), join(built, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(built, 'node_modules'));
  firstEndings = await Promise.all([help(built), help(built)]);
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** With the times of files and directories as they are, which Node's own `cpSync` does not keep. */
function copyOfBuilt(name: string): string {
  const copy = join(directory, name);
  execFileSync('cp', ['-pR', built, copy]);
  return copy;
}

/** A copy in which a text of one source has been replaced by another. */
function copyWith(name: string, file: string, from: string, to: string): string {
  const copy = copyOfBuilt(name);
  const text = readFileSync(join(copy, file), 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  writeFileSync(join(copy, file), text.replace(from, to));
  return copy;
}

function help(copy: string): Promise<Ending> {
  return new RaftProcess({ bin: join(copy, 'bin', 'raft'), flags: ['--help'] }).end();
}

function buildsIn(copy: string): readonly string[] {
  return readdirSync(copy).filter((name) => name.startsWith('dist'));
}

describe('what runs is never older than the source', () => {
  test('two that start at once before anything is compiled both work, and leave one build', () => {
    for (const { exitCode, stdout, stderr } of firstEndings) {
      expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^Usage: raft/) });
    }
    expect(buildsIn(built)).toEqual(['dist']);
  });

  test('a changed source is compiled before it runs, also where two start at once', async () => {
    const copy = copyWith('changed', 'src/stdio/options.ts', 'Usage: raft', 'How to use: raft');
    for (const { exitCode, stdout, stderr } of await Promise.all([help(copy), help(copy)])) {
      expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^How to use: raft/) });
    }
    expect(buildsIn(copy)).toEqual(['dist']);
  });

  test('one that does not compile gives exit code 2 and what the compiler says, not the old build', async () => {
    const mistake = "const defaultHeartbeatMs: number = 'soon'";
    const copy = copyWith('wrong', 'src/stdio/options.ts', 'const defaultHeartbeatMs = 150', mistake);
    const { exitCode, stdout, stderr } = await help(copy);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/src\/stdio\/options\.ts.*error TS2322/);
    expect(buildsIn(copy)).toEqual(['dist']);
  });

  test('what has not changed is not compiled again, whatever the dates of its sources', async () => {
    const copy = copyWith('unchanged', 'src/stdio/options.ts', 'Usage: raft', 'How to use: raft');
    const future = new Date(Date.now() + 365 * 24 * 3600 * 1000);
    utimesSync(join(copy, 'src', 'stdio', 'options.ts'), future, future);
    expect(await help(copy)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^How to use: raft/) });
    const built = statSync(join(copy, 'dist', '.built')).ino;
    expect(await help(copy)).toMatchObject({ exitCode: 0 });
    expect(statSync(join(copy, 'dist', '.built')).ino).toBe(built);
  });

  test('a removed source counts as a change', async () => {
    const copy = copyOfBuilt('removed');
    rmSync(join(copy, 'src', 'services', 'kv', 'store.ts'));
    expect(await help(copy)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('store.ts') });
  });
});

describe('without a compiler, as npm leaves it with --omit=dev', () => {
  /** Only what the node needs at run time is installed. */
  function withoutCompiler(name: string): string {
    const copy = copyWith(name, 'src/stdio/options.ts', 'Usage: raft', 'How to use: raft');
    rmSync(join(copy, 'node_modules'));
    mkdirSync(join(copy, 'node_modules'));
    symlinkSync(join(root, 'node_modules', 'zod'), join(copy, 'node_modules', 'zod'));
    return copy;
  }

  test('what was built runs', async () => {
    const copy = withoutCompiler('no-compiler');
    expect(await help(copy)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Usage: raft/), stderr: '' });
  });

  test('where nothing was built, one sentence says what to do', async () => {
    const copy = withoutCompiler('no-build');
    rmSync(join(copy, 'dist'), { recursive: true });
    const stderr = expect.stringMatching(/^.* is not built\. Install with the development dependencies: npm ci\n$/);
    expect(await help(copy)).toEqual({ exitCode: 2, signal: null, stdout: '', stderr });
  });

  test('npm ci --omit=dev succeeds, and leaves what was built', async () => {
    const copy = withoutCompiler('omit-dev');
    cpSync(join(root, 'package-lock.json'), join(copy, 'package-lock.json'));
    execFileSync('npm', ['ci', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', '--silent'], { cwd: copy });
    expect(await help(copy)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Usage: raft/) });
  });
});

describe('bin/raft works', () => {
  test('from another working directory', async () => {
    const ending = await new RaftProcess({ bin: raftBin, flags: ['--help'], cwd: tmpdir() }).end();
    expect(ending).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Usage: raft/) });
  });

  test('through a symbolic link, as npm makes them', async () => {
    const link = join(directory, 'raft-link');
    symlinkSync(raftBin, link);
    const ending = await new RaftProcess({ bin: link, flags: ['--help'], cwd: tmpdir() }).end();
    expect(ending).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Usage: raft/) });
  });

  test('in a folder whose path has a space and letters beyond ASCII', async () => {
    expect(await help(copyOfBuilt('nová složka'))).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

test('an old Node.js is told which one is needed', async () => {
  const preload = "Object.defineProperty(process.versions, 'node', { value: '18.20.8' });";
  const ending = await new RaftProcess({ flags: ['--help'], preload }).end();
  const stderr = 'Node.js 20 or newer is needed; this is 18.20.8\n';
  expect(ending).toEqual({ exitCode: 2, signal: null, stdout: '', stderr });
});
