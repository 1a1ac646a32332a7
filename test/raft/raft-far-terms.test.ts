import { describe, expect, test } from 'vitest';
import { maxTerm, maxTermStep } from '../../src/raft/ballot.ts';
import type { RaftRequest } from '../../src/raft/messages.ts';
import { appendEntries, bootstrappedLeader, elect, lastAppendTo, piece, rejected, TestCore, vote } from './driver.ts';

const far = 2 ** 40;
/** Past the silence of a node that has recovered. */
const laterMs = 10_000;

const messages: readonly (readonly [string, RaftRequest])[] = [
  ['AppendEntries', appendEntries({ term: far })],
  ['a piece of a snapshot', { ...piece('hello', 0, 5), term: far }],
  ['a candidate', vote('request_vote', far, [9, 9])],
];

describe('a term far ahead', () => {
  test.each(messages)('of %s is taken up in steps, so that one message does not use up all terms', (_what, request) => {
    const core = new TestCore({ term: 5 });
    core.nowMs = laterMs;
    for (const step of [1, 2, 3]) {
      const answer = core.ask('n2', request);
      expect(core.raft.status).toMatchObject({ term: 5 + step * maxTermStep, leader: null });
      expect(answer).not.toMatchObject({ vote_granted: true });
      expect(answer).not.toMatchObject({ type: 'append_entries_ok' });
    }
  });

  test('of an answer is, too', () => {
    const core = bootstrappedLeader();
    core.answer(lastAppendTo('n2', core), rejected(maxTerm));
    expect(core.raft.status).toMatchObject({ term: 1 + maxTermStep, role: 'follower' });
    core.nowMs = laterMs;
    elect(core, 2 + maxTermStep);
  });

  test('is followed once it is within reach', () => {
    const core = new TestCore({ term: 5 });
    const request = appendEntries({ term: 5 + maxTermStep + 1 });
    expect(core.ask('n2', request)).toEqual({ refused: 'unavailable' });
    expect(core.ask('n2', request)).toMatchObject({ success: true });
    expect(core.raft.status).toMatchObject({ term: 5 + maxTermStep + 1, leader: 'n2' });
  });

  test('is taken up at once by a node that has none yet', () => {
    const core = new TestCore();
    expect(core.ask('n2', appendEntries({ term: far }))).toMatchObject({ success: true });
    expect(core.raft.status.term).toBe(far);
  });
});

test('in the last term of all nobody campaigns, and it is said why', () => {
  const core = new TestCore({ term: maxTerm, voters: ['n1'] });
  core.turnAt(laterMs);
  expect(core.raft.status).toMatchObject({ role: 'follower', term: maxTerm });
  core.turn();
  expect(core.faults).toEqual(['no election after term 4503599627370496']);
});
