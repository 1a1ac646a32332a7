import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeArguments } from '../../../maelstrom/commands/node-arguments.ts';

const root = join(import.meta.dirname, '../../..');
const own = join(root, 'bin/raft');
const other = join(root, 'test/fixtures/forgetful-raft');

function made(bin: string, ...given: string[]): readonly string[] {
  return nodeArguments({ bin, nodeArguments: given }, '/store/$&/data');
}

it('passes on what is given, with the data directory of the run for {data}', () => {
  expect(made(other)).toEqual([]);
  expect(made(other, '--verbose', '--store={data}/x', '{data}')).toEqual([
    '--verbose',
    '--store=/store/$&/data/x',
    '/store/$&/data',
  ]);
});

it('tells our own node where to keep its data', () => {
  expect(made(own)).toEqual(['--data-dir', '/store/$&/data']);
  expect(made(own, '--heartbeat-ms', '50')).toEqual(['--heartbeat-ms', '50', '--data-dir', '/store/$&/data']);
});

it('knows our own node by a link to it as well', () => {
  const directory = mkdtempSync(join(tmpdir(), 'eddy-test-'));
  symlinkSync(own, join(directory, 'raft'));
  expect(made(join(directory, 'raft'))).toEqual(['--data-dir', '/store/$&/data']);
  rmSync(directory, { recursive: true });
});

it('leaves it alone where it is told already', () => {
  expect(made(own, '--data-dir', '/elsewhere')).toEqual(['--data-dir', '/elsewhere']);
  expect(made(own, '--data-dir={data}/x')).toEqual(['--data-dir=/store/$&/data/x']);
});
