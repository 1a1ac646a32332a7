import { describe, expect, test } from 'vitest';
import {
  accepted,
  appendEntries,
  electionTimeoutMs,
  fiveNodes,
  requestsIn,
  requestTo,
  TestCore,
  vote,
} from './driver.ts';
import { granted, preGranted, preRefused, refused } from './votes.ts';

/** A candidate of term 3 whose own vote is on its disk. */
function campaigning(options: { voters?: readonly string[] } = {}): TestCore {
  const core = new TestCore({ term: 2, ...options });
  core.raft.campaign(0);
  for (const request of requestsIn(core.turn())) core.answer(request, preGranted(3));
  core.turn();
  expect(core.raft.status).toMatchObject({ role: 'candidate', term: 3 });
  return core;
}

describe('a vote', () => {
  test('goes to one candidate a term, and again to the same', () => {
    const core = new TestCore({ term: 2 });
    expect(core.ask('n2', vote('request_vote', 3))).toEqual(granted(3));
    expect(core.ask('n3', vote('request_vote', 3, [0, 0], 'n3'))).toEqual(refused(3));
    expect(core.ask('n2', vote('request_vote', 3))).toEqual(granted(3));
  });

  test('that was given before a crash is not given to another after it', () => {
    const core = new TestCore({ term: 3, votedFor: 'n3', isRecovered: true });
    core.turnAt(electionTimeoutMs);
    expect(core.ask('n2', vote('request_vote', 3))).toEqual(refused(3));
  });

  test('is not for a log that is behind, though the term is taken up', () => {
    const core = new TestCore({ term: 2, log: [1, 2] });
    expect(core.ask('n2', vote('request_vote', 3, [5, 1]))).toEqual(refused(3));
    expect(core.ask('n3', vote('request_vote', 3, [2, 2], 'n3'))).toEqual(granted(3));
  });

  test('of a past term is refused with the present one', () => {
    const core = new TestCore({ term: 5 });
    expect(core.ask('n2', vote('request_vote', 4, [9, 4]))).toEqual(refused(5));
  });

  test('gives the candidate time: who has voted does not campaign at once', () => {
    const core = new TestCore({ term: 2 });
    core.nowMs = electionTimeoutMs - 1;
    core.ask('n2', vote('request_vote', 3));
    core.turnAt(2 * electionTimeoutMs - 2);
    expect(core.raft.status.role).toBe('follower');
  });

  test('counts once a voter', () => {
    const core = campaigning({ voters: fiveNodes });
    const request = requestTo('n2', core.sent.slice(-4));
    core.answer(request, granted(3));
    core.answer(request, granted(3));
    expect(core.raft.status.role).toBe('candidate');
    core.answer({ ...request, to: 'n3' }, granted(3));
    expect(core.raft.status.role).toBe('leader');
  });

  test('of another term does not count', () => {
    const core = campaigning();
    const request = requestTo('n2', core.sent.slice(-2));
    core.answer({ ...request, term: 2 }, granted(3));
    core.answer(request, granted(2));
    expect(core.raft.status.role).toBe('candidate');
  });

  test('that is refused does not count', () => {
    const core = campaigning();
    core.answer(requestTo('n2', core.sent.slice(-2)), refused(3));
    expect(core.raft.status.role).toBe('candidate');
  });
});

describe('a pre-vote', () => {
  test('changes nobody\'s term: not the voter\'s, not the candidate\'s', () => {
    const voter = new TestCore({ term: 2 });
    expect(voter.ask('n2', vote('pre_vote', 7))).toEqual(preGranted(7));
    expect(voter.raft.status.term).toBe(2);

    const candidate = new TestCore({ term: 2 });
    candidate.raft.campaign(0);
    candidate.turn();
    expect(candidate.raft.status).toMatchObject({ role: 'candidate', term: 2 });
  });

  test('gives nothing away: it can be had by everyone who asks, and costs no write', () => {
    const core = new TestCore({ term: 2 });
    core.turn();
    core.diskIsSlow = true;
    expect(core.ask('n2', vote('pre_vote', 3))).toEqual(preGranted(3));
    expect(core.ask('n3', vote('pre_vote', 3, [0, 0], 'n3'))).toEqual(preGranted(3));
    expect(core.batchInFlight).toBeUndefined();
  });

  test('is refused with the refuser\'s own term, which a candidate of a lower one takes up', () => {
    const voter = new TestCore({ term: 9 });
    expect(voter.ask('n2', vote('pre_vote', 3, [9, 9]))).toEqual(preRefused(9));
    const longer = new TestCore({ term: 2, log: [1, 2] });
    expect(longer.ask('n2', vote('pre_vote', 3))).toEqual(preRefused(2));

    const candidate = new TestCore({ term: 2 });
    candidate.raft.campaign(0);
    candidate.answer(requestTo('n2', candidate.turn()), preRefused(9));
    expect(candidate.raft.status).toMatchObject({ role: 'follower', term: 9 });
  });

  test('that is granted is not taken for the granter\'s term', () => {
    const core = new TestCore({ term: 2, voters: fiveNodes });
    core.raft.campaign(0);
    core.answer(requestTo('n2', core.turn()), preGranted(3));
    expect(core.raft.status).toMatchObject({ role: 'candidate', term: 2 });
  });

  test('is needed from a majority before anybody campaigns', () => {
    const core = new TestCore({ term: 2, voters: fiveNodes });
    core.raft.campaign(0);
    const requests = core.turn();
    const fromN2 = requestTo('n2', requests);
    core.answer(fromN2, preGranted(3));
    core.answer(fromN2, preGranted(3));
    core.answer(requestTo('n3', requests), preRefused(2));
    expect(core.raft.status.term).toBe(2);
    core.answer(requestTo('n4', requests), preGranted(3));
    expect(core.raft.status).toMatchObject({ role: 'candidate', term: 3 });
  });

  test('for another campaign does not count', () => {
    const core = new TestCore({ term: 2 });
    core.raft.campaign(0);
    core.answer(requestTo('n2', core.turn()), preGranted(5));
    expect(core.raft.status.term).toBe(2);
  });
});

test('a candidate follows the leader of its own term', () => {
  const core = campaigning();
  expect(core.ask('n2', appendEntries({ term: 3 }))).toEqual(accepted(0));
  expect(core.raft.status).toMatchObject({ role: 'follower', term: 3, leader: 'n2' });
});

test('a candidate that is not answered falls back to asking, and does not count late votes', () => {
  const core = campaigning();
  const request = requestTo('n2', core.sent.slice(-2));
  core.turnAt(2 * electionTimeoutMs);
  core.answer(request, granted(3));
  expect(core.raft.status).toMatchObject({ role: 'candidate', term: 3 });
});
