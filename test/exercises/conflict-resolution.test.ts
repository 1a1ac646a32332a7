import { expect, test } from 'vitest';
import { followerLogs, leaderLog } from '../raft/figure-7.ts';
import { divide, freshCluster, leaderAmong, leavePast, logOf, statusOf, termsIn } from './lab.ts';

test.each(followerLogs)('conflict resolution: in figure 7, who %s ends identical to the leader', (_, followerLog) => {
  // Former leaders have left n1 and n2 with different logs. Both have been in term 7.
  const cluster = freshCluster(3);
  divide(cluster, ['n1', 'n3'], ['n2']);
  leavePast(cluster, 'n1', { leader: 'n3', term: 7, log: leaderLog });
  leavePast(cluster, 'n2', { leader: 'n3', term: 7, log: followerLog });
  expect(termsIn(cluster, 'n2')).toEqual(followerLog);

  // While n2 is cut off, n3 makes n1 the leader of term 8, which appends its no-op.
  expect(leaderAmong(cluster, ['n1', 'n3'])).toBe('n1');
  expect(termsIn(cluster, 'n1')).toEqual([...leaderLog, 8]);

  // When n2 is back, the leader finds the last entry on which they agree, and replaces all that follows.
  cluster.heal();
  cluster.cluster.runFor(1000);
  expect(statusOf(cluster, 'n1')).toMatchObject({ role: 'leader', term: 8, commit_index: 11 });
  expect(statusOf(cluster, 'n2')).toMatchObject({ leader: 'n1', term: 8, commit_index: 11, last_applied: 11 });
  expect(logOf(cluster, 'n2')).toEqual(logOf(cluster, 'n1'));
  expect(logOf(cluster, 'n3')).toEqual(logOf(cluster, 'n1'));
});
