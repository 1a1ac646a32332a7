import { execFile, spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, afterEach, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const [program = '', input = '', output = ''] = blocksUnder('## The library', readFileSync(join(root, 'README.md'), 'utf8'));
// Inside the package its own name leads to its build, as it would for a program that has it installed.
const directory = mkdtempSync(join(import.meta.dirname, 'example-'));
const file = join(directory, 'member.ts');
writeFileSync(file, program);
afterAll(() => rmSync(directory, { recursive: true }));

/** The code blocks of a section of the README, as they stand there. */
function blocksUnder(heading: string, readme: string): readonly string[] {
  const [section = ''] = readme.slice(readme.indexOf(`\n${heading}\n`) + 1).split(/\n(?=## )/);
  return [...section.matchAll(/^```\w*\n(.*?)^```$/gms)].map(([, text = '']) => text);
}

test("the README's example of the library has the types that it should", async () => {
  const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--types', 'node', '--ignoreConfig'];
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const compiled = promisify(execFile)(process.execPath, [compiler, ...flags, file]).catch((error: unknown) => error);
  expect(await compiled).toMatchObject({ stdout: '' });
});

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** One member in a process of its own. */
class MemberProcess {
  readonly #child: Child;
  readonly #answers: AsyncIterator<string>;

  constructor(...args: readonly string[]) {
    this.#child = spawn(process.execPath, ['--import', 'tsx', file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    running.add(this.#child);
  }

  /** Resolves to what it prints for a line. */
  async ask(line: string): Promise<string | undefined> {
    this.#child.stdin.write(`${line}\n`);
    return (await this.#answers.next()).value;
  }

  /** Asks until the cluster answers: at first, and after a crash, there is no leader. */
  async askUntilAnswered(line: string): Promise<string | undefined> {
    for (;;) {
      const answer = await this.ask(line);
      if (answer === undefined || answer.startsWith('{')) return answer;
    }
  }

  kill(): Promise<unknown> {
    return this.#ended(() => this.#child.kill('SIGKILL'));
  }

  /** Ends its input, and resolves to its exit code. */
  end(): Promise<unknown> {
    return this.#ended(() => this.#child.stdin.end());
  }

  #ended(how: () => void): Promise<unknown> {
    return new Promise((resolve) => {
      this.#child.once('close', resolve);
      how();
    });
  }
}

const running = new Set<Child>();

/** Ports that nothing listens to now. */
async function freePorts(count: number): Promise<readonly string[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => {
    return new Promise<ReturnType<typeof createServer>>((resolve) => {
      const server = createServer().listen(0, () => resolve(server));
    });
  }));
  const ports = servers.map((server) => {
    const address = server.address();
    return String(typeof address === 'object' ? address?.port : '');
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

describe("the README's example of the library, three processes on TCP", () => {
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
  });

  test('prints what the README says, survives kill -9 of one, and has it back with its data', async () => {
    const ports = await freePorts(3);
    const start = (id: string): MemberProcess => new MemberProcess(id, join(directory, 'data'), ...ports);
    const [first, second, third] = [start('n1'), start('n2'), start('n3')];
    const [command = '', ...rest] = input.trimEnd().split('\n');
    const printed = [await second.askUntilAnswered(command)];
    for (const line of rest) printed.push(await second.ask(line));
    expect(`${printed.join('\n')}\n`).toBe(output);

    await first.kill();
    expect(await third.askUntilAnswered('SET x = 6')).toBe('{"kind":"ok"}');
    expect(await second.askUntilAnswered('?x')).toBe('{"kind":"value","value":"6"}');

    // n1 is back, n2 gone: what is read now, a majority with n1 in it has.
    const again = start('n1');
    expect(await again.askUntilAnswered('?x')).toBe('{"kind":"value","value":"6"}');
    await second.kill();
    expect(await again.askUntilAnswered('SET x = 7')).toBe('{"kind":"ok"}');
    expect(await third.askUntilAnswered('?x')).toBe('{"kind":"value","value":"7"}');
    expect([await again.end(), await third.end()]).toEqual([0, 0]);
  });
});
