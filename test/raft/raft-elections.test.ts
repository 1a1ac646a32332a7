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
  test('is between P and 1.1 P, and is another each time', () => {
    const core = new TestCore({ term: 2 });
    const deadlinesMs = [core.raft.nextDeadlineMs(0)];
    for (let round = 1; round < 50; round += 1) {
      core.ask('n2', appendEntries({ term: 2 }));
      deadlinesMs.push(core.raft.nextDeadlineMs(0));
    }
    expect(new Set(deadlinesMs).size).toBe(50);
    for (const deadlineMs of deadlinesMs) {
      expect(deadlineMs).toBeGreaterThanOrEqual(electionTimeoutMs);
      expect(deadlineMs).toBeLessThan(1.1 * electionTimeoutMs);
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

describe('who asks at the same time as another', () => {
  /** A node of five that has lost patience with its leader; all votes that the test does not give are missing. */
  const asking = (nodeId: string, log: readonly number[] = [1, 2]): TestCore => {
    const core = new TestCore({ nodeId, voters: fiveNodes, term: 2, log });
    core.raft.campaign(0);
    core.turn();
    return core;
  };

  test('gives way to one that is named earlier: late answers make it no candidate', () => {
    const core = asking('n3');
    const [, , toFour, toFive] = core.sent.filter((sent) => sent.kind === 'request');
    expect(core.ask('n2', vote('pre_vote', 3, [2, 2]))).toEqual(preGranted(3));
    expect(core.raft.status.role).toBe('follower');
    for (const request of [toFour, toFive]) if (request?.kind === 'request') core.answer(request, preGranted(3));
    expect(core.raft.status).toMatchObject({ role: 'follower', term: 2 });
  });

  test('does not give way to one that is named later, and would vote for it all the same', () => {
    const core = asking('n3');
    expect(core.ask('n4', vote('pre_vote', 3, [2, 2], 'n4'))).toEqual(preGranted(3));
    expect(core.raft.status.role).toBe('candidate');
  });

  test('gives way to a longer log, by whatever name', () => {
    const core = asking('n3');
    expect(core.ask('n4', vote('pre_vote', 3, [3, 2], 'n4'))).toEqual(preGranted(3));
    expect(core.raft.status.role).toBe('follower');
  });

  test('does not give way to a shorter log, and asks that one again, which has lost patience by now', () => {
    const core = asking('n3');
    core.receive('n2', vote('pre_vote', 3, [1, 1]));
    expect(requestsIn(core.turn())).toMatchObject([{ to: 'n2', message: { type: 'pre_vote', term: 3 } }]);
    expect(core.raft.status.role).toBe('candidate');
  });

  test('gives no way any more once it campaigns', () => {
    const core = asking('n3');
    for (const request of requestsIn(core.sent).slice(0, 2)) core.answer(request, preGranted(3));
    expect(core.raft.status).toMatchObject({ role: 'candidate', term: 3 });
    expect(core.ask('n2', vote('pre_vote', 4, [2, 2]))).toEqual(preGranted(4));
    expect(core.raft.status).toMatchObject({ role: 'candidate', term: 3 });
  });
});

describe('who is asked for a pre-vote', () => {
  test('and would give it, puts off its own campaign', () => {
    const core = new TestCore({ term: 2, log: [1, 2] });
    core.nowMs = 490;
    core.ask('n2', vote('pre_vote', 3, [2, 2]));
    expect(core.raft.nextDeadlineMs(490)).toBeGreaterThanOrEqual(490 + electionTimeoutMs);
  });

  test('by a shorter log, asks all in its turn', () => {
    const core = new TestCore({ term: 2, log: [1, 2] });
    core.receive('n2', vote('pre_vote', 3, [1, 1]));
    expect(requestsIn(core.turn())).toMatchObject([{ to: 'n2' }, { to: 'n3' }]);
  });

  test('by a shorter log, asks nobody while it stands by a leader', () => {
    const core = new TestCore({ term: 2, log: [1, 2] });
    core.ask('n3', appendEntries({ term: 2, leader: 'n3' }));
    core.receive('n2', vote('pre_vote', 3, [1, 1]));
    expect(requestsIn(core.turn())).toEqual([]);
  });
});

describe('a candidate whose votes are split', () => {
  /** The times from one campaign for votes to the next question, where asking took `roundTripMs` each time. */
  const waits = (roundTripMs: number, campaigns: number): readonly number[] => {
    const core = new TestCore({ term: 2 });
    core.raft.campaign(0);
    core.turn();
    return Array.from({ length: campaigns }, () => {
      core.nowMs += roundTripMs;
      const question = requestsIn(core.sent).at(-1);
      if (question === undefined) throw new Error('nobody was asked');
      core.answer(question, preGranted(core.raft.status.term + 1));
      const beganAtMs = core.nowMs;
      expect(core.raft.status.role).toBe('candidate');
      core.nowMs = core.raft.nextDeadlineMs(core.nowMs);
      core.turnAt(core.nowMs);
      return core.nowMs - beganAtMs;
    });
  };
  const spreadMs = electionTimeoutMs / 10;

  test('asks again after eight times what asking took', () => {
    const [waitMs = 0] = waits(20, 1);
    expect(waitMs).toBeGreaterThanOrEqual(160);
    expect(waitMs).toBeLessThan(160 + spreadMs);
  });

  test('waits for longer each time, and for eight election timeouts at most, as votes may wait for slow disks', () => {
    const lowest = [50, 100, 200, 400, 800, 1600, 3200, 4000, 4000];
    waits(0, 9).forEach((waitMs, campaign) => {
      expect(waitMs).toBeGreaterThanOrEqual(lowest[campaign] ?? 0);
      expect(waitMs).toBeLessThan((lowest[campaign] ?? 0) + spreadMs);
    });
  });

  test('waits for an election timeout the first time where the network is slower than that', () => {
    const [waitMs = 0] = waits(300, 1);
    expect(waitMs).toBeGreaterThanOrEqual(electionTimeoutMs);
    expect(waitMs).toBeLessThan(electionTimeoutMs + spreadMs);
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
