import { describe, expect, test } from 'vitest';
import {
  accepted,
  appendEntries,
  electedLeader,
  electionTimeoutMs,
  fiveNodes,
  heartbeatMs,
  lastAppendTo,
  rejected,
  requestsIn,
  TestCore,
  threeNodes,
  vote,
} from './driver.ts';
import { freshTable } from './table.ts';
import { granted, preGranted, preRefused, refused } from './votes.ts';

describe('who has heard from a leader less than P ago', () => {
  test('votes for nobody and takes up no higher term', () => {
    const core = new TestCore({ term: 2 });
    core.ask('n3', appendEntries({ term: 2, leader: 'n3' }));
    core.nowMs = electionTimeoutMs - 1;
    expect(core.ask('n2', vote('request_vote', 7))).toEqual(refused(2));
    expect(core.ask('n2', vote('request_vote', 2))).toEqual(refused(2));
    expect(core.ask('n2', vote('pre_vote', 7))).toEqual(preRefused(2));
    expect(core.raft.status).toMatchObject({ term: 2, leader: 'n3' });
  });

  test('votes again after that', () => {
    const core = new TestCore({ term: 2 });
    core.ask('n3', appendEntries({ term: 2, leader: 'n3' }));
    core.nowMs = electionTimeoutMs;
    expect(core.ask('n2', vote('pre_vote', 7))).toEqual(preGranted(7));
    expect(core.ask('n2', vote('request_vote', 7))).toEqual(granted(7));
  });

  test('hears it from a leader whose entries do not fit too', () => {
    const core = new TestCore({ term: 2 });
    core.ask('n3', appendEntries({ term: 2, leader: 'n3', prev: [5, 2] }));
    expect(core.ask('n2', vote('pre_vote', 7))).toEqual(preRefused(2));
  });
});

describe('a leader', () => {
  test('with a live quorum votes for nobody and stays', () => {
    const core = electedLeader(3);
    core.nowMs = electionTimeoutMs - 1;
    expect(core.ask('n2', vote('request_vote', 9, [9, 9]))).toEqual(refused(3));
    expect(core.ask('n2', vote('pre_vote', 9, [9, 9]))).toEqual(preRefused(3));
    expect(core.raft.status).toMatchObject({ role: 'leader', term: 3 });
  });

  test('without one votes like anyone else', () => {
    const core = electedLeader(3);
    core.nowMs = electionTimeoutMs;
    const ticket = core.receive('n2', vote('request_vote', 9, [9, 9]));
    expect(core.turn()).toContainEqual(expect.objectContaining({ ticket, message: granted(9) }));
  });

  test('that no majority has answered for P steps down, in its own term', () => {
    const core = electedLeader(3, { voters: fiveNodes });
    core.nowMs = 100;
    core.answer(lastAppendTo('n2', core), accepted(1));
    core.turnAt(electionTimeoutMs - 1);
    expect(core.raft.status.role).toBe('leader');
    core.turnAt(electionTimeoutMs);
    expect(core.raft.status).toMatchObject({ role: 'follower', term: 3, leader: null });
  });

  test('wakes up to see that, where no heartbeat is due before', () => {
    const core = electedLeader(3, { config: { heartbeatMs: 400 } });
    core.turnAt(400);
    expect(core.raft.nextDeadlineMs(400)).toBe(electionTimeoutMs);
  });

  test('stays as long as a majority answers, well or badly', () => {
    const core = electedLeader(3);
    core.nowMs = 400;
    core.answer(lastAppendTo('n2', core), rejected(3, { conflict_index: 1 }));
    core.turnAt(400 + electionTimeoutMs - 1);
    expect(core.raft.status.role).toBe('leader');
    core.turnAt(400 + electionTimeoutMs);
    expect(core.raft.status.role).toBe('follower');
  });

  test('steps down for a higher term that any answer shows', () => {
    const core = electedLeader(3);
    core.answer(lastAppendTo('n2', core), rejected(8));
    expect(core.raft.status).toMatchObject({ role: 'follower', term: 8, leader: null });
  });

  test('has stepped down for good: a late answer of its term does not bring it back', () => {
    const core = electedLeader(3);
    core.turnAt(electionTimeoutMs);
    core.answer(lastAppendTo('n2', core), accepted(1));
    expect(core.raft.status).toMatchObject({ role: 'follower', commitIndex: 0 });
  });
});

describe('who has just recovered', () => {
  test('neither votes nor takes up a candidate\'s term for P, as it may have heard from a leader', () => {
    const core = new TestCore({ term: 2, isRecovered: true });
    core.nowMs = electionTimeoutMs - 1;
    expect(core.ask('n2', vote('pre_vote', 3))).toEqual(preRefused(2));
    expect(core.ask('n2', vote('request_vote', 3))).toEqual(refused(2));
    expect(core.ask('n2', vote('request_vote', 2))).toEqual(refused(2));
    core.nowMs = electionTimeoutMs;
    expect(core.ask('n2', vote('request_vote', 3))).toEqual(granted(3));
  });

  test('does not campaign for P, not even when told to', () => {
    const core = new TestCore({ term: 2, isRecovered: true });
    core.raft.campaign(electionTimeoutMs - 1);
    expect(core.turnAt(electionTimeoutMs - 1)).toEqual([]);
    core.raft.campaign(electionTimeoutMs);
    expect(requestsIn(core.turnAt(electionTimeoutMs))).toHaveLength(2);
  });

  test('follows a leader at once', () => {
    const core = new TestCore({ term: 2, isRecovered: true });
    expect(core.ask('n2', appendEntries({ term: 3 }))).toEqual(accepted(0));
    expect(core.raft.status).toMatchObject({ term: 3, leader: 'n2' });
  });
});

describe('an election timeout', () => {
  test('is between P and 2 P, and is another each time', () => {
    const core = new TestCore({ term: 2 });
    const deadlinesMs = [core.raft.nextDeadlineMs(0)];
    for (let round = 1; round < 50; round += 1) {
      core.ask('n2', appendEntries({ term: 2 }));
      deadlinesMs.push(core.raft.nextDeadlineMs(0));
    }
    expect(new Set(deadlinesMs).size).toBe(50);
    for (const deadlineMs of deadlinesMs) {
      expect(deadlineMs).toBeGreaterThanOrEqual(electionTimeoutMs);
      expect(deadlineMs).toBeLessThan(2 * electionTimeoutMs);
    }
  });

  test('starts a campaign, and one after another while nobody answers, in the same term', () => {
    const core = new TestCore({ term: 2 });
    for (let campaign = 1; campaign <= 3; campaign += 1) {
      const deadlineMs = core.raft.nextDeadlineMs(core.nowMs);
      core.turnAt(deadlineMs - 0.001);
      expect(core.turnAt(deadlineMs)).toHaveLength(2);
      expect(core.raft.status.term).toBe(2);
    }
  });

  test('is put off by a leader, not by one of a past term', () => {
    const core = new TestCore({ term: 2 });
    const deadlineMs = core.raft.nextDeadlineMs(0);
    core.nowMs = 400;
    core.ask('n2', appendEntries({ term: 1 }));
    expect(core.raft.nextDeadlineMs(400)).toBe(deadlineMs);
    core.ask('n2', appendEntries({ term: 2 }));
    expect(core.raft.nextDeadlineMs(400)).toBeGreaterThanOrEqual(400 + electionTimeoutMs);
  });
});

test('when a leader is gone, the others elect one of them, and it follows when it is back', () => {
  const table = freshTable(threeNodes);
  table.settleAt(heartbeatMs);
  table.cutOff = ['n1'];
  for (let nowMs = 200; nowMs < 3000; nowMs += 10) table.settleAt(nowMs);
  const { term, leader } = table.core('n2').raft.status;
  expect(['n2', 'n3']).toContain(leader);
  table.cutOff = [];
  for (let nowMs = 3000; nowMs < 4000; nowMs += 10) table.settleAt(nowMs);
  for (const { raft } of table.cores.values()) expect(raft.status).toMatchObject({ term, leader });
});
