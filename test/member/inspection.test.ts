import { expect, test } from 'vitest';
import { maxLineBytes } from '../../src/wire/limits.ts';
import { appendEntries, LoneNode } from '../stdio/lone-node.ts';

/** The indexes that a node's `raft_log` shows. */
function shown(node: LoneNode, asked: { readonly from?: number; readonly limit?: number }): readonly number[] {
  node.send('c1', { type: 'raft_log', ...asked });
  const [answer] = node.takeFor('c1');
  expect(JSON.stringify(answer).length).toBeLessThan(maxLineBytes);
  const entries: unknown = answer !== undefined && 'entries' in answer ? answer.entries : undefined;
  return Array.isArray(entries) ? entries.map(({ index }) => index) : [];
}

function nodeWithEntries(count: number, value: string): LoneNode {
  const node = new LoneNode({ nodeId: 'n2' });
  const entries = Array.from({ length: count }, (_, at) => ({ term: 1, index: at + 1, command: `SET x ${value}` }));
  node.send('n1', appendEntries('n1', 1, { entries }));
  node.take();
  return node;
}

test('raft_log shows 100 entries where no limit is given, and never more than 1000', () => {
  const node = nodeWithEntries(1500, '1');
  expect(shown(node, {})).toHaveLength(100);
  expect(shown(node, { limit: 1500 })).toHaveLength(1000);
  expect(shown(node, { from: 1499, limit: 5 })).toEqual([1499, 1500]);
  expect(shown(node, { from: 1501 })).toEqual([]);
  expect(shown(node, { from: 0, limit: 1 })).toEqual([1]);
});

test('raft_log shows no more than fits in a line, and at least one entry', () => {
  const node = nodeWithEntries(4, 'v'.repeat(400_000));
  expect(shown(node, {})).toEqual([1, 2]);
  expect(shown(node, { from: 3 })).toEqual([3, 4]);
});
