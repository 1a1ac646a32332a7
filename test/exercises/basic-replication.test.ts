import { expect, test } from 'vitest';
import { TestCluster } from '../stdio/cluster.ts';
import { logOf, statusOf } from './lab.ts';

const nodeIds = ['n1', 'n2', 'n3'];

test('basic replication', () => {
  // Three nodes, of which n1 leads.
  const cluster = TestCluster.ready(3);
  expect(nodeIds.map((nodeId) => statusOf(cluster, nodeId).leader)).toEqual(['n1', 'n1', 'n1']);
  expect(nodeIds.map((nodeId) => statusOf(cluster, nodeId).commit_index)).toEqual([0, 0, 0]);

  // The leader logs one command: so far it is in its log alone, and not committed.
  const command = { op: 'put', key: 'x', value: 5 };
  expect(cluster.ask('n1', { type: 'raft_append', entry: { command } })).toEqual({ type: 'raft_append_ok', index: 1 });
  expect(cluster.commandsIn('n1')).toEqual([command]);
  expect(statusOf(cluster, 'n1').commit_index).toBe(0);

  // AppendEntries carry it to the others; their acknowledgements commit it; heartbeats tell them so.
  cluster.cluster.runFor(500);
  for (const nodeId of nodeIds) {
    expect(logOf(cluster, nodeId)).toEqual([{ term: 1, index: 1, command }]);
    expect(statusOf(cluster, nodeId)).toMatchObject({ commit_index: 1, last_applied: 1 });
  }

  // Whoever is asked, the answer is the same.
  for (const nodeId of nodeIds) {
    expect(cluster.ask(nodeId, { type: 'read', key: 'x' })).toEqual({ type: 'read_ok', value: 5 });
  }
});
