import { describe, expect, test } from 'vitest';
import type { AppendEntries, Entry, Members } from '../../src/raft/messages.ts';
import { accepted, appendEntries, elect, ListeningReader, piece, requestsIn, TestCore, vote } from './driver.ts';

function configurationEntry(index: number, term: number, members: Members): Entry {
  return { kind: 'configuration', term, index, command: members };
}

/** What n2, leader of `term`, sends: a configuration of these voters at `index`. */
function change(term: number, index: number, voters: readonly string[], learners: readonly string[] = []): AppendEntries {
  const message = appendEntries({ term, prev: [index - 1, index === 1 ? 0 : 1] });
  return { ...message, entries: [configurationEntry(index, term, { voters, learners })] };
}

function votersOf(core: TestCore): readonly string[] {
  return core.raft.configurationAsOf(core.raft.status.lastIndex).voters;
}

/** Whom a node asks for a pre-vote when its leader is silent. */
function asked(core: TestCore): readonly string[] {
  return requestsIn(core.turnAt(core.nowMs + 10_000)).map(({ to }) => to);
}

describe('a received configuration', () => {
  test('is in force from the moment it is in the log, and not only once it is committed', () => {
    const core = new TestCore();
    expect(core.ask('n2', change(1, 1, ['n1', 'n2', 'n3', 'n4']))).toEqual(accepted(1));
    expect([votersOf(core), core.raft.status.commitIndex]).toEqual([['n1', 'n2', 'n3', 'n4'], 0]);
    expect(asked(core)).toEqual(['n2', 'n3', 'n4']);
  });

  test('is undone when its entry is truncated', () => {
    const core = new TestCore();
    core.ask('n2', change(1, 1, ['n1', 'n2']));
    core.ask('n3', appendEntries({ term: 2, leader: 'n3', log: [2] }));
    expect(votersOf(core)).toEqual(['n1', 'n2', 'n3']);
    expect(asked(core)).toEqual(['n2', 'n3']);
  });

  test('decides how many votes win, and is what a leader counts and replicates by', () => {
    const core = new TestCore();
    core.ask('n2', change(1, 1, ['n1', 'n2', 'n3', 'n4', 'n5'], ['n6']));
    core.nowMs = 10_000;
    elect(core, 2);
    const sent = requestsIn(core.sent).filter(({ message }) => message.type === 'append_entries');
    expect(new Set(sent.map(({ to }) => to))).toEqual(new Set(['n2', 'n3', 'n4', 'n5', 'n6']));
    const toPeer = (peer: string) => sent.filter(({ to }) => to === peer).at(-1)!;
    core.answer(toPeer('n6'), accepted(2));
    core.answer(toPeer('n2'), accepted(2));
    core.turn();
    expect(core.raft.status.commitIndex).toBe(0);
    core.answer(toPeer('n3'), accepted(2));
    core.turn();
    expect(core.raft.status.commitIndex).toBe(2);
  });

  test('without this node as a voter lets it vote and follow, but not campaign once that is committed', () => {
    const core = new TestCore();
    core.ask('n2', { ...change(1, 1, ['n2', 'n3'], ['n1']), leader_commit: 1 });
    expect(asked(core)).toEqual([]);
    expect(core.raft.nextDeadlineMs(core.nowMs)).toBeGreaterThan(core.nowMs);
    expect(core.ask('n3', vote('request_vote', 2, [1, 1], 'n3'))).toMatchObject({ vote_granted: true });
    core.raft.campaign(core.nowMs);
    expect(core.turn()).toEqual([]);
  });

  // Its log may be the only one that the others vote for, and the configuration before may be the one that lasts.
  test('without this node as a voter lets it campaign as long as it does not know it to be committed', () => {
    const core = new TestCore();
    core.ask('n2', change(1, 1, ['n2', 'n3'], ['n1']));
    expect(asked(core)).toEqual(['n2', 'n3']);
  });

  test('is found again in the log after a restart', () => {
    const core = new TestCore();
    core.ask('n2', change(1, 1, ['n1', 'n2']));
    const again = new TestCore({ entries: core.raft.entries(1, 1), term: 1, isRecovered: true });
    expect(votersOf(again)).toEqual(['n1', 'n2']);
  });

  test.each([[[]], [['n1', 'n1']], [['n1', '']]])('that cannot be is refused: voters %j', (voters) => {
    const core = new TestCore();
    expect(core.ask('n2', change(1, 1, voters))).toEqual({ refused: 'malformed' });
    expect(core.faults).toEqual([expect.stringContaining('entry 1 is no configuration: it has')]);
    expect(votersOf(core)).toEqual(['n1', 'n2', 'n3']);
  });
});

describe('a snapshot', () => {
  test('brings the configuration as of its last entry', () => {
    const members = { voters: ['n1', 'n2'], learners: ['n3'] };
    const core = new TestCore({ openSnapshot: (description) => new ListeningReader(description, members) });
    core.ask('n2', piece('hello', 0, 5));
    expect(core.raft.configurationAsOf(8).members).toEqual(members);
    expect(asked(core)).toEqual(['n2']);
  });

  test('that a node starts with has it too', () => {
    const snapshot = { lastIncludedIndex: 8, lastIncludedTerm: 2, totalBytes: 5, checksum: '00000000' };
    const core = new TestCore({ snapshot, members: { voters: ['n1', 'n4'], learners: [] }, term: 2 });
    expect(votersOf(core)).toEqual(['n1', 'n4']);
  });

  test('that was taken here keeps what was compacted with it', () => {
    const core = new TestCore();
    core.ask('n2', { ...change(1, 1, ['n1', 'n2']), leader_commit: 1 });
    core.raft.snapshotTaken({ lastIncludedIndex: 1, lastIncludedTerm: 1, totalBytes: 5, checksum: '00000000' });
    core.raft.compact(1, core.nowMs);
    expect(votersOf(core)).toEqual(['n1', 'n2']);
  });
});
