import { describe, expect, test } from 'vitest';
import {
  appendEntries,
  electionTimeoutMs,
  fiveNodes,
  heartbeatMs,
  requestsIn,
  requestsTo,
  TestCore,
  threeNodes,
  vote,
} from './driver.ts';
import { freshTable } from './table.ts';

describe('a fresh first voter', () => {
  test('is a follower of term 0 until it has to act', () => {
    const core = new TestCore();
    core.turn();
    expect(core.raft.status).toMatchObject({ role: 'follower', term: 0, leader: null });
    expect(core.raft.nextDeadlineMs(0)).toBe(heartbeatMs);
  });

  test('leads term 1 with its first client request, and logs that first: term 1 needs no no-op', () => {
    const core = new TestCore();
    core.raft.bootstrap(0);
    expect(core.propose('x')).toEqual({ kind: 'accepted', term: 1, firstIndex: 1 });
    expect(core.raft.status).toMatchObject({ role: 'leader', term: 1, leader: 'n1', lastIndex: 1 });
  });

  test('leads term 1 at its first heartbeat tick where no client comes', () => {
    const core = new TestCore();
    core.turnAt(heartbeatMs - 1);
    expect(core.raft.status.term).toBe(0);
    core.turnAt(heartbeatMs);
    expect(core.raft.status).toMatchObject({ role: 'leader', term: 1, lastIndex: 0 });
  });

  test('sends nothing to silent peers before that tick, as they may not be up yet', () => {
    const core = new TestCore();
    core.raft.bootstrap(0);
    core.propose('x');
    expect(core.turn()).toEqual([]);
    expect(core.raft.nextDeadlineMs(0)).toBe(heartbeatMs);
    expect(core.turnAt(heartbeatMs).map(({ to }) => to)).toEqual(['n2', 'n3']);
  });

  test('answers a peer that has spoken before that tick', () => {
    const core = new TestCore();
    core.raft.bootstrap(0);
    core.turn();
    core.receive('n3', { type: 'read_index', term: 1 });
    core.propose('x');
    expect(requestsIn(core.turn()).map(({ to }) => to)).toEqual(['n3']);
  });

  test('bootstraps once: not when it has lost that leadership, nor in a term that it was told of', () => {
    const deposed = new TestCore();
    deposed.raft.bootstrap(0);
    deposed.turnAt(electionTimeoutMs);
    expect(deposed.raft.status).toMatchObject({ role: 'follower', term: 1 });
    deposed.raft.bootstrap(electionTimeoutMs);
    expect(deposed.raft.status.role).toBe('follower');

    const late = new TestCore();
    late.ask('n2', appendEntries({ term: 2 }));
    late.turnAt(heartbeatMs);
    expect(late.raft.status).toMatchObject({ role: 'follower', term: 2, leader: 'n2' });
  });
});

test('a node that recovers anything at all never bootstraps', () => {
  const core = new TestCore({ isRecovered: true });
  core.raft.bootstrap(0);
  core.turnAt(heartbeatMs);
  expect(core.raft.status).toMatchObject({ role: 'follower', term: 0 });
});

test('a node that is not the first voter never bootstraps', () => {
  const core = new TestCore({ nodeId: 'n2' });
  core.raft.bootstrap(0);
  core.turnAt(heartbeatMs);
  expect(core.raft.status).toMatchObject({ role: 'follower', term: 0 });
});

describe('every fresh node', () => {
  test('counts as having voted for the first voter in term 1', () => {
    const core = new TestCore({ nodeId: 'n3' });
    expect(core.ask('n2', vote('request_vote', 1))).toEqual({ type: 'request_vote_ok', term: 1, vote_granted: false });
    core.turn();
    expect(core.raft.status.term).toBe(1);
  });

  test('campaigns for term 2 at first, so that nobody but the first voter can lead term 1', () => {
    const core = new TestCore({ nodeId: 'n2' });
    core.raft.campaign(0);
    const requests = requestsIn(core.turn());
    expect(requests.map(({ message }) => message)).toEqual([
      { type: 'pre_vote', term: 2, candidate_id: 'n2', last_log_index: 0, last_log_term: 0 },
      { type: 'pre_vote', term: 2, candidate_id: 'n2', last_log_index: 0, last_log_term: 0 },
    ]);
    for (const request of requests) core.answer(request, { type: 'pre_vote_ok', term: 2, vote_granted: true });
    core.turn();
    expect(core.raft.status).toMatchObject({ role: 'candidate', term: 2 });
  });
});

test.each([threeNodes, fiveNodes])('a fresh cluster follows its first node after one heartbeat', (...voters) => {
  const table = freshTable(voters);
  table.settleAt(heartbeatMs);
  for (const { raft } of table.cores.values()) {
    expect(raft.status).toMatchObject({ term: 1, leader: 'n1', lastIndex: 0 });
  }
});

test('a node alone leads and commits without anybody', () => {
  const core = new TestCore({ voters: ['n1'] });
  core.raft.bootstrap(0);
  core.propose('x');
  core.raft.read([7]);
  core.turn();
  expect(core.committed.map(({ command }) => command)).toEqual(['x']);
  expect(core.reads).toEqual([7]);
  expect(requestsTo('n1', core.sent)).toEqual([]);
});

test('a node alone that has recovered elects itself', () => {
  const core = new TestCore({ voters: ['n1'], isRecovered: true, term: 1, log: [1] });
  core.turnAt(2 * electionTimeoutMs);
  core.turn();
  expect(core.raft.status).toMatchObject({ role: 'leader', term: 2, commitIndex: 2 });
});
