import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HistoryEvent } from '../../../maelstrom/history/history.ts';
import { Store } from '../../../maelstrom/report/store.ts';

const startedAt = new Date('2026-01-31T23:59:58.123Z');
let root: string;

beforeEach(() => {
  root = join(realpathSync(mkdtempSync(join(tmpdir(), 'eddy-test-'))), 'store');
});

afterEach(() => {
  rmSync(join(root, '..'), { recursive: true });
});

function event(index: number): HistoryEvent {
  return { index, time: index, process: 0, type: 'invoke', f: 'write', key: 1, value: 'x'.repeat(100) };
}

it('is a directory named after the workload and the time', () => {
  const store = new Store(root, 'lin-kv', startedAt);
  expect(store.directory).toBe(join(root, 'lin-kv', '20260131T235958.123Z'));
  store.close();
});

it('holds the history, every event a line, also beyond what is buffered', () => {
  const store = new Store(root, 'lin-kv', startedAt);
  for (let index = 0; index < 2000; index += 1) store.addEvent(event(index));
  store.close();
  const lines = readFileSync(store.historyFile, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).index)).toEqual(Array.from({ length: 2000 }, (_, index) => index));
});

it('holds the results', () => {
  const store = new Store(root, 'lin-kv', startedAt);
  store.writeResults({ exitCode: 0 });
  store.close();
  expect(JSON.parse(readFileSync(join(store.directory, 'results.json'), 'utf8'))).toEqual({ exitCode: 0 });
});

it('has an empty directory for data, which can be emptied', () => {
  const store = new Store(root, 'lin-kv', startedAt);
  expect(readdirSync(store.dataDirectory)).toEqual([]);
  mkdirSync(join(store.dataDirectory, 'n1'));
  store.clearData();
  expect(readdirSync(store.dataDirectory)).toEqual([]);
  store.close();
});

it('is found under latest and current, which lead to the newest, of its workload and of all', () => {
  new Store(root, 'lin-kv', startedAt).close();
  const newest = new Store(root, 'lin-kv', new Date(startedAt.getTime() + 1));
  newest.close();
  const other = new Store(root, 'echo', startedAt);
  other.close();
  expect(realpathSync(join(root, 'lin-kv', 'latest'))).toBe(newest.directory);
  for (const name of ['latest', 'current', 'echo/latest']) expect(realpathSync(join(root, name))).toBe(other.directory);
});

it('is never shared by two runs that start together', () => {
  const directories = [1, 2, 3].map(() => {
    const store = new Store(root, 'lin-kv', startedAt);
    store.close();
    return store.directory;
  });
  expect(new Set(directories).size).toBe(3);
});

it('gives up when a hundred runs have the same name', () => {
  const name = join(root, 'lin-kv', '20260131T235958.123Z');
  mkdirSync(name, { recursive: true });
  for (let attempt = 2; attempt <= 100; attempt += 1) mkdirSync(`${name}-${attempt}`);
  expect(() => new Store(root, 'lin-kv', startedAt)).toThrow('is taken 100 times');
});
