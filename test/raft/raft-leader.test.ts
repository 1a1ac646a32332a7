import { describe, expect, test } from 'vitest';
import {
  accepted,
  electedLeader,
  electionTimeoutMs,
  fiveNodes,
  heartbeatMs,
  lastAppendTo,
  rejected,
  requestsTo,
} from './driver.ts';
import type { CoreOptions, TestCore } from './driver.ts';

/** A leader of term 3 with a log of the given terms, whose followers have acknowledged all of it. */
function establishedLeader(log: readonly number[] = [], options: CoreOptions = {}): TestCore {
  const core = electedLeader(3, { ...options, log });
  for (const peer of options.voters?.slice(1) ?? ['n2', 'n3']) {
    core.answer(lastAppendTo(peer, core), accepted(log.length + 1));
  }
  core.turn();
  return core;
}

describe('a new leader', () => {
  test('appends a no-op, from term 2 on', () => {
    const core = electedLeader(3, { log: [1, 2] });
    expect(core.log).toEqual([1, 2, 3]);
    expect(core.raft.entries(3, 3)).toEqual([{ term: 3, index: 3, command: null }]);
  });

  test('tries first where its log ended', () => {
    const core = electedLeader(3, { log: [1, 2] });
    expect(lastAppendTo('n2', core).message).toEqual({
      type: 'append_entries',
      term: 3,
      leader_id: 'n1',
      prev_log_index: 2,
      prev_log_term: 2,
      entries: [{ term: 3, index: 3, command: null }],
      leader_commit: 0,
    });
  });
});

describe('an entry is committed', () => {
  test('when a majority has it on its disk', () => {
    const core = electedLeader(3, { voters: fiveNodes });
    core.answer(lastAppendTo('n2', core), accepted(1));
    expect(core.raft.status.commitIndex).toBe(0);
    core.answer(lastAppendTo('n5', core), accepted(1));
    expect(core.raft.status.commitIndex).toBe(1);
  });

  test('of an earlier term only together with one of the leader\'s own, never by counting', () => {
    const core = electedLeader(4, { log: [1, 2] });
    core.answer(lastAppendTo('n2', core), accepted(2));
    expect(core.raft.status.commitIndex).toBe(0);
    core.turn();
    core.answer(lastAppendTo('n2', core), accepted(3));
    expect(core.raft.status.commitIndex).toBe(3);
  });

  test('once, however often a follower says that it has it', () => {
    const core = electedLeader(3, { voters: fiveNodes });
    const request = lastAppendTo('n2', core);
    core.answer(request, accepted(1));
    core.answer(request, accepted(1));
    expect(core.raft.status.commitIndex).toBe(0);
  });

  test('and told to the followers with the next message', () => {
    const core = establishedLeader();
    core.propose('x');
    core.turn();
    expect(lastAppendTo('n3', core).message).toMatchObject({ leader_commit: 1, entries: [{ index: 2 }] });
  });

  test('and told at once to the node whose client waits', () => {
    const core = establishedLeader();
    core.raft.propose([{ command: 'x', origin: { node: 'n3', id: 1 } }]);
    core.turn();
    core.answer(lastAppendTo('n2', core), accepted(2));
    const told = core.turn();
    expect(requestsTo('n2', told)).toEqual([]);
    expect(requestsTo('n3', told).map(({ message }) => message)).toMatchObject([{ leader_commit: 2, entries: [] }]);
    expect(core.turn()).toEqual([]);
  });
});

describe('an answer', () => {
  test('to what was sent in an earlier term does not count', () => {
    const core = electedLeader(3);
    const old = { ...lastAppendTo('n2', core), term: 2 };
    core.answer(old, accepted(1));
    expect(core.raft.status.commitIndex).toBe(0);
  });

  test('that claims more than the log holds is logged and does not count, not even as a sign of life', () => {
    const core = electedLeader(3);
    core.nowMs = 400;
    core.answer(lastAppendTo('n2', core), accepted(2));
    core.turn();
    expect(core.faults).toEqual(['n2 says that it has entry 2, but the log ends at 1']);
    expect(core.raft.status.commitIndex).toBe(0);
    core.turnAt(electionTimeoutMs);
    expect(core.raft.status.role).toBe('follower');
  });

  test('from who is no voter does not count', () => {
    const core = electedLeader(3);
    core.answer({ ...lastAppendTo('n2', core), to: 'n9' }, accepted(1));
    expect(core.raft.status.commitIndex).toBe(0);
  });
});

describe('a rejection leads back', () => {
  test('past the whole of a term that the leader does not have', () => {
    const core = electedLeader(5, { log: [1, 4, 4, 4] });
    core.answer(lastAppendTo('n2', core), rejected(5, { conflict_index: 2, conflict_term: 2 }));
    core.turn();
    expect(lastAppendTo('n2', core).message).toMatchObject({ prev_log_index: 1, prev_log_term: 1 });
  });

  test('to the end of the term that the leader has too', () => {
    const core = electedLeader(5, { log: [1, 2, 2, 4] });
    core.answer(lastAppendTo('n2', core), rejected(5, { conflict_index: 2, conflict_term: 2 }));
    core.turn();
    expect(lastAppendTo('n2', core).message).toMatchObject({ prev_log_index: 3, prev_log_term: 2 });
  });

  test('to the end of a shorter log', () => {
    const core = electedLeader(5, { log: [1, 2, 2, 4] });
    core.answer(lastAppendTo('n2', core), rejected(5, { conflict_index: 2 }));
    core.turn();
    expect(lastAppendTo('n2', core).message).toMatchObject({ prev_log_index: 1, entries: { length: 4 } });
  });

  test('never below the first entry', () => {
    const core = electedLeader(5, { log: [1, 2] });
    core.answer(lastAppendTo('n2', core), rejected(5, { conflict_index: 0 }));
    core.turn();
    const { prev_log_index, prev_log_term, entries } = lastAppendTo('n2', core).message;
    expect([prev_log_index, prev_log_term, entries.length]).toEqual([0, 0, 3]);
  });

  test('never at or below what matches', () => {
    const core = establishedLeader([1, 2]);
    core.propose('x');
    core.turn();
    core.propose('y');
    core.turn();
    core.answer(lastAppendTo('n2', core), rejected(3, { conflict_index: 1 }));
    core.turn();
    expect(lastAppendTo('n2', core).message.prev_log_index).toBe(3);
  });

  test('not at all where it is stale', () => {
    const core = establishedLeader([1, 2]);
    core.propose('x');
    core.turn();
    core.answer(lastAppendTo('n2', core), rejected(3, { conflict_index: 1 }));
    expect(core.turn()).toEqual([]);
  });
});

describe('a follower is fed', () => {
  test('one message at a time until the logs are known to match', () => {
    const core = electedLeader(3);
    core.propose('x');
    expect(core.turn()).toEqual([]);
    core.answer(lastAppendTo('n2', core), accepted(1));
    expect(core.turn().map(({ to }) => to)).toEqual(['n2']);
  });

  test('without waiting then, up to the bound of messages in flight', () => {
    const core = establishedLeader([], { config: { maxInFlight: 2 } });
    for (const command of ['a', 'b', 'c']) {
      core.propose(command);
      core.turn();
    }
    expect(lastAppendTo('n2', core).message.entries.map(({ command }) => command)).toEqual(['b']);
    core.answer(lastAppendTo('n2', core), accepted(3));
    core.turn();
    expect(lastAppendTo('n2', core).message.entries.map(({ command }) => command)).toEqual(['c']);
  });

  test('with heartbeats while the window is full', () => {
    const core = establishedLeader([], { config: { maxInFlight: 1 } });
    core.propose('a');
    core.turn();
    core.propose('b');
    expect(core.turn()).toEqual([]);
    core.turnAt(heartbeatMs);
    expect(lastAppendTo('n2', core).message).toMatchObject({ prev_log_index: 2, entries: [] });
  });

  test('with messages of bounded size, and one entry at least', () => {
    const sizeBytesOf = () => 10;
    const core = establishedLeader([], { config: { maxAppendBytes: 25, sizeBytesOf } });
    core.propose('a', 'b', 'c');
    core.turn();
    expect(lastAppendTo('n2', core).message.entries.map(({ command }) => command)).toEqual(['a', 'b']);
    expect(core.raft.nextDeadlineMs(0)).toBe(0);
    core.turn();
    expect(lastAppendTo('n2', core).message.entries.map(({ command }) => command)).toEqual(['c']);

    const narrow = establishedLeader([], { config: { maxAppendBytes: 1, sizeBytesOf } });
    narrow.propose('a', 'b');
    narrow.turn();
    expect(lastAppendTo('n2', narrow).message.entries.map(({ command }) => command)).toEqual(['a']);
  });

  test('with short ones where it lags behind what is committed', () => {
    const config = { maxInFlight: 1, maxAppendBytes: 100, maxCatchUpBytes: 25, sizeBytesOf: () => 10 };
    const core = establishedLeader([], { config });
    core.propose('a');
    core.turn();
    core.propose('b', 'c', 'd', 'e');
    core.answer(lastAppendTo('n3', core), accepted(2));
    core.turn();
    expect(lastAppendTo('n3', core).message.entries.map(({ command }) => command)).toEqual(['b', 'c', 'd', 'e']);
    core.answer(lastAppendTo('n3', core), accepted(6));
    core.answer(lastAppendTo('n2', core), accepted(2));
    core.turn();
    expect(lastAppendTo('n2', core).message.entries.map(({ command }) => command)).toEqual(['b', 'c']);
  });

  test('with heartbeats only where it was sent nothing for so long', () => {
    const core = establishedLeader();
    core.turnAt(100);
    core.propose('x');
    core.turn();
    expect(core.turnAt(heartbeatMs)).toEqual([]);
    expect(core.raft.nextDeadlineMs(heartbeatMs)).toBe(100 + heartbeatMs);
    expect(core.turnAt(100 + heartbeatMs).map(({ to }) => to)).toEqual(['n2', 'n3']);
  });

  test('with one message a heartbeat while it does not answer, whoever else waits for what is committed', () => {
    const core = electedLeader(3, { voters: fiveNodes });
    for (const peer of ['n2', 'n3']) core.answer(lastAppendTo(peer, core), accepted(1));
    core.turn();
    core.raft.propose([{ command: 'x', origin: { node: 'n5', id: 1 } }]);
    core.turn();
    for (const peer of ['n2', 'n3']) core.answer(lastAppendTo(peer, core), accepted(2));
    const sentBefore = requestsTo('n5', core.sent).length;
    for (let turn = 0; turn < 10; turn += 1) core.turn();
    expect(requestsTo('n5', core.sent)).toHaveLength(sentBefore);
  });
});
