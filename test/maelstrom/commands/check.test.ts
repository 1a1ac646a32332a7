import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { runCheck } from '../../../maelstrom/commands/check.ts';
import type { ExitCode } from '../../../maelstrom/commands/check.ts';
import type { CheckOptions } from '../../../maelstrom/commands/check-options.ts';
import { formatEvent } from '../../../maelstrom/history/history.ts';
import type { Json } from '../../../src/services/json.ts';
import { generate } from '../checkers/register/generate.ts';

const budget = { nowMs: () => 0, timeMs: 1, cacheBytes: 64 * 1024 * 1024 };
const folder = mkdtempSync(join(tmpdir(), 'eddy-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function check(file: string, allowed = budget, initial?: Json): Promise<{ exitCode: ExitCode; lines: readonly string[] }> {
  const lines: string[] = [];
  const exitCode = await runCheck(optionsFor([file], allowed, initial), allowed.nowMs, (line) => lines.push(line));
  return { exitCode, lines };
}

function optionsFor(paths: readonly string[], { timeMs, cacheBytes } = budget, initial?: Json): CheckOptions {
  return { paths, reportFile: undefined, initial, workload: undefined, settings: {}, timeMs, cacheBytes };
}

async function checkAll(...paths: readonly string[]): Promise<{ exitCode: ExitCode; lines: readonly string[] }> {
  const lines: string[] = [];
  const exitCode = await runCheck(optionsFor(paths), budget.nowMs, (line) => lines.push(line));
  return { exitCode, lines };
}

function drawn(name: string): string {
  return fileURLToPath(new URL(`../histories/${name}.jsonl`, import.meta.url));
}

test('a good history exits with 0', async () => {
  const { exitCode, lines } = await check(drawn('linearizable/failures-change-nothing'));
  expect(lines[0]).toBe('6 operations: 2 ok, 3 fail, 1 info');
  expect(lines[1]).toMatch(/^linearizable/);
  expect(exitCode).toBe(0);
});

test('a bad one exits with 1 and names the key and the operation', async () => {
  const { exitCode, lines } = await check(drawn('not-linearizable/one-key-of-two'));
  expect(lines.some((line) => line.startsWith('key "x": '))).toBe(true);
  expect(lines.at(-1)).toMatch(/no place for process 1 read null/);
  expect(exitCode).toBe(1);
});

test('one that cannot be decided exits with 2', async () => {
  const file = join(folder, 'hard.jsonl');
  const events = generate({ seed: 1, clients: 20, operations: 2_000, keys: 1, values: 5, lost: 0 });
  writeFileSync(file, events.map((event) => `${formatEvent(event)}\n`).join(''));
  expect(await check(file)).toMatchObject({ exitCode: 0 });
  const { exitCode, lines } = await check(file, { ...budget, cacheBytes: 1024 });
  expect(lines[1]).toMatch(/^unknown/);
  expect(exitCode).toBe(2);
});

test('a file that is not there, is no file, or is no history exits with 2 and says why', async () => {
  const file = join(folder, 'wrong.jsonl');
  writeFileSync(file, '{"index":0,"time":0,"process":0,"type":"ok","f":"read","key":1,"value":1}\n');
  expect(await check(file)).toEqual({
    exitCode: 2,
    lines: [`cannot check ${file}: line 1: process 0 completes an operation that it did not invoke`],
  });
  expect(await check(join(folder, 'none'))).toEqual({
    exitCode: 2,
    lines: [`cannot check ${join(folder, 'none')}: there is no such file`],
  });
  const empty = mkdtempSync(join(folder, 'empty-'));
  expect(await check(empty)).toMatchObject({ exitCode: 2, lines: [expect.stringContaining('there is no history in it')] });
});

test('several are judged one after the other, and one bad one makes all bad', async () => {
  const [good, bad] = [drawn('linearizable/failures-change-nothing'), drawn('not-linearizable/one-key-of-two')];
  expect(await checkAll(good, good)).toMatchObject({ exitCode: 0 });
  expect(await checkAll(good, join(folder, 'none'))).toMatchObject({ exitCode: 2 });
  const { exitCode, lines } = await checkAll(good, bad, join(folder, 'none'));
  expect(exitCode).toBe(1);
  expect(lines.slice(0, 3)).toEqual([`${good}:`, '  6 operations: 2 ok, 3 fail, 1 info', expect.stringMatching(/^ {2}linearizable/)]);
  expect(lines.at(-1)).toBe('3 histories: 1 good, 1 bad, 1 not decided');
});

test('of a directory, the history of a run is judged once, and all that is below', async () => {
  const store = mkdtempSync(join(folder, 'store-'));
  const run = mkdtempSync(join(store, 'run-'));
  const history = readFileSync(drawn('linearizable/one-read-of-nothing'));
  for (const name of ['history.jsonl', 'history.edn', 'messages.jsonl']) writeFileSync(join(run, name), history);
  const others = mkdtempSync(join(store, 'others-'));
  for (const name of ['a.jsonl', 'b.jsonl', 'c.txt']) writeFileSync(join(others, name), history);
  symlinkSync(run, join(store, 'latest'));
  const { exitCode, lines } = await checkAll(store);
  expect(exitCode).toBe(0);
  expect(lines.filter((line) => line.endsWith(':'))).toEqual([
    `${join(others, 'a.jsonl')}:`,
    `${join(others, 'b.jsonl')}:`,
    `${join(run, 'history.jsonl')}:`,
  ]);
  expect((await checkAll(join(store, 'latest'))).lines[0]).toBe('1 operation: 1 ok, 0 fail, 0 info');
});

test('registers begin with what --initial says, every one of them', async () => {
  const file = join(folder, 'initial.jsonl');
  const read = (key: string, value: number, index: number) => [
    { index, time: index, process: 0, type: 'invoke', f: 'read', key, value: null },
    { index: index + 1, time: index + 1, process: 0, type: 'ok', f: 'read', key, value },
  ];
  const events = [...read('x', 0, 0), ...read('y', 0, 2)];
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  expect(await check(file)).toMatchObject({ exitCode: 1 });
  expect(await check(file, budget, 0)).toMatchObject({ exitCode: 0 });
  const { exitCode, lines } = await check(file, budget, 7);
  expect(exitCode).toBe(1);
  expect(lines.at(-1)).toBe('    7 is there; no place for process 0 read 0');
});

test('what has no registers is refused with --initial, and so is what nobody can judge', async () => {
  const file = join(folder, 'echo.jsonl');
  const history = (f: string) =>
    ['invoke', 'ok'].map((type, index) => JSON.stringify({ index, time: 0, process: 0, type, f, value: 'a' })).join('\n');
  writeFileSync(file, history('echo'));
  expect(await check(file)).toMatchObject({ exitCode: 0 });
  const why = '--initial is what registers hold at first, and this is a history of echo, which has none';
  expect(await check(file, budget, 0)).toEqual({ exitCode: 2, lines: [`cannot check ${file}: ${why}`] });
  writeFileSync(file, history('subtract'));
  expect(await check(file)).toMatchObject({ exitCode: 2, lines: [expect.stringContaining('its operations are subtract; ')] });
});

test('reads alone are of registers where they have keys, and of broadcasts where they have none', async () => {
  const edn = join(folder, 'reads.edn');
  writeFileSync(edn, '{:type :invoke :process 0 :f :read :value nil}\n{:type :ok :process 0 :f :read :value [1 2]}');
  const lines = join(folder, 'reads.jsonl');
  const event = (index: number, type: string, value: Json, key?: Json) =>
    `${JSON.stringify({ index, time: index, process: 0, type, f: 'read', key, value })}\n`;
  writeFileSync(lines, event(0, 'invoke', null) + event(1, 'ok', [1, 2]));
  for (const file of [edn, lines]) {
    const { exitCode, lines: told } = await check(file);
    expect({ exitCode, last: told.at(-1) }).toEqual({
      exitCode: 1,
      last: 'Bad: Reads brought what nobody had broadcast: 1, 2.',
    });
  }
  writeFileSync(lines, event(0, 'invoke', null, 'x') + event(1, 'ok', [1, 2], 'x'));
  expect((await check(lines)).lines).toContain('key "x": value never written');
});
