import { describe, expect, test } from 'vitest';
import {
  accepted,
  appendEntries,
  electedLeader,
  electionTimeoutMs,
  lastAppendTo,
  requestsIn,
  requestsTo,
  requestTo,
  TestCore,
  vote,
} from './driver.ts';
import type { CoreOptions } from './driver.ts';

/** A node whose disk knows all that it knows so far, and is slow from now on. */
function withSlowDisk(options: CoreOptions): TestCore {
  const core = new TestCore(options);
  core.turn();
  core.diskIsSlow = true;
  return core;
}

function bodiesOf(messages: ReturnType<TestCore['turn']>): readonly unknown[] {
  return messages.map((outgoing) => (outgoing.kind === 'refusal' ? outgoing.text : outgoing.message));
}

describe('the hard state', () => {
  test('is on the disk before a vote is told', () => {
    const core = withSlowDisk({ term: 2 });
    expect(core.ask('n2', vote('request_vote', 3))).toBeUndefined();
    expect(core.batchInFlight?.hardState).toMatchObject({ term: 3, votedFor: 'n2' });
    expect(bodiesOf(core.finishWrite())).toEqual([{ type: 'request_vote_ok', term: 3, vote_granted: true }]);
  });

  test('is on the disk before a refusal tells the term', () => {
    const core = withSlowDisk({ term: 2, log: [2] });
    expect(core.ask('n2', vote('request_vote', 3))).toBeUndefined();
    expect(bodiesOf(core.finishWrite())).toEqual([{ type: 'request_vote_ok', term: 3, vote_granted: false }]);
  });

  test('is on the disk before a heartbeat of a new term is acknowledged', () => {
    const core = withSlowDisk({ term: 2 });
    expect(core.ask('n2', appendEntries({ term: 3 }))).toBeUndefined();
    expect(bodiesOf(core.finishWrite())).toEqual([accepted(0)]);
  });

  test('is waited for in the batch that has it: one that was in flight before does not', () => {
    const core = withSlowDisk({ term: 2 });
    core.ask('n2', appendEntries({ term: 2, log: [2] }));
    expect(core.ask('n3', vote('pre_vote', 3, [1, 2], 'n3'))).toBeDefined();
    core.nowMs = 500;
    core.ask('n3', vote('request_vote', 3, [1, 2], 'n3'));
    expect(bodiesOf(core.finishWrite())).toEqual([accepted(1)]);
    expect(bodiesOf(core.finishWrite())).toEqual([{ type: 'request_vote_ok', term: 3, vote_granted: true }]);
  });

  test('comes before the entries in a batch', () => {
    const core = withSlowDisk({ term: 2 });
    core.ask('n2', appendEntries({ term: 3, log: [3] }));
    expect(core.batchInFlight).toMatchObject({ hardState: { term: 3 }, entries: [{ term: 3, index: 1 }] });
    expect(Object.keys(core.batchInFlight ?? {})).toEqual(['number', 'hardState', 'entries']);
  });

  test('is not written again where it has not changed', () => {
    const core = withSlowDisk({ term: 2 });
    core.ask('n2', appendEntries({ term: 2, log: [2] }));
    expect(core.batchInFlight).toMatchObject({ entries: [{ index: 1 }] });
    expect(core.batchInFlight?.hardState).toBeUndefined();
  });
});

describe('a candidate', () => {
  /** Its pre-votes are granted; its disk has begun to write its own vote. */
  function campaigning(): TestCore {
    const core = withSlowDisk({ term: 2 });
    core.raft.campaign(0);
    for (const request of requestsIn(core.turn())) {
      core.answer(request, { type: 'pre_vote_ok', term: 3, vote_granted: true });
    }
    return core;
  }

  test('asks for votes once its own is on the disk', () => {
    const core = campaigning();
    expect(core.turn()).toEqual([]);
    expect(requestsIn(core.finishWrite()).map(({ message }) => message.type)).toEqual(['request_vote', 'request_vote']);
  });

  test('counts its own vote only then, and not with a batch that was in flight before', () => {
    const core = withSlowDisk({ term: 2 });
    core.ask('n2', appendEntries({ term: 2, log: [2] }));
    core.nowMs = electionTimeoutMs;
    core.raft.campaign(core.nowMs);
    const toN2 = requestTo('n2', core.turn());
    core.answer(toN2, { type: 'pre_vote_ok', term: 3, vote_granted: true });
    core.turn();
    core.answer({ ...toN2, term: 3 }, { type: 'request_vote_ok', term: 3, vote_granted: true });
    core.finishWrite();
    expect(core.raft.status).toMatchObject({ role: 'candidate', term: 3 });
    core.finishWrite();
    expect(core.raft.status).toMatchObject({ role: 'leader', term: 3 });
  });
});

describe('a leader', () => {
  test('of term 1 sends nothing before the term is on its disk', () => {
    const core = withSlowDisk({});
    core.raft.bootstrap(0);
    core.propose('x');
    expect(core.turnAt(200)).toEqual([]);
    expect(requestsIn(core.finishWrite()).map(({ to }) => to)).toEqual(['n2', 'n3']);
  });

  test('sends entries while its own disk still writes them', () => {
    const core = electedLeader(3, { diskIsSlow: true });
    core.answer(lastAppendTo('n2', core), accepted(1));
    core.propose('x');
    const sent = requestsTo('n2', core.turn());
    expect(sent.map(({ message }) => message)).toMatchObject([{ entries: [{ index: 2 }] }]);
    expect(core.batchInFlight?.entries).toHaveLength(1);
  });

  test('counts itself up to what its own disk has', () => {
    const core = electedLeader(3, { diskIsSlow: true });
    core.answer(lastAppendTo('n2', core), accepted(1));
    core.propose('x');
    core.turn();
    core.answer(lastAppendTo('n2', core), accepted(2));
    expect(core.raft.status.commitIndex).toBe(1);
    core.finishWrite();
    expect(core.raft.status.commitIndex).toBe(2);
  });

  test('commits what is on a majority without it', () => {
    const core = electedLeader(3, { diskIsSlow: true });
    for (const peer of ['n2', 'n3']) core.answer(lastAppendTo(peer, core), accepted(1));
    core.propose('x');
    core.turn();
    for (const peer of ['n2', 'n3']) core.answer(lastAppendTo(peer, core), accepted(2));
    expect(core.raft.status.commitIndex).toBe(2);
  });
});

describe('an acknowledgement', () => {
  test('waits for the entries', () => {
    const core = withSlowDisk({ term: 2 });
    expect(core.ask('n2', appendEntries({ term: 2, log: [2, 2] }))).toBeUndefined();
    expect(bodiesOf(core.finishWrite())).toEqual([accepted(2)]);
  });

  test('waits also where the request brought nothing new, if the disk does not have that yet', () => {
    const core = withSlowDisk({ term: 2 });
    const request = appendEntries({ term: 2, log: [2, 2] });
    core.ask('n2', request);
    expect(core.ask('n2', request)).toBeUndefined();
    expect(core.ask('n2', appendEntries({ term: 2, prev: [2, 2] }))).toBeUndefined();
    expect(bodiesOf(core.finishWrite())).toEqual([accepted(2), accepted(2), accepted(2)]);
  });

  test('does not wait for entries behind what it acknowledges', () => {
    const core = withSlowDisk({ term: 2, log: [1] });
    core.ask('n2', appendEntries({ term: 2, prev: [1, 1], log: [2] }));
    expect(core.ask('n2', appendEntries({ term: 2, prev: [1, 1] }))).toEqual(accepted(1));
  });

  test('does not take replaced entries for those that replace them', () => {
    const core = withSlowDisk({ term: 2, log: [1] });
    core.ask('n2', appendEntries({ term: 2, prev: [1, 1], log: [2, 2] }));
    core.ask('n3', appendEntries({ term: 3, leader: 'n3', prev: [1, 1], log: [3, 3] }));
    expect(core.batchInFlight?.entries.map(({ term }) => term)).toEqual([2, 2]);
    expect(core.finishWrite().map(({ to }) => to)).toEqual(['n2']);
    expect(core.batchInFlight?.entries.map(({ term }) => term)).toEqual([3, 3]);
    expect(core.finishWrite().map(({ to }) => to)).toEqual(['n3']);
  });
});

test('a reply carries the term that it was decided in, though the node has gone on', () => {
  const core = withSlowDisk({ term: 2 });
  core.ask('n2', vote('request_vote', 3));
  core.ask('n3', vote('request_vote', 4, [0, 0], 'n3'));
  core.finishWrite();
  core.finishWrite();
  expect(bodiesOf(core.sent)).toEqual([
    { type: 'request_vote_ok', term: 3, vote_granted: true },
    { type: 'request_vote_ok', term: 4, vote_granted: true },
  ]);
});
