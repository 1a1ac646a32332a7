import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { initAlone, line, parsedLines } from '../messages.ts';
import { RaftProcess } from './raft-process.ts';

// The package as a user gets it: packed, and installed into an empty folder whose path has a space and other letters
// than ASCII. The network is not needed: zod is packed from where it is installed here.

const root = join(import.meta.dirname, '..', '..');
let directory: string;
let folder: string;
let packed: string;

function pack(path: string, ...flags: readonly string[]): string {
  const arguments_ = ['pack', path, '--silent', '--pack-destination', directory, ...flags];
  const name = execFileSync('npm', arguments_, { cwd: root, encoding: 'utf8' }).trim().split('\n').at(-1);
  return join(directory, name ?? '');
}

/** Runs a program of the installed package; what it says, also where its exit code is not 0. */
async function run(program: string, ...flags: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(join(folder, 'node_modules', '.bin', program), flags, { cwd: folder });
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'stdout' in error && 'stderr' in error)) throw error;
    return { code: Number(error.code), said: `${error.stdout}${error.stderr}` };
  }
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'package-'));
  chmodSync(directory, 0o755);
  folder = join(directory, 'prázdná složka');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  packed = pack('.');
  const zod = pack('./node_modules/zod', '--ignore-scripts');
  execFileSync('npm', ['install', '--omit=dev', '--offline', '--no-audit', '--no-fund', '--silent', packed, zod], { cwd: folder });
}, 300_000);

afterAll(() => {
  rmSync(directory, { recursive: true });
});

test('the package holds what a user needs, and nothing else', () => {
  const files = execFileSync('tar', ['-tzf', packed], { encoding: 'utf8' }).trim().split('\n');
  const needed = [
    /^package\/(package\.json|README\.md|LICENSE)$/,
    /^package\/bin\/(eddy|launch\.js|raft)$/,
    /^package\/dist\/raft\.js$/,
    /^package\/dist\/src\/.*\.js$/,
    /^package\/dist\/src\/.*\.d\.ts$/,
    /^package\/dist\/maelstrom\/.*(?<!\.d)\.(js|css)$/,
  ];
  expect(files.filter((file) => !needed.some((pattern) => pattern.test(file)))).toEqual([]);
  for (const pattern of needed) expect(files.filter((file) => pattern.test(file))).not.toEqual([]);
});

describe('installed into an empty folder', () => {
  test('nothing but the package and zod is there', () => {
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['eddy-raft', 'zod']);
  });

  test.each(['raft', 'eddy'])('%s tells its release', async (program) => {
    expect(await run(program, '--version')).toEqual({ code: 0, said: expect.stringMatching(/^eddy-raft \d+\.\d+\.\d+\n$/) });
  });

  test('raft serves a client', async () => {
    const write = line('c1', { type: 'write', msg_id: 2, key: 1, value: 1 });
    const bin = join(folder, 'node_modules', '.bin', 'raft');
    const { exitCode, stdout, stderr } = await new RaftProcess({ bin, cwd: folder }).end(initAlone + write);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(parsedLines(stdout).map(({ body }) => body['type'])).toEqual(['init_ok', 'write_ok']);
  });

  test('eddy runs a cluster, draws its report, and judges the history that it left', async () => {
    const store = join(folder, 'store');
    const flags = ['-w', 'lin-kv', '--node-count', '3', '--time-limit', '2'];
    const played = await run('eddy', 'test', '--bin', 'node_modules/.bin/raft', ...flags);
    expect(played.said).toContain('Good: ');
    expect(played.code).toBe(0);
    const files = readdirSync(store, { recursive: true }).map(String);
    expect(files.some((file) => file.endsWith('report.html'))).toBe(true);
    const history = files.find((file) => file.endsWith('history.jsonl')) ?? '';
    expect(await run('eddy', 'check', join(store, history))).toMatchObject({ code: 0, said: expect.stringContaining('linearizable: ') });
  });

  test('eddy plays seeds, in threads', async () => {
    expect(await run('eddy', 'sim', '--seeds', '1..2')).toMatchObject({ code: 0, said: expect.stringContaining('clean: 2 seeds') });
  });

  test('eddy measures, beside the node that only echoes', async () => {
    expect(await run('eddy', 'bench', '--help')).toMatchObject({ code: 0 });
    const echo = join(folder, 'node_modules', 'eddy-raft', 'dist', 'maelstrom', 'bench', 'echo-node.js');
    expect((await new RaftProcess({ bin: process.execPath, flags: [echo] }).end(initAlone)).stdout).toContain('init_ok');
  });

  test("the README's example of the library has the types that it should in strict mode, and runs", async () => {
    const readme = readFileSync(join(folder, 'node_modules', 'eddy-raft', 'README.md'), 'utf8');
    const [, example = ''] = /\n## The library\n.*?\n```ts\n(.*?)```/s.exec(readme) ?? [];
    writeFileSync(join(folder, 'example.ts'), example);
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules', '@types')];
    const flags = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--rootDir', folder, ...types, 'example.ts'];
    const compiled = promisify(execFile)(process.execPath, [compiler, ...flags], { cwd: folder }).catch((error: unknown) => error);
    expect(await compiled).toMatchObject({ stdout: '' });
    // One member, on any port.
    const options = { cwd: folder, input: 'SET x = 5\n?x\n', encoding: 'utf8' } as const;
    expect(spawnSync(process.execPath, ['example.js', 'n1', 'data', '0'], options)).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(/^\{.*\}\n\{.*5.*\}\n$/),
    });
  });

  test('it runs where nothing may be written', async () => {
    const isRoot = process.getuid?.() === 0;
    execFileSync('chmod', ['-R', 'a-w', folder]);
    try {
      // Root may write anywhere; then another user runs it.
      const command = promisify(execFile)(join(folder, 'node_modules', '.bin', 'raft'), ['--help'], {
        cwd: folder,
        ...(isRoot && { uid: 65534, gid: 65534 }),
      });
      expect(await command).toMatchObject({ stdout: expect.stringMatching(/^Usage: raft/), stderr: '' });
    } finally {
      execFileSync('chmod', ['-R', 'u+w', folder]);
    }
  });
});
