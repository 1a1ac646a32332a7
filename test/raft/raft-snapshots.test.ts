import { describe, expect, test } from 'vitest';
import type { OutgoingChunk } from '../../src/raft/ready.ts';
import {
  accepted,
  appendEntries,
  electedLeader,
  electionTimeoutMs,
  entriesOf,
  heartbeatMs,
  lastAppendTo,
  ListeningReader,
  piece,
  rejected,
  requestsTo,
  TestCore,
} from './driver.ts';
import type { CoreOptions, Leaving } from './driver.ts';

const description = { lastIncludedIndex: 8, lastIncludedTerm: 2, totalBytes: 11, checksum: '00000000' };
const more = (offset: number) => ({ type: 'install_snapshot_ok', term: 3, offset });
const refused = { refused: 'malformed' };

/** A follower in term 3, of n2, with a log of the given terms. */
function follower(log: readonly number[], options: CoreOptions = {}): TestCore {
  const core = new TestCore({ term: 3, log, ...options });
  core.turn();
  return core;
}

function chunksTo(peer: string, messages: readonly Leaving[]): readonly OutgoingChunk[] {
  return messages.filter((message) => message.kind === 'snapshot-chunk').filter(({ to }) => to === peer);
}

describe('a follower that is sent a snapshot', () => {
  test('takes it in place of its log and state, once it is whole', () => {
    const core = follower([1, 1]);
    expect(core.ask('n2', piece('hello ', 0, 11))).toEqual(more(6));
    expect([core.installed, core.raft.status.commitIndex]).toEqual([[], 0]);
    expect(core.ask('n2', piece('world', 6, 11))).toEqual(more(11));
    expect(core.installed).toMatchObject([{ description, reader: { text: 'hello world' } }]);
    expect(core.raft.status).toMatchObject({ commitIndex: 8, firstIndex: 9, lastIndex: 8, leader: 'n2' });
    expect(core.raft.nextDeadlineMs(0)).toBeGreaterThan(0);
  });

  test('goes on with AppendEntries behind it', () => {
    const core = follower([1, 1]);
    core.ask('n2', piece('hello world', 0, 11));
    const next = appendEntries({ term: 3, prev: [8, 2], log: [2, 3], commit: 10 });
    expect(core.ask('n2', next)).toEqual(accepted(10));
    expect(core.committed).toEqual(entriesOf([2, 3], 9));
  });

  test('says so only when the snapshot is on its disk', () => {
    const core = follower([1, 1], { diskIsSlow: true });
    core.finishWrite();
    expect(core.ask('n2', piece('hello world', 0, 11))).toBeUndefined();
    expect(core.batchInFlight).toMatchObject({ snapshot: { description, pieces: ['hello world'] } });
    // The repetition finds the snapshot covered by the commit index, which is not on the disk either.
    expect(core.ask('n2', piece('hello world', 0, 11))).toBeUndefined();
    expect(core.finishWrite().filter(({ kind }) => kind === 'reply')).toMatchObject([
      { message: more(11) },
      { message: more(11) },
    ]);
  });

  test('is not moved backwards by one that its commit index covers: that is acknowledged and ignored', () => {
    const core = follower([1, 1, 1, 2, 2, 2, 2, 2, 2, 3]);
    core.ask('n2', appendEntries({ term: 3, prev: [10, 3], commit: 9 }));
    expect(core.ask('n2', piece('hello ', 0, 11))).toEqual(more(11));
    expect([core.installed, core.raft.status]).toMatchObject([[], { commitIndex: 9, firstIndex: 1, lastIndex: 10 }]);
  });

  test('keeps what follows where its log holds the last included entry: that is all it needs to know', () => {
    const core = follower([1, 1, 1, 2, 2, 2, 2, 2, 2, 3]);
    expect(core.ask('n2', piece('hello ', 0, 11))).toEqual(more(11));
    expect(core.installed).toEqual([]);
    expect(core.raft.status).toMatchObject({ commitIndex: 8, firstIndex: 1, lastIndex: 10 });
    expect(core.committed).toHaveLength(8);
  });

  test('drops everything where its log holds another entry there', () => {
    const core = follower([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    core.ask('n2', piece('hello world', 0, 11));
    expect(core.raft.status).toMatchObject({ commitIndex: 8, firstIndex: 9, lastIndex: 8 });
  });

  test('has heard from its leader: it does not campaign while pieces arrive', () => {
    const core = follower([1, 1]);
    for (let nowMs = 0; nowMs < 5 * electionTimeoutMs; nowMs += heartbeatMs) {
      core.nowMs = nowMs;
      core.ask('n2', piece('hello ', 0, 11));
    }
    expect(core.raft.status).toMatchObject({ role: 'follower', term: 3, leader: 'n2' });
  });

  test('never mixes pieces of two leaders', () => {
    const core = follower([1, 1]);
    core.ask('n2', piece('hello ', 0, 11));
    const later = { ...piece('world', 6, 11), leader_id: 'n3', term: 4 };
    expect(core.ask('n3', later)).toEqual({ type: 'install_snapshot_ok', term: 4, offset: 0 });
    expect(core.installed).toEqual([]);
  });

  test('forgets what it has of one when a term begins', () => {
    const core = follower([1, 1]);
    core.ask('n2', piece('hello ', 0, 11));
    core.ask('n2', appendEntries({ term: 4 }));
    expect(core.ask('n2', { ...piece('world', 6, 11), term: 4 })).toEqual({ ...more(0), term: 4 });
  });

  test('tells a leader of an earlier term the later one', () => {
    const core = new TestCore({ term: 5 });
    expect(core.ask('n2', piece('hello ', 0, 11))).toEqual({ type: 'install_snapshot_ok', term: 5, offset: 0 });
    expect(core.raft.status.leader).toBeNull();
  });

  test.each([
    ['a text that is not what it claims to be', piece('bad', 0, 3)],
    ['a piece that is wrong by itself', { ...piece('hello ', 0, 11), leader_id: 'n3' }],
  ])('refuses %s, and nothing has changed', (_what, request) => {
    const core = follower([1, 1]);
    expect(core.ask('n2', request)).toEqual(refused);
    expect(core.installed).toEqual([]);
    expect(core.raft.status).toMatchObject({ commitIndex: 0, lastIndex: 2 });
    expect(core.faults).toHaveLength(1);
  });

  test('refuses one from a second leader of the term', () => {
    const core = follower([1, 1]);
    core.ask('n3', appendEntries({ term: 3, leader: 'n3' }));
    expect(core.ask('n2', piece('hello world', 0, 11))).toEqual(refused);
  });
});

describe('a node with a snapshot', () => {
  test('starts with what that covers committed, and applies only what follows', () => {
    const core = new TestCore({ term: 3, snapshot: description, log: [2, 3], isRecovered: true });
    expect(core.raft.status).toMatchObject({ commitIndex: 8, firstIndex: 9, lastIndex: 10 });
    core.ask('n2', appendEntries({ term: 3, prev: [10, 3], commit: 10 }));
    expect(core.committed).toEqual(entriesOf([2, 3], 9));
  });

  test('matches whatever lies before it by definition', () => {
    const core = new TestCore({ term: 3, snapshot: description, log: [2, 3], isRecovered: true });
    core.turn();
    expect(core.ask('n2', appendEntries({ term: 3, prev: [2, 1], log: [1, 1, 2] }))).toEqual(accepted(5));
    const across = appendEntries({ term: 3, prev: [6, 2], log: [2, 2, 2, 3, 3], commit: 11 });
    expect(core.ask('n2', across)).toEqual(accepted(11));
    expect(core.log).toEqual([2, 3, 3]);
  });

  test('lets go of the log only as far as the snapshot goes', () => {
    const core = follower([1, 1, 1]);
    core.ask('n2', appendEntries({ term: 3, prev: [3, 1], commit: 3 }));
    core.raft.snapshotTaken({ ...description, lastIncludedIndex: 2, lastIncludedTerm: 1 });
    expect(() => core.raft.compact(3, 0)).toThrow('only what a snapshot covers');
    expect(core.raft.compact(1, 0)).toBe(1);
    expect(core.raft.status).toMatchObject({ firstIndex: 2, lastIndex: 3, commitIndex: 3 });
  });

  test('has taken it of what is on its disk only', () => {
    const core = follower([], { diskIsSlow: true });
    core.finishWrite();
    core.ask('n2', appendEntries({ term: 3, log: [1, 1], commit: 2 }));
    expect(core.committed).toHaveLength(2);
    const taken = { ...description, lastIncludedIndex: 2, lastIncludedTerm: 1 };
    expect(() => core.raft.snapshotTaken(taken)).toThrow('covers what is on the disk');
  });
});

describe('a leader', () => {
  /** The leader of term 3, entries up to 9 committed and up to 8 let go; n3 has everything, n2 needs entry 3. */
  function leaderWithSnapshot(options: CoreOptions = {}): TestCore {
    const core = electedLeader(3, { log: [1, 1, 2, 2, 2, 2, 2, 2], ...options });
    core.answer(lastAppendTo('n3', core), accepted(9));
    core.turn();
    core.raft.snapshotTaken(description);
    core.raft.compact(8, core.nowMs);
    core.answer(lastAppendTo('n2', core), rejected(3, { conflict_index: 3 }));
    return core;
  }

  test('sends a snapshot where the next entry is gone, a piece at a time', () => {
    const core = leaderWithSnapshot();
    const [first, ...none] = chunksTo('n2', core.turn());
    expect(none).toEqual([]);
    expect(first?.message).toEqual({
      type: 'install_snapshot',
      term: 3,
      leader_id: 'n1',
      last_included_index: 8,
      last_included_term: 2,
      offset: 0,
      total_bytes: 11,
      checksum: '00000000',
    });
    expect(chunksTo('n2', core.turn())).toEqual([]);
    expect(core.raft.snapshotsBeingSent).toEqual([8]);
  });

  test('sends the next as soon as it hears how much has arrived, and entries after the last', () => {
    const core = leaderWithSnapshot();
    for (const offset of [6, 9]) {
      const [chunk] = chunksTo('n2', core.turn());
      if (chunk !== undefined) core.answer(chunk, { type: 'install_snapshot_ok', term: 3, offset });
      expect(core.raft.nextDeadlineMs(core.nowMs)).toBe(core.nowMs);
    }
    const [last] = chunksTo('n2', core.turn());
    expect(last?.message.offset).toBe(9);
    if (last !== undefined) core.answer(last, { type: 'install_snapshot_ok', term: 3, offset: 11 });
    const [append] = requestsTo('n2', core.turn());
    expect(append?.message).toMatchObject({ prev_log_index: 8, prev_log_term: 2, entries: [{ index: 9 }] });
    expect(core.raft.snapshotsBeingSent).toEqual([]);
  });

  test('repeats a piece that is not answered, as often as it would send heartbeats', () => {
    const core = leaderWithSnapshot();
    core.turn();
    expect(chunksTo('n2', core.turnAt(heartbeatMs - 1))).toEqual([]);
    expect(core.raft.nextDeadlineMs(core.nowMs)).toBe(heartbeatMs);
    expect(chunksTo('n2', core.turnAt(heartbeatMs))).toMatchObject([{ message: { offset: 0 } }]);
  });

  test('serves the others meanwhile', () => {
    const core = leaderWithSnapshot();
    core.turn();
    core.propose('x');
    const messages = core.turn();
    expect(requestsTo('n3', messages)).toMatchObject([{ message: { entries: [{ index: 10 }] } }]);
    expect(requestsTo('n2', messages)).toEqual([]);
    core.answer(lastAppendTo('n3', core), accepted(10));
    expect(core.raft.status.commitIndex).toBe(10);
  });

  test('goes on with the snapshot that it has begun, and keeps the entries behind it, while the follower answers', () => {
    const core = leaderWithSnapshot();
    const [first] = chunksTo('n2', core.turn());
    core.propose('x', 'y');
    core.turn();
    core.answer(lastAppendTo('n3', core), accepted(11));
    core.turn();
    core.raft.snapshotTaken({ ...description, lastIncludedIndex: 11, lastIncludedTerm: 3 });
    expect(core.raft.compact(10, core.nowMs)).toBe(8);
    if (first !== undefined) core.answer(first, { type: 'install_snapshot_ok', term: 3, offset: 6 });
    expect(chunksTo('n2', core.turn())).toMatchObject([{ message: { last_included_index: 8, offset: 6 } }]);
  });

  test('keeps no more of them than its bound', () => {
    const core = leaderWithSnapshot({ config: { maxHeldBackEntries: 1 } });
    core.turn();
    core.propose('x', 'y');
    core.turn();
    core.answer(lastAppendTo('n3', core), accepted(11));
    core.turn();
    core.raft.snapshotTaken({ ...description, lastIncludedIndex: 11, lastIncludedTerm: 3 });
    expect(core.raft.compact(11, core.nowMs)).toBe(10);
  });

  test('counts what it keeps in bytes as well', () => {
    const core = leaderWithSnapshot({ config: { maxHeldBackBytes: 25, sizeBytesOf: () => 10 } });
    core.turn();
    core.propose('x', 'y');
    core.turn();
    core.answer(lastAppendTo('n3', core), accepted(11));
    core.turn();
    core.raft.snapshotTaken({ ...description, lastIncludedIndex: 11, lastIncludedTerm: 3 });
    expect(core.raft.compact(11, core.nowMs)).toBe(9);
  });

  describe('of a follower that refuses its snapshot', () => {
    /** The pieces that n2 is sent in the first minute, each of which it answers as told. */
    function piecesInAMinute(answer: (core: TestCore, chunk: OutgoingChunk) => void): readonly number[] {
      const core = leaderWithSnapshot();
      const sentAtMs: number[] = [];
      for (core.nowMs = 0; core.nowMs < 60_000; core.nowMs += 50) {
        for (const message of core.turn()) {
          if (message.kind === 'snapshot-chunk') {
            sentAtMs.push(core.nowMs);
            answer(core, message);
          } else if (message.kind === 'request') core.answer(message, message.to === 'n2' ? rejected(3) : accepted(9));
        }
      }
      return sentAtMs;
    }

    test('sends it again, each time after twice as long, and heartbeats meanwhile', () => {
      const sentAtMs = piecesInAMinute((core, chunk) => core.refuse(chunk));
      const waitsMs = sentAtMs.slice(1).map((atMs, place) => atMs - (sentAtMs[place] ?? 0));
      expect(waitsMs.slice(0, 6)).toEqual([150, 300, 600, 1200, 2400, 4800]);
      expect(Math.max(...waitsMs)).toBeLessThanOrEqual(128 * heartbeatMs);
    });

    test('does so too where the follower says no more than that it has nothing', () => {
      let taken = 0;
      const sentAtMs = piecesInAMinute((core, chunk) => {
        taken = taken === 0 ? 6 : 0;
        core.answer(chunk, { type: 'install_snapshot_ok', term: 3, offset: taken });
      });
      expect(sentAtMs.length).toBeLessThan(30);
    });

    test('says so, and how often it was', () => {
      const core = leaderWithSnapshot();
      const refuse = (): void => {
        for (const chunk of chunksTo('n2', core.turn())) core.refuse(chunk);
      };
      refuse();
      core.nowMs += heartbeatMs;
      refuse();
      core.turn();
      expect(core.faults).toEqual([
        'n2 has refused a snapshot 1 times in a row; it is sent one again in 150 ms',
        'n2 has refused a snapshot 2 times in a row; it is sent one again in 300 ms',
      ]);
    });

    test('begins with the newest', () => {
      const core = leaderWithSnapshot();
      const [chunk] = chunksTo('n2', core.turn());
      core.propose('x');
      core.turn();
      core.answer(lastAppendTo('n3', core), accepted(10));
      core.turn();
      core.raft.snapshotTaken({ ...description, lastIncludedIndex: 10, lastIncludedTerm: 3 });
      if (chunk !== undefined) core.refuse(chunk);
      core.turn();
      core.nowMs += heartbeatMs;
      expect(chunksTo('n2', core.turn())).toMatchObject([{ message: { last_included_index: 10, offset: 0 } }]);
    });

    test('takes no refusal of anything else for one of the snapshot', () => {
      const core = leaderWithSnapshot();
      core.refuse(lastAppendTo('n2', core));
      expect(chunksTo('n2', core.turn())).toHaveLength(1);
      core.turn();
      expect(core.faults).toEqual([]);
    });
  });

  describe('keeps the entries that a follower wants next', () => {
    /** A leader of entries 1 to 9 whose follower n2 has the first four, and is sent the others. */
    function leaderOfOneThatLags(options: CoreOptions = {}): TestCore {
      const core = electedLeader(3, { log: [1, 1, 2, 2, 2, 2, 2, 2], ...options });
      core.answer(lastAppendTo('n2', core), rejected(3, { conflict_index: 5 }));
      core.answer(lastAppendTo('n3', core), accepted(9));
      core.turn();
      core.answer(lastAppendTo('n2', core), accepted(4));
      core.raft.snapshotTaken(description);
      return core;
    }

    test('while it answers, so that it needs no snapshot', () => {
      const core = leaderOfOneThatLags();
      expect(core.raft.compact(8, core.nowMs)).toBe(4);
      core.turn();
      expect(lastAppendTo('n2', core).message.entries[0]?.index).toBe(5);
    });

    test('no longer when it is silent', () => {
      const core = leaderOfOneThatLags();
      core.nowMs = electionTimeoutMs;
      expect(core.raft.compact(8, core.nowMs)).toBe(8);
    });

    test.each([{ maxHeldBackEntries: 2 }, { maxHeldBackBytes: 29, sizeBytesOf: () => 10 }])('within a bound: %j', (config) => {
      const core = leaderOfOneThatLags({ config });
      expect(core.raft.compact(8, core.nowMs)).toBe(6);
    });
  });

  test('begins with the newest for a follower that is silent, and keeps nothing for it', () => {
    const core = leaderWithSnapshot();
    core.turn();
    core.propose('x');
    core.turnAt(electionTimeoutMs - 1);
    core.answer(lastAppendTo('n3', core), accepted(10));
    core.turn();
    const newest = { ...description, lastIncludedIndex: 10, lastIncludedTerm: 3 };
    core.raft.snapshotTaken(newest);
    core.nowMs = electionTimeoutMs;
    expect(core.raft.compact(10, core.nowMs)).toBe(10);
    expect(chunksTo('n2', core.turnAt(electionTimeoutMs - 1 + heartbeatMs))).toEqual([]);
    expect(core.raft.nextDeadlineMs(core.nowMs)).toBeGreaterThan(core.nowMs);
    core.answer(lastAppendTo('n2', core), rejected(3));
    const messages = core.turnAt(electionTimeoutMs - 1 + 2 * heartbeatMs);
    expect(chunksTo('n2', messages)).toMatchObject([{ message: { last_included_index: 10, offset: 0 } }]);
  });

  test('sends a follower that is silent heartbeats, and no pieces: they are long', () => {
    const core = leaderWithSnapshot();
    expect(chunksTo('n2', core.turn())).toHaveLength(1);
    for (let nowMs = heartbeatMs; nowMs < 3 * electionTimeoutMs; nowMs += heartbeatMs) {
      const messages = core.turnAt(nowMs);
      expect(chunksTo('n2', messages)).toHaveLength(nowMs < electionTimeoutMs ? 1 : 0);
      if (nowMs >= electionTimeoutMs) {
        const heartbeat = { prev_log_index: 8, prev_log_term: 2, entries: [], leader_commit: 8 };
        expect(requestsTo('n2', messages)).toMatchObject([{ message: heartbeat }]);
        expect(core.raft.nextDeadlineMs(nowMs)).toBeGreaterThan(nowMs);
      }
      core.answer(lastAppendTo('n3', core), accepted(9));
    }
  });

  test('goes on where it was with one that gives a sign of life', () => {
    const core = leaderWithSnapshot();
    const [first] = chunksTo('n2', core.turn());
    if (first !== undefined) core.answer(first, { type: 'install_snapshot_ok', term: 3, offset: 6 });
    core.turn();
    for (let nowMs = heartbeatMs; nowMs < 2 * electionTimeoutMs; nowMs += heartbeatMs) {
      core.turnAt(nowMs);
      core.answer(lastAppendTo('n3', core), accepted(9));
    }
    core.answer(lastAppendTo('n2', core), rejected(3));
    const messages = core.turnAt(2 * electionTimeoutMs + heartbeatMs);
    expect(chunksTo('n2', messages)).toMatchObject([{ message: { last_included_index: 8, offset: 6 } }]);
  });

  test('sends entries again to one that turns out to have what the snapshot covers', () => {
    const core = leaderWithSnapshot();
    core.turn();
    core.turnAt(electionTimeoutMs - 1);
    core.answer(lastAppendTo('n3', core), accepted(9));
    core.turnAt(electionTimeoutMs + heartbeatMs);
    core.answer(lastAppendTo('n2', core), accepted(8));
    expect(requestsTo('n2', core.turn())).toMatchObject([{ message: { prev_log_index: 8, entries: [{ index: 9 }] } }]);
  });

  test('takes no piece for taken that was never sent', () => {
    const core = leaderWithSnapshot();
    const [chunk] = chunksTo('n2', core.turn());
    if (chunk !== undefined) core.answer(chunk, { type: 'install_snapshot_ok', term: 3, offset: 12 });
    expect(chunksTo('n2', core.turn())).toEqual([]);
    expect(core.faults).toHaveLength(1);
  });

  test('that learns of a later term from an answer leads no longer', () => {
    const core = leaderWithSnapshot();
    const [chunk] = chunksTo('n2', core.turn());
    if (chunk !== undefined) core.answer(chunk, { type: 'install_snapshot_ok', term: 4, offset: 0 });
    expect(core.raft.status).toMatchObject({ role: 'follower', term: 4 });
    expect(core.raft.snapshotsBeingSent).toEqual([]);
  });
});

test('the text is adopted by whoever has the state, never by the core', () => {
  const core = follower([1, 1]);
  core.ask('n2', piece('hello world', 0, 11));
  const [installed] = core.installed;
  expect(installed?.reader).toBeInstanceOf(ListeningReader);
  expect(installed?.reader).toMatchObject({ isAdopted: false });
});
