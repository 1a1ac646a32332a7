import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runTest } from '../../maelstrom/commands/test.ts';

// What people do who run a node of their own for the first time, and what they are told. Nodes that are waited for are
// started together: it is the same ten seconds for all.

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'eddy-first-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs `eddy test` on a file of the fixtures, or on a script that is written for it. */
async function run(node: string, flags: string, script?: string) {
  const bin = script === undefined ? join(fixtures, node) : join(directory, node);
  if (script !== undefined) {
    writeFileSync(bin, script);
    chmodSync(bin, 0o755);
  }
  const written: string[] = [];
  const shown: string[] = [];
  const exitCode = await runTest(['--bin', bin, ...flags.split(' ')], {
    write: (line) => written.push(line),
    screen: { isTerminal: false, write: (text) => shown.push(text) },
    interrupted: new AbortController().signal,
    onNodesStart: () => {},
    onNodesStopped: () => {},
    directory: mkdtempSync(join(directory, 'run-')),
  });
  return { exitCode, output: written.join('\n'), shown: shown.join('') };
}

/** Answers init, and reads and writes, in the shell. */
const inShell = (lineBefore: string) => `#!/bin/sh
${lineBefore}
while read -r line; do
  id=$(expr "$line" : '.*"msg_id":\\([0-9]*\\)')
  type=$(expr "$line" : '.*"type":"\\([a-z_]*\\)"')
  client=$(expr "$line" : '.*"src":"\\([a-z0-9]*\\)"')
  echo '{"src":"n0","dest":"'$client'","body":{"type":"'$type'_ok","in_reply_to":'$id'}}'
done
`;

describe.concurrent('somebody whose node', { timeout: 120_000 }, () => {
  it('never answers init is told to look at how it reads and writes', async () => {
    const { exitCode, shown } = await run('silent-node.js', '--node-count 1');
    expect(exitCode).toBe(2);
    expect(shown).toContain('n0 did not answer init within 10 s');
    expect(shown).toContain('read stdin line by line and flush stdout after every line');
    expect(shown).toMatch(/By hand, this has to print an init_ok:\n  echo '\{.*\}' \| \/.*silent-node\.js/);
  });

  it('keeps what it prints to itself is told to flush', async () => {
    const { exitCode, shown } = await run('buffering-node.js', '--node-count 1');
    expect(exitCode).toBe(2);
    expect(shown).toContain('n0 answered init when stdin was closed, and not before: flush stdout after every line');
    expect(shown).toContain('print(..., flush=True)');
  });

  it('hangs on the way is told so, with what it said last', async () => {
    const { exitCode, output } = await run('hanging-node.js', '--node-count 1 --time-limit 8');
    expect(exitCode).toBe(1);
    expect(output).toMatch(/n0 hangs: it was asked \d+ times in \d s and has written nothing to stdout/);
    expect(output).toMatch(/last on its stdout:\n +\{"src":"n0"/);
    expect(output).toMatch(/last on its stderr:\n +waiting for a lock/);
  });

  it('writes its logs to stdout is told where they belong, and shown the line', async () => {
    const { exitCode, output } = await run('logs', '-w echo --node-count 1 --time-limit 1', inShell('echo "node is up"'));
    expect(exitCode).toBe(1);
    expect(output).toContain('n0 wrote a line to stdout that is not JSON (stdout is for messages; logs belong on stderr)');
    expect(output).toContain('the line: node is up');
  });

  it('answers with fields that are not asked for is told which it may have', async () => {
    const { exitCode, output } = await run('examples/echo-with-more.js', '-w echo --node-count 1 --time-limit 1');
    expect(exitCode).toBe(1);
    expect(output).toContain('answered an echo with a field "time"; it has type, in_reply_to, echo and may have msg_id');
  });

  it('exits is shown its last words, on both streams', async () => {
    const script = inShell('').replace('while read', 'echo "out of cheese" >&2\nread -r line; exit 4\nwhile read');
    const { exitCode, shown } = await run('exits', '--node-count 1', script);
    expect(exitCode).toBe(2);
    expect(shown).toMatch(/n0 exited with code 4 .*\n +last on its stderr:\n +out of cheese/);
  });

  it('has no first line that says what runs it is told so before anything runs', async () => {
    const { exitCode, shown } = await run('node.py', '--node-count 1', 'import json\n');
    expect(exitCode).toBe(2);
    expect(shown).toContain('make its first line, for example: #!/usr/bin/env python3');
  });
});
