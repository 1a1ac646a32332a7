import { describe, expect, test } from 'vitest';
import {
  accepted,
  appendEntries,
  bootstrappedLeader,
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

/** How long a lease is, the difference of clocks allowed for. */
const leaseMs = electionTimeoutMs * 0.95;
const config = { readMode: 'lease' } as const;

/** A leader of term 3, elected at time 0; n2 has answered what was sent then, at `answeredAtMs`. */
function leaderWithLease(answeredAtMs = 10, voters: readonly string[] = threeNodes): TestCore {
  const core = electedLeader(3, { voters, config });
  core.nowMs = answeredAtMs;
  for (const peer of voters.slice(1, 1 + Math.floor(voters.length / 2))) core.answer(lastAppendTo(peer, core), accepted(1));
  core.turn();
  return core;
}

/** Whether a read at that time is served in the turn in which it arrives. */
function servesAt(core: TestCore, nowMs: number): boolean {
  const id = nowMs * 1000;
  core.nowMs = nowMs;
  core.raft.read([id]);
  core.turn();
  return core.reads.includes(id);
}

describe('a leader with a lease', () => {
  test('serves a read at once, without a message', () => {
    const core = leaderWithLease();
    core.raft.read([7]);
    expect(core.turn()).toEqual([]);
    expect(core.reads).toEqual([7]);
  });

  test("answers a follower's read_index at once", () => {
    const core = leaderWithLease();
    expect(core.ask('n3', { type: 'read_index', term: 3 })).toEqual({ type: 'read_index_ok', term: 3, index: 1 });
  });

  test('has it for P, less drift, from when the answered request was sent, not from the answer', () => {
    expect(servesAt(leaderWithLease(200), leaseMs - 1)).toBe(true);
    expect(servesAt(leaderWithLease(200), leaseMs)).toBe(false);
  });

  test('counts the oldest of the answers that make a majority', () => {
    const core = leaderWithLease(10, fiveNodes);
    core.turnAt(heartbeatMs);
    core.answer(lastAppendTo('n2', core), accepted(1));
    expect(servesAt(core, leaseMs)).toBe(false);
    core.answer(lastAppendTo('n3', core), accepted(1));
    core.turn();
    expect(servesAt(core, leaseMs + 1)).toBe(true);
  });

  test('keeps it as long as heartbeats are answered, a rejection being an answer too', () => {
    const core = leaderWithLease();
    for (let nowMs = heartbeatMs; nowMs < 5 * electionTimeoutMs; nowMs += heartbeatMs) {
      core.turnAt(nowMs);
      core.answer(lastAppendTo('n3', core), rejected(3, { conflict_index: 1 }));
      expect(servesAt(core, nowMs + 1)).toBe(true);
    }
  });

  test('asks a majority where it has expired, and has it again when that has answered', () => {
    const core = leaderWithLease();
    expect(servesAt(core, leaseMs)).toBe(false);
    core.answer(lastAppendTo('n3', core), accepted(1));
    core.turn();
    expect(core.reads).toEqual([leaseMs * 1000]);
    expect(servesAt(core, 2 * leaseMs - 1)).toBe(true);
  });

  test('serves nothing after it has stood still for longer, though the answer was there before', () => {
    const core = leaderWithLease();
    core.raft.read([7]);
    core.turnAt(electionTimeoutMs);
    expect(core.reads).toEqual([]);
  });
});

describe('no lease comes', () => {
  test('from winning an election, though votes were given a moment ago', () => {
    const core = electedLeader(3, { config });
    core.raft.read([7]);
    core.turn();
    expect(core.reads).toEqual([]);
  });

  test('from bootstrapping', () => {
    const core = bootstrappedLeader({ config });
    core.raft.read([7]);
    core.turn();
    expect(core.reads).toEqual([]);
  });

  test('before an entry of the term is committed', () => {
    const core = electedLeader(3, { config, voters: threeNodes });
    core.answer(lastAppendTo('n2', core), rejected(3, { conflict_index: 1 }));
    core.raft.read([7]);
    core.turn();
    expect(core.reads).toEqual([]);
  });

  test('where reads are to be confirmed by a majority', () => {
    const core = leaderWithLease();
    const asking = electedLeader(3, {});
    asking.answer(lastAppendTo('n2', asking), accepted(1));
    asking.turn();
    expect([servesAt(core, 20), servesAt(asking, 20)]).toEqual([true, false]);
  });

  test('from what was answered to this node when it led before', () => {
    const core = leaderWithLease();
    core.ask('n3', appendEntries({ term: 4, leader: 'n3', prev: [1, 3], log: [4] }));
    core.nowMs += electionTimeoutMs;
    core.raft.campaign(core.nowMs);
    for (const type of ['pre_vote_ok', 'request_vote_ok'] as const) {
      for (const request of requestsIn(core.turn())) core.answer(request, { type, term: 5, vote_granted: true });
    }
    core.turn();
    expect(core.raft.status).toMatchObject({ role: 'leader', term: 5 });
    expect(servesAt(core, core.nowMs + 1)).toBe(false);
  });
});

describe('whoever has answered a leader', () => {
  test.each(['pre_vote', 'request_vote'] as const)('refuses a %s for P', (type) => {
    const core = new TestCore({ term: 3 });
    core.ask('n2', appendEntries({ term: 3 }));
    core.nowMs = electionTimeoutMs - 1;
    expect(core.ask('n3', vote(type, 4, [9, 3], 'n3'))).toMatchObject({ vote_granted: false });
  });

  test('does not campaign for P, not even when told to', () => {
    const core = new TestCore({ term: 3 });
    core.ask('n2', appendEntries({ term: 3 }));
    core.nowMs = electionTimeoutMs - 1;
    core.raft.campaign(core.nowMs);
    expect(requestsIn(core.turn())).toEqual([]);
    core.nowMs = electionTimeoutMs;
    core.raft.campaign(core.nowMs);
    expect(requestsIn(core.turn())).toHaveLength(2);
  });
});
