import { expect, test } from 'vitest';
import { TestCluster } from '../stdio/cluster.ts';
import { divide, freshCluster, leaderAmong, leavePast, logOf, statusOf, termsIn, waitFor } from './lab.ts';

const nodeIds = ['n1', 'n2', 'n3', 'n4', 'n5'];

test('commit index safety: three of five nodes commit, and the two that were cut off catch up', () => {
  const cluster = TestCluster.ready(5);
  divide(cluster, ['n1', 'n2', 'n3'], ['n4', 'n5']);

  // Three are a majority: commands are committed without the other two.
  for (const value of [1, 2, 3]) {
    expect(cluster.ask('n1', { type: 'write', key: 'x', value })).toEqual({ type: 'write_ok' });
  }
  cluster.cluster.runFor(300);
  for (const nodeId of ['n1', 'n2', 'n3']) expect(statusOf(cluster, nodeId).commit_index).toBe(3);

  // Two are none: nothing is committed there, and no client is told that it were.
  for (const nodeId of ['n4', 'n5']) {
    expect(statusOf(cluster, nodeId)).toMatchObject({ commit_index: 0, last_index: 0 });
  }
  const inDoubt = cluster.send('n4', { type: 'write', key: 'x', value: 4 });
  cluster.cluster.runFor(3000);
  expect(cluster.answers(inDoubt)).not.toContainEqual({ type: 'write_ok' });
  expect(statusOf(cluster, 'n4').commit_index).toBe(0);

  // When the network heals, they catch up.
  cluster.heal();
  cluster.cluster.runFor(1000);
  const { commit_index } = statusOf(cluster, 'n1');
  for (const nodeId of nodeIds) {
    expect(statusOf(cluster, nodeId).commit_index).toBe(commit_index);
    expect(logOf(cluster, nodeId)).toEqual(logOf(cluster, 'n1'));
  }
  expect(cluster.ask('n5', { type: 'read', key: 'x' })).toEqual({ type: 'read_ok', value: 3 });
});

test('commit index safety: a leader that is cut off from the majority commits nothing', () => {
  const cluster = TestCluster.ready(5);
  divide(cluster, ['n1', 'n2'], ['n3', 'n4', 'n5']);
  const lost = cluster.send('n1', { type: 'write', key: 'x', value: 1 });
  cluster.cluster.runFor(200);
  expect(statusOf(cluster, 'n2')).toMatchObject({ last_index: 1, commit_index: 0 });
  expect(statusOf(cluster, 'n1')).toMatchObject({ last_index: 1, commit_index: 0 });

  // The others elect a leader of their own. Its entries replace what only two nodes had.
  leaderAmong(cluster, ['n3', 'n4', 'n5']);
  expect(cluster.ask('n3', { type: 'write', key: 'x', value: 2 })).toEqual({ type: 'write_ok' });
  cluster.heal();
  cluster.cluster.runFor(1000);
  for (const nodeId of nodeIds) expect(logOf(cluster, nodeId)).toEqual(logOf(cluster, 'n3'));
  expect(cluster.answers(lost)).not.toContainEqual({ type: 'write_ok' });
});

test('commit index safety: figure 8, an entry of an older term on a majority is not committed by counting', () => {
  // As in part (c) of the figure: S1 has led term 2 and S5 term 3, and each has left an entry of its own at index 2.
  // The entry of term 2 is as large as a message may be, so that nothing of a later term travels with it.
  const cluster = freshCluster(5);
  const large = `SET x ${'2'.repeat(1024 * 1024)}`;
  const commands = ['SET x 1', large];
  leavePast(cluster, 'n1', { leader: 'n2', term: 3, log: [1, 2], commit: 1, commands });
  leavePast(cluster, 'n2', { leader: 'n1', term: 3, log: [1, 2], commit: 1, commands });
  leavePast(cluster, 'n3', { leader: 'n1', term: 3, log: [1], commit: 1 });
  leavePast(cluster, 'n4', { leader: 'n1', term: 3, log: [1], commit: 1 });
  leavePast(cluster, 'n5', { leader: 'n1', term: 3, log: [1, 3], commit: 1 });

  // n1 or n2 is elected without n5, and brings the entry of term 2 to n3. That makes three of five.
  divide(cluster, ['n1', 'n2', 'n3', 'n4'], ['n5']);
  const leader = leaderAmong(cluster, ['n1', 'n2']);
  divide(cluster, ['n1', 'n2', 'n3'], ['n4'], ['n5']);
  waitFor(cluster, () => (statusOf(cluster, 'n3').last_index === 2 ? true : undefined));
  // From here on n3 hears nobody. The leader still hears n3, which acknowledges the entry.
  const others = (nodeId: string) => nodeIds.filter((other) => other !== nodeId);
  cluster.cluster.network.cut({ n3: others('n3'), n4: others('n4'), n5: others('n5') });
  cluster.cluster.runFor(100);
  for (const nodeId of ['n1', 'n2', 'n3']) expect(termsIn(cluster, nodeId).slice(0, 2)).toEqual([1, 2]);
  expect(statusOf(cluster, leader)).toMatchObject({ role: 'leader', commit_index: 1 });

  // And rightly so: part (d) is still possible. n5 is elected by n3 and n4, and overwrites the entry.
  divide(cluster, ['n1', 'n2'], ['n3', 'n4', 'n5']);
  expect(leaderAmong(cluster, ['n3', 'n4', 'n5'])).toBe('n5');
  cluster.cluster.runFor(500);
  expect(termsIn(cluster, 'n3').slice(0, 2)).toEqual([1, 3]);
  cluster.heal();
  cluster.cluster.runFor(1000);
  for (const nodeId of nodeIds) {
    expect(termsIn(cluster, nodeId).slice(0, 2)).toEqual([1, 3]);
    expect(logOf(cluster, nodeId)).toEqual(logOf(cluster, 'n5'));
  }
});

test('commit index safety: figure 8, an entry of the leader\'s own term commits the older one with it', () => {
  const cluster = freshCluster(5);
  leavePast(cluster, 'n1', { leader: 'n2', term: 3, log: [1, 2], commit: 1 });
  leavePast(cluster, 'n2', { leader: 'n1', term: 3, log: [1, 2], commit: 1 });
  leavePast(cluster, 'n5', { leader: 'n1', term: 3, log: [1, 3], commit: 1 });
  divide(cluster, ['n1', 'n2', 'n3', 'n4'], ['n5']);
  const leader = leaderAmong(cluster, ['n1', 'n2']);
  divide(cluster, ['n1', 'n2', 'n3'], ['n4'], ['n5']);
  cluster.cluster.runFor(300);
  expect(statusOf(cluster, leader)).toMatchObject({ role: 'leader', commit_index: 3 });

  // Part (e): n5 cannot win any more, as a majority has a later entry.
  divide(cluster, ['n3', 'n4', 'n5']);
  expect(leaderAmong(cluster, ['n3', 'n4', 'n5'])).toBe('n3');
  cluster.heal();
  cluster.cluster.runFor(1000);
  for (const nodeId of nodeIds) expect(termsIn(cluster, nodeId).slice(0, 2)).toEqual([1, 2]);
});
