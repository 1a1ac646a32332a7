import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { initAlone, line } from '../messages.ts';
import { raftBin } from './raft-process.ts';

// A few bytes ask for a megabyte. Whatever clients ask, the node's memory stays within a heap of 128 MiB.

const heapMebibytes = 128;
const value = 'v'.repeat(1_000_000);

interface Outcome {
  readonly exitCode: number | null;
  readonly log: string;
  readonly lines: number;
  readonly bytes: number;
}

/** Runs a node on an input that ends, and counts what it says instead of keeping it. */
async function run(lines: Iterable<string>, flags: readonly string[] = []): Promise<Outcome> {
  const env = { ...process.env, NODE_OPTIONS: `--max-old-space-size=${heapMebibytes}` };
  const child = spawn(raftBin, [...flags], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const said = { lines: 0, bytes: 0, log: '' };
  child.stdout.on('data', (bytes: Buffer) => {
    said.bytes += bytes.length;
    for (let at = bytes.indexOf('\n'); at !== -1; at = bytes.indexOf('\n', at + 1)) said.lines += 1;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.log += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.end([...lines].join(''));
  return new Promise((resolve) => {
    child.once('close', (exitCode) => resolve({ exitCode, ...said }));
  });
}

function requests(count: number, body: object): readonly string[] {
  return Array.from({ length: count }, (_, at) => line('c1', { ...body, msg_id: 10 + at }));
}

const write = line('c1', { type: 'write', msg_id: 2, key: 'k', value });

describe('in one burst', () => {
  test('600 reads of a large value are all answered', async () => {
    const { exitCode, log, lines, bytes } = await run([initAlone, write, ...requests(600, { type: 'read', key: 'k' })]);
    expect([exitCode, log, lines]).toEqual([0, '', 602]);
    expect(bytes).toBeGreaterThan(600_000_000);
  });

  test('600 looks at a log of large entries are all answered', async () => {
    const { exitCode, log, lines, bytes } = await run([initAlone, write, ...requests(600, { type: 'raft_log' })]);
    expect([exitCode, log, lines]).toEqual([0, '', 602]);
    expect(bytes).toBeGreaterThan(600_000_000);
  });

  test('100,000 looks at a log of many entries, and reads past what may be pending, are all answered', async () => {
    const writes = requests(1000, { type: 'write', key: 'k', value: 1 });
    const asked = [...requests(50_000, { type: 'raft_log', limit: 20 }), ...requests(50_000, { type: 'read', key: 'k' })];
    const { exitCode, log, lines } = await run([initAlone, ...writes, ...asked]);
    expect([exitCode, log, lines]).toEqual([0, '', 101_001]);
  });
});
