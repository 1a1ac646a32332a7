import { describe, expect, test } from 'vitest';
import { accepted, appendEntries, bootstrappedLeader, electedLeader, rejected, TestCore, vote } from './driver.ts';

describe('a follower appends', () => {
  test('what follows an entry that it has', () => {
    const core = new TestCore({ term: 2, log: [1, 1] });
    expect(core.ask('n2', appendEntries({ term: 2, prev: [2, 1], log: [2, 2] }))).toEqual(accepted(4));
    expect(core.log).toEqual([1, 1, 2, 2]);
  });

  test('nothing behind a gap, and says where its log ends', () => {
    const core = new TestCore({ term: 2, log: [1, 1] });
    const answer = core.ask('n2', appendEntries({ term: 2, prev: [4, 1], log: [2] }));
    expect(answer).toEqual(rejected(2, { conflict_index: 3 }));
    expect(core.log).toEqual([1, 1]);
  });

  test('nothing behind an entry of another term, and says where that term begins', () => {
    const core = new TestCore({ term: 4, log: [1, 2, 2, 2] });
    const answer = core.ask('n2', appendEntries({ term: 4, prev: [4, 3], log: [4] }));
    expect(answer).toEqual(rejected(4, { conflict_index: 2, conflict_term: 2 }));
    expect(core.log).toEqual([1, 2, 2, 2]);
  });

  test('nothing from a leader of a past term, and says no more than its own', () => {
    const core = new TestCore({ term: 4, log: [1] });
    expect(core.ask('n2', appendEntries({ term: 3, prev: [1, 1], log: [3] }))).toEqual(rejected(4));
    expect(core.raft.status.leader).toBeNull();
    expect(core.log).toEqual([1]);
  });

  test('over entries of other terms, which are removed with all behind them', () => {
    const core = new TestCore({ term: 4, log: [1, 2, 2, 2] });
    expect(core.ask('n2', appendEntries({ term: 4, prev: [1, 1], log: [4] }))).toEqual(accepted(2));
    expect(core.log).toEqual([1, 4]);
  });

  test('only from where the entries differ', () => {
    const core = new TestCore({ term: 4, log: [1, 2, 3] });
    core.turn();
    core.diskIsSlow = true;
    core.ask('n2', appendEntries({ term: 4, prev: [0, 0], log: [1, 2, 4] }));
    expect(core.batchInFlight?.entries.map(({ index }) => index)).toEqual([3]);
  });
});

describe('a request that comes late, or again,', () => {
  test('never shortens a log that matches it', () => {
    const core = new TestCore({ term: 2 });
    const first = appendEntries({ term: 2, log: [2] });
    core.ask('n2', appendEntries({ term: 2, log: [2, 2, 2] }));
    expect(core.ask('n2', first)).toEqual(accepted(1));
    expect(core.ask('n2', appendEntries({ term: 2, prev: [1, 2] }))).toEqual(accepted(1));
    expect(core.log).toEqual([2, 2, 2]);
  });

  test('is acknowledged up to its own end, as the log behind may be of another leader', () => {
    const core = new TestCore({ term: 3, log: [1, 2, 2] });
    expect(core.ask('n2', appendEntries({ term: 3, prev: [1, 1] }))).toEqual(accepted(1));
  });
});

describe('the commit index of a follower', () => {
  test('is the leader\'s, as far as the request vouches for the log', () => {
    const core = new TestCore({ term: 3, log: [1, 2, 2, 2] });
    core.ask('n2', appendEntries({ term: 3, prev: [1, 1], commit: 4 }));
    expect(core.raft.status.commitIndex).toBe(1);
    core.ask('n2', appendEntries({ term: 3, prev: [1, 1], log: [3, 3], commit: 2 }));
    expect(core.raft.status.commitIndex).toBe(2);
  });

  test('never goes back', () => {
    const core = new TestCore({ term: 3 });
    core.ask('n2', appendEntries({ term: 3, log: [3, 3], commit: 2 }));
    core.ask('n2', appendEntries({ term: 3, prev: [2, 3], commit: 1 }));
    core.ask('n2', appendEntries({ term: 3, prev: [1, 3], commit: 2 }));
    expect(core.raft.status.commitIndex).toBe(2);
  });

  test('does not move with a request that is rejected', () => {
    const core = new TestCore({ term: 3, log: [1, 1] });
    core.ask('n2', appendEntries({ term: 3, prev: [2, 3], commit: 2 }));
    core.ask('n2', appendEntries({ term: 2, prev: [2, 1], commit: 2 }));
    expect(core.raft.status.commitIndex).toBe(0);
  });
});

describe('entries are handed out for application', () => {
  test('when they are committed, in order, each once', () => {
    const core = new TestCore({ term: 2 });
    core.ask('n2', appendEntries({ term: 2, log: [2, 2, 2] }));
    expect(core.committed).toEqual([]);
    core.ask('n2', appendEntries({ term: 2, prev: [3, 2], commit: 2 }));
    core.ask('n2', appendEntries({ term: 2, prev: [3, 2], commit: 3 }));
    core.turn();
    expect(core.committed.map(({ index }) => index)).toEqual([1, 2, 3]);
  });

  test.each([
    { maxAppliedPerTurn: 2 },
    { maxAppliedBytesPerTurn: 25, sizeBytesOf: () => 10 },
  ])('as many a turn as are bounded, and the rest at once after it: %j', (config) => {
    const core = new TestCore({ term: 2, config });
    core.ask('n2', appendEntries({ term: 2, log: [2, 2, 2], commit: 3 }));
    expect(core.committed).toHaveLength(2);
    expect(core.raft.nextDeadlineMs(0)).toBe(0);
    core.turn();
    expect(core.committed).toHaveLength(3);
    expect(core.raft.nextDeadlineMs(0)).toBeGreaterThan(0);
  });
});

describe('what the leader of a term has sent', () => {
  /** n2 leads term 3, and has sent the second entry. */
  function agreeing(): TestCore {
    const core = new TestCore({ term: 3, log: [1, 2, 2] });
    core.ask('n2', appendEntries({ term: 3, prev: [1, 1], log: [2] }));
    return core;
  }

  test('is not replaced by the same leader in that term: it never changes its own log', () => {
    const core = agreeing();
    expect(core.ask('n2', appendEntries({ term: 3, prev: [1, 1], log: [3] }))).toEqual({ refused: 'malformed' });
    expect(core.ask('n2', appendEntries({ term: 3, prev: [2, 3], log: [3] }))).toEqual({ refused: 'malformed' });
    expect(core.log).toEqual([1, 2, 2]);
  });

  test('stays also where an older request of it arrives late', () => {
    const core = agreeing();
    expect(core.ask('n2', appendEntries({ term: 3, prev: [1, 1] }))).toEqual(accepted(1));
    expect(core.ask('n2', appendEntries({ term: 3, prev: [1, 1], log: [3] }))).toEqual({ refused: 'malformed' });
  });

  test('is replaced behind what it has sent, and in a later term', () => {
    const core = agreeing();
    expect(core.ask('n2', appendEntries({ term: 3, prev: [2, 2], log: [3] }))).toEqual(accepted(3));
    expect(core.ask('n3', appendEntries({ term: 4, leader: 'n3', prev: [1, 1], log: [4] }))).toEqual(accepted(2));
    expect(core.log).toEqual([1, 4]);
  });
});

describe('what no correct peer sends is refused as malformed, is logged, and changes nothing:', () => {
  const follower = () => new TestCore({ term: 3, log: [1, 2, 2] });
  /** n2 leads term 3, and the first two entries are committed. */
  const following = () => {
    const core = follower();
    core.ask('n2', appendEntries({ term: 3, prev: [2, 2], commit: 2 }));
    return core;
  };

  test.each([
    ['a leader that is not the sender', follower, appendEntries({ term: 3, leader: 'n3' })],
    ['a candidate that is not the sender', follower, vote('request_vote', 4, [9, 3], 'n3')],
    ['a candidate before a vote that is not the sender', follower, vote('pre_vote', 4, [9, 3], 'n3')],
    ['AppendEntries of term 0', () => new TestCore(), appendEntries({ term: 0 })],
    ['a candidate for term 0', () => new TestCore(), vote('request_vote', 0)],
    ['a candidate for term 0 before a vote', () => new TestCore(), vote('pre_vote', 0)],
    ['AppendEntries of the term in which this node leads', bootstrappedLeader, appendEntries({ term: 1 })],
    ['AppendEntries of a later term in which this node leads', () => electedLeader(4), appendEntries({ term: 4 })],
    ['entries with falling terms', follower, appendEntries({ term: 4, prev: [3, 2], log: [4, 3] })],
    ['entries of a term to come', follower, appendEntries({ term: 4, prev: [3, 2], log: [5] })],
    ['a gap', follower, { ...appendEntries({ term: 4, prev: [2, 2] }), entries: [{ term: 4, index: 4, command: 1 }] }],
    ['an entry in conflict with what is committed', following, appendEntries({ term: 4, prev: [1, 1], log: [4] })],
    ['a previous entry in conflict with what is committed', following, appendEntries({ term: 4, prev: [2, 3] })],
  ])('%s', (_, start, request) => {
    const core = start();
    core.turn();
    const before = { ...core.raft.status, log: core.log };
    expect(core.ask('n2', request)).toEqual({ refused: 'malformed' });
    expect({ ...core.raft.status, log: core.log }).toEqual(before);
    expect(core.faults).toHaveLength(1);
    expect(core.batchInFlight).toBeUndefined();
  });

  test('a second leader of a term', () => {
    const core = following();
    expect(core.ask('n3', appendEntries({ term: 3, leader: 'n3', prev: [3, 2] }))).toEqual({ refused: 'malformed' });
    expect(core.raft.status.leader).toBe('n2');
    expect(core.faults).toHaveLength(1);
  });
});
