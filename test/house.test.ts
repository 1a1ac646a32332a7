import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

// The rules of the house: which room may import which, and what code below the edges does without. An exception that is
// not needed any more is a fault too.

const root = join(import.meta.dirname, '..');

/**
 * Every arrow between rooms that there may be: the room, and the rooms that its files may import. `src` and `maelstrom`
 * stand for all of theirs.
 */
const arrows: Readonly<Record<string, readonly string[]>> = {
  'src/raft': [],
  'src/services': [],
  'src/storage': ['src/raft'],
  'src/member': ['src/raft', 'src/storage', 'src/services'],
  'src/wire': ['src/raft', 'src/member', 'src/services'],
  'src/process': ['src/storage', 'src/wire'],
  'src/stdio': ['src/member', 'src/raft', 'src/storage', 'src/services', 'src/wire', 'src/process'],
  'src/library': ['src/member', 'src/raft', 'src/storage', 'src/services', 'src/wire', 'src/process'],
  'src/index.ts': ['src/library', 'src/member', 'src/raft', 'src/storage', 'src/services'],

  'maelstrom/history': ['src'],
  'maelstrom/services': ['src'],
  'maelstrom/network': ['maelstrom/services', 'src'],
  'maelstrom/checkers': ['maelstrom/history', 'src'],
  'maelstrom/cluster': ['maelstrom/history', 'maelstrom/network', 'maelstrom/services', 'src'],
  'maelstrom/faults': ['maelstrom/cluster', 'maelstrom/history', 'maelstrom/network', 'maelstrom/services', 'src'],
  'maelstrom/workloads': ['maelstrom/checkers', 'maelstrom/cluster', 'maelstrom/history', 'src'],
  'maelstrom/bench': ['maelstrom/cluster', 'maelstrom/network', 'src'],
  'maelstrom/report': [
    'maelstrom/checkers',
    'maelstrom/cluster',
    'maelstrom/history',
    'maelstrom/network',
    'maelstrom/workloads',
    'src',
  ],
  'maelstrom/simulation': [
    'maelstrom/checkers',
    'maelstrom/cluster',
    'maelstrom/faults',
    'maelstrom/history',
    'maelstrom/network',
    'maelstrom/workloads',
    'src',
  ],
  'maelstrom/playground': ['maelstrom/simulation', 'src'],
  'maelstrom/session': [
    'maelstrom/cluster',
    'maelstrom/faults',
    'maelstrom/history',
    'maelstrom/network',
    'maelstrom/report',
    'maelstrom/services',
    'maelstrom/workloads',
    'src',
  ],
  'maelstrom/commands': ['maelstrom', 'src'],
  'maelstrom/main.ts': ['maelstrom'],
};

/** Arrows of today that are to go: from where, to where, and why they are still there. */
const arrowsToGo: Readonly<Record<string, string>> = {};

/** Below the edges: time, chance, messages and files come in as calls, and effects go out as values. */
const roomsBelowTheEdges = ['src/raft', 'src/services', 'src/member', 'src/storage'];

const forbidden: Readonly<Record<string, RegExp>> = {
  'a module of Node.js': /\bfrom 'node:|\bimport\('node:/,
  'a timer': /\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/,
  'a promise': /\b(Promise|async|await)\b/,
  'a clock': /\b(Date|performance)\b/,
  'a source of chance': /\bMath\.random\b|\bcrypto\b/,
  'the process': /(?<![.#\w])process\./,
  'a Buffer': /\bBuffer\b/,
};

/** Files that do so all the same. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  'a module of Node.js': [
    'src/storage/real-file-system.ts', // The operating system's files.
    'src/storage/lock.ts', // Part of a process's edge.
    'src/storage/log-reader.ts', // From here on: `node:path`, for the names of files.
    'src/storage/log-writer.ts',
    'src/storage/node-directory.ts',
    'src/storage/recovery.ts',
    'src/storage/snapshot-file.ts',
    'src/storage/snapshot-store.ts',
    'src/storage/snapshot-writer.ts',
  ],
  'a Buffer': [
    'src/storage/real-file-system.ts', // From here on: what a file holds.
    'src/storage/file-system.ts',
    'src/storage/batch-codec.ts',
    'src/storage/log-reader.ts',
    'src/storage/node-directory.ts',
    'src/storage/record.ts',
    'src/storage/segments.ts',
    'src/storage/snapshot-file.ts',
    'src/storage/snapshot-writer.ts',
  ],
};

interface Source {
  readonly file: string;
  readonly room: string;
  /** Without comments. */
  readonly code: string;
  readonly imports: readonly string[];
}

const sources: readonly Source[] = ['src', 'maelstrom'].flatMap((top) => {
  const names = readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((name) => name.split(sep).join('/'));
  return names.filter((name) => name.endsWith('.ts')).map((name) => readSource(`${top}/${name}`));
});

function readSource(file: string): Source {
  const code = readFileSync(join(root, file), 'utf8').replaceAll(/\/\*.*?\*\/|(?<!:)\/\/[^\n]*/gs, '');
  const paths = [...code.matchAll(/\bfrom '(\.[^']*)'|\bimport\('(\.[^']*)'\)/g)].map(([, from, dynamic]) => from ?? dynamic ?? '');
  const imports = paths.map((path) => posix.join(posix.dirname(file), path).replace(/\.js$/, '.ts'));
  return { file, room: roomOf(file), code, imports };
}

function roomOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

describe('between rooms', () => {
  const found = new Set(
    sources.flatMap(({ room, imports }) => imports.map((target) => [room, roomOf(target)] as const))
      .filter(([from, to]) => from !== to)
      .map(([from, to]) => `${from} -> ${to}`),
  );

  test('every room is in the table', () => {
    expect([...new Set(sources.map(({ room }) => room))].filter((room) => arrows[room] === undefined)).toEqual([]);
  });

  test('imports go where the table lets them, and nowhere else', () => {
    const mayGo = (arrow: string): boolean => {
      const [from = '', to = ''] = arrow.split(' -> ');
      return (arrows[from] ?? []).some((allowed) => to === allowed || to.startsWith(`${allowed}/`));
    };
    expect([...found].filter((arrow) => !mayGo(arrow)).sort()).toEqual(Object.keys(arrowsToGo).sort());
  });

  test('a room in the table imports only rooms that stand before it', () => {
    const rooms = Object.keys(arrows);
    for (const [at, room] of rooms.entries()) {
      expect((arrows[room] ?? []).filter((target) => rooms.indexOf(target) >= at), room).toEqual([]);
    }
  });
});

test('no file imports itself, by whatever way round', () => {
  const byFile = new Map(sources.map((source) => [source.file, source]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    for (const target of byFile.get(file)?.imports ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const { file } of sources) visit(file, []);
  expect(circles).toEqual([]);
});

describe('below the edges', () => {
  const below = sources.filter(({ room }) => roomsBelowTheEdges.includes(room));

  test.each(Object.entries(forbidden))('nothing but the exceptions uses %s', (what, pattern) => {
    const users = below.filter(({ code }) => pattern.test(code)).map(({ file }) => file);
    expect(users.sort()).toEqual([...(exceptions[what] ?? [])].sort());
  });
});
