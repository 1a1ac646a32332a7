import { beforeEach, describe, expect, test } from 'vitest';
import { Ballot } from '../../src/raft/ballot.ts';
import { Durability } from '../../src/raft/durability.ts';
import type { HardState } from '../../src/raft/hard-state.ts';
import { RaftLog } from '../../src/raft/log.ts';
import { threeNodes } from './driver.ts';

const fresh: HardState = { nodeId: 'n2', voters: threeNodes, bootCount: 0, term: 0, votedFor: null };
const empty = { lastTerm: 0, lastIndex: 0 };

let durability: Durability;

beforeEach(() => {
  durability = new Durability(new RaftLog());
});

/** A node of which the disk knows that it is in `term` and has voted for `votedFor`. */
function ballotIn(term: number, votedFor: string | null = null): Ballot {
  const recovered = { ...fresh, term, votedFor };
  durability.takeBatch(recovered);
  durability.persisted(1);
  return new Ballot(recovered, durability);
}

function requestVote(term: number, candidate_id = 'n3') {
  return { type: 'request_vote', term, candidate_id, last_log_index: 0, last_log_term: 0 } as const;
}

describe('a term', () => {
  test('that is taken up brings no vote, and has to be written', () => {
    const ballot = ballotIn(1, 'n1');
    ballot.takeUp(4);
    expect(ballot.hardState).toEqual({ ...fresh, term: 4, votedFor: null });
    expect(durability.batchOfHardState).toBe(2);
  });

  test('only ever grows', () => {
    const ballot = ballotIn(3);
    expect(() => ballot.takeUp(3)).toThrow('terms only grow');
  });

  test('of number 1 is the first voter\'s, whom everyone counts as having voted for', () => {
    const ballot = ballotIn(0);
    ballot.takeUp(1);
    expect(ballot.hardState).toEqual({ ...fresh, term: 1, votedFor: 'n1' });
  });

  test('to campaign for is the next one, and 2 at least', () => {
    expect([0, 1, 2, 7].map((term) => new Ballot({ ...fresh, term }, durability).campaignTerm)).toEqual([2, 2, 3, 8]);
  });
});

describe('a vote', () => {
  test('is given once a term, to whom it was given before if asked again', () => {
    const ballot = ballotIn(3);
    expect(ballot.mayVoteFor(requestVote(3), empty)).toBe(true);
    ballot.vote('n3');
    expect(ballot.mayVoteFor(requestVote(3), empty)).toBe(true);
    expect(ballot.mayVoteFor(requestVote(3, 'n1'), empty)).toBe(false);
    expect(() => ballot.vote('n1')).toThrow('one vote a term');
  });

  test('has to be written, once', () => {
    const ballot = ballotIn(3);
    ballot.vote('n3');
    expect(durability.batchOfHardState).toBe(2);
    durability.takeBatch(ballot.hardState);
    ballot.vote('n3');
    expect(durability.batchOfHardState).toBe(2);
  });

  test('is for the present term only', () => {
    const ballot = ballotIn(3);
    expect([2, 4].map((term) => ballot.mayVoteFor(requestVote(term), empty))).toEqual([false, false]);
  });

  test('is not for a candidate whose log is behind', () => {
    expect(ballotIn(3).mayVoteFor(requestVote(3), { lastTerm: 1, lastIndex: 1 })).toBe(false);
  });
});

test('a pre-vote is for a later term and a log that is not behind, whoever has the vote of this term', () => {
  const ballot = ballotIn(3, 'n1');
  const preVote = (term: number) => ({ ...requestVote(term), type: 'pre_vote' }) as const;
  expect([3, 4].map((term) => ballot.wouldVoteFor(preVote(term), empty))).toEqual([false, true]);
  expect(ballot.wouldVoteFor(preVote(4), { lastTerm: 1, lastIndex: 1 })).toBe(false);
  expect(ballot.hardState.term).toBe(3);
});
