import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { checkFile } from '../../../maelstrom/commands/check.ts';

const folder = mkdtempSync(join(tmpdir(), 'eddy-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function check(...argv: readonly string[]) {
  const lines: string[] = [];
  const exitCode = await checkFile(argv, { write: (line) => lines.push(line), screen: { write: (text) => lines.push(text) } });
  return { exitCode, output: lines.join('\n') };
}

function edn(name: string): string {
  return fileURLToPath(new URL(`../histories/edn/${name}.edn`, import.meta.url));
}

function history(...events: readonly (readonly [process: number, type: string, value: unknown])[]): string {
  const file = join(folder, 'history.jsonl');
  const lines = events.map(([process, type, value], index) => JSON.stringify({ index, time: index, process, type, f: 'txn', value }));
  writeFileSync(file, lines.join('\n'));
  return file;
}

describe('eddy check, of transactions', () => {
  it('tells the cycle in sentences, as a drawing, and what it rules out', async () => {
    const { exitCode, output } = await check(edn('write-skew-as-jepsen-records'));
    expect(exitCode).toBe(1);
    expect(output).toContain('T1 (process 0, 0.000 to 0.000 s): r :x []; append :y 1');
    expect(output).toContain('T1 did not see that T2 appended 1 to key :x.\n  Yet T2 did not see that T1 appended 1 to key :y.');
    expect(output).toMatch(/┌─> T1\n.*│ rw, key :x\n.*v\n.*└── T2 {3}\(back to T1: rw, key :y\)/);
    expect(output).toContain('Not repeatable-read.');
    expect(output).toContain('nothing was found against: update-serializable, strong-snapshot-isolation.');
  });

  it('judges by the models that it is told', async () => {
    const { exitCode, output } = await check(edn('write-skew-as-jepsen-records'), '--consistency-models', 'strong-snapshot-isolation');
    expect(output).toContain('Found too, and allowed by strong-snapshot-isolation: G2-item (1)');
    expect(exitCode).toBe(0);
  });

  it('knows histories of registers by their writes', async () => {
    const { exitCode, output } = await check(edn('stale-read-of-a-register'));
    expect(output).toContain('stale read: a read missed a write that had ended before it began');
    expect(exitCode).toBe(1);
  });

  it.each([
    ['a value that is written twice', [[0, 'invoke', [['append', 1, 5]]], [1, 'invoke', [['append', 1, 5]]]], /line 2: value: 5 is written to key 1 again \(by T2, first by T1\)/],
    ['a step that is none', [[0, 'invoke', [['append', 1, 5], ['read', 1, null]]]], /its operations are txn|line 1: value\[1\]\[0\]: expected "r" or "append"/],
    ['other steps than were invoked', [[0, 'invoke', [['append', 1, 5]]], [0, 'ok', [['append', 1, 6]]]], /line 2: value\[0\]: is not what was invoked/],
    ['a read of a list that is none', [[0, 'invoke', [['r', 1, null], ['append', 1, 5]]], [0, 'ok', [['r', 1, 7], ['append', 1, 5]]]], /line 2: value\[0\]\[2\]: expected the list/],
  ] as const)('says where a history is not one: %s', async (_, events, why) => {
    const { exitCode, output } = await check(history(...events));
    expect(output).toMatch(why);
    expect(exitCode).toBe(2);
  });

  it('is not stopped by a history of any depth', async () => {
    const count = 5_000;
    // Each transaction read what the next one wrote: one circle through all of them.
    const invoked = Array.from({ length: count }, (__, at) => [at, 'invoke', [['r', (at + 1) % count, null], ['append', at, 1]]] as const);
    const ended = invoked.map(([at, , [[f, key], append]]) => [at, 'ok', [[f, key, [1]], append]] as const);
    const { exitCode, output } = await check(history(...invoked, ...ended));
    expect(output).toContain('G1c: circular information flow');
    expect(exitCode).toBe(1);
  });
});
