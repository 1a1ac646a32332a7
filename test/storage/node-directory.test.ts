import { basename, dirname } from 'node:path';
import { expect, test } from 'vitest';
import { nodeDirectory } from '../../src/storage/node-directory.ts';

test('a plain name of a node is the name of its directory', () => {
  expect(nodeDirectory('/data', 'n1')).toBe('/data/n1');
});

test.each(['..', '.', '../../etc', 'a/b', 'a\\b', 'ä', 'n%31', ' ', '\0', 'n'.repeat(256), '€'.repeat(256)])(
  '%j has a directory of its own, in the data directory',
  (nodeId) => {
    const directory = nodeDirectory('/data', nodeId);
    expect(dirname(directory)).toBe('/data');
    expect(basename(directory)).toMatch(/^[A-Za-z0-9_%~-]{1,255}$/);
  },
);

test('different names have different directories, however long they are', () => {
  const names = ['n1', 'N1', 'n%31', '%6e1', 'n.1', 'x'.repeat(256), `${'x'.repeat(255)}y`];
  expect(new Set(names.map((name) => nodeDirectory('/data', name))).size).toBe(names.length);
});
