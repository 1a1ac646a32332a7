import { expect, test } from 'vitest';
import { heartbeatMs, TestCore, threeNodes } from './driver.ts';
import { followerLogs, leaderLog } from './figure-7.ts';
import { Table } from './table.ts';

test.each(followerLogs)('a follower that %s ends identical to the leader', (_, followerLog) => {
  const [leaderId, followerId, voterId] = ['n1', 'n2', 'n3'];
  const core = (nodeId: string, log: readonly number[]) => new TestCore({ nodeId, voters: threeNodes, term: 7, log });
  const leader = core(leaderId, leaderLog);
  const follower = core(followerId, followerLog);
  const table = new Table([leader, follower, core(voterId, [1])]);
  elect(leader, table, followerId);
  expect(leader.raft.status).toMatchObject({ role: 'leader', term: 8 });
  table.settleAt(heartbeatMs);
  expect(follower.raft.entries(1, 99)).toEqual(leader.raft.entries(1, 99));
  expect(leader.log).toEqual([...leaderLog, 8]);
  expect(follower.committed).toEqual(leader.committed);
  expect(follower.committed).toHaveLength(leader.log.length);
});

test.each(followerLogs)('a follower that %s rejects three times at most', (_, followerLog) => {
  const core = (nodeId: string, log: readonly number[]) => new TestCore({ nodeId, voters: threeNodes, term: 7, log });
  const leader = core('n1', leaderLog);
  const follower = core('n2', followerLog);
  const table = new Table([leader, follower, core('n3', [1])]);
  elect(leader, table, 'n2');
  table.settleAt(heartbeatMs);
  const rejections = follower.sent.filter((sent) => sent.kind === 'reply' && 'conflict_index' in sent.message);
  expect(rejections.length).toBeLessThanOrEqual(3);
});

/** By the third node alone: a follower with a longer log might be elected itself. */
function elect(leader: TestCore, table: Table, followerId: string): void {
  table.cutOff = [followerId];
  leader.raft.campaign(0);
  table.settleAt(0);
  table.cutOff = [];
}
