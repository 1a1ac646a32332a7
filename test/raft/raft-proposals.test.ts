import { describe, expect, test } from 'vitest';
import { accepted, appendEntries, bootstrappedLeader, electedLeader, lastAppendTo, TestCore } from './driver.ts';

describe('a proposal', () => {
  test('is refused by who does not lead', () => {
    const core = new TestCore({ term: 2 });
    expect(core.propose('x')).toEqual({ kind: 'refused', why: 'not-leader' });
    core.ask('n2', appendEntries({ term: 2 }));
    expect(core.propose('x')).toEqual({ kind: 'refused', why: 'not-leader' });
  });

  test('for another term is refused and appends nothing', () => {
    const core = electedLeader(3);
    expect(core.raft.propose([{ command: 'x' }], 2)).toEqual({ kind: 'refused', why: 'wrong-term' });
    expect(core.raft.propose([{ command: 'x' }], 3)).toEqual({ kind: 'accepted', term: 3, firstIndex: 2 });
    expect(core.log).toEqual([3, 3]);
  });

  test('past the bound of uncommitted entries is refused as a whole, until some are committed', () => {
    const core = bootstrappedLeader({ config: { maxUncommittedEntries: 3 } });
    expect(core.propose('a', 'b').kind).toBe('accepted');
    expect(core.propose('c', 'd')).toEqual({ kind: 'refused', why: 'full' });
    expect(core.propose('c').kind).toBe('accepted');
    expect(core.propose('d')).toEqual({ kind: 'refused', why: 'full' });
    core.turn();
    core.answer(lastAppendTo('n2', core), accepted(0));
    core.turn();
    core.answer(lastAppendTo('n2', core), accepted(3));
    expect(core.propose('d').kind).toBe('accepted');
  });

  test('past the bound on the size of uncommitted entries is refused too, and committed ones make room again', () => {
    const core = bootstrappedLeader({ config: { maxUncommittedBytes: 25, sizeBytesOf: () => 10 } });
    for (const matchIndex of [2, 4, 6]) {
      expect(core.propose('a', 'b').kind).toBe('accepted');
      expect(core.propose('c')).toEqual({ kind: 'refused', why: 'full' });
      core.turn();
      core.answer(lastAppendTo('n2', core), accepted(matchIndex));
    }
  });

  test('past the bound of uncommitted bytes is refused too, where entries of earlier terms count as well', () => {
    const core = electedLeader(3, { log: [1, 2], config: { maxUncommittedBytes: 40, sizeBytesOf: () => 10 } });
    expect(core.propose('a').kind).toBe('accepted');
    expect(core.propose('b')).toEqual({ kind: 'refused', why: 'full' });
    core.answer(lastAppendTo('n2', core), accepted(3));
    expect(core.propose('b', 'c', 'd').kind).toBe('accepted');
    expect(core.propose('e')).toEqual({ kind: 'refused', why: 'full' });
    expect(core.log).toEqual([1, 2, 3, 3, 3, 3, 3]);
  });

  test.each([{ maxUncommittedEntries: 4 }, { maxUncommittedBytes: 40, sizeBytesOf: () => 10 }])(
    'is refused when too much is not on the disk of its leader, though a majority commits it: %j',
    (config) => {
      const core = electedLeader(3, { config });
      core.diskIsSlow = true;
      for (const command of ['a', 'b', 'c', 'd']) {
        expect(core.propose(command).kind).toBe('accepted');
        core.turn();
        for (const peer of ['n2', 'n3']) core.answer(lastAppendTo(peer, core), accepted(core.raft.status.lastIndex));
      }
      expect([core.raft.status.commitIndex, core.raft.persistedIndex]).toEqual([5, 1]);
      expect(core.propose('e')).toEqual({ kind: 'refused', why: 'full' });
      core.finishWrite();
      expect(core.propose('e').kind).toBe('accepted');
    },
  );

  test('of the first entry of all counts, and no more once that is committed', () => {
    const core = new TestCore({ voters: ['n1'], config: { maxUncommittedBytes: 10, sizeBytesOf: () => 10 } });
    core.raft.bootstrap(0);
    for (const command of ['a', 'b']) {
      expect(core.propose(command, 'too much')).toEqual({ kind: 'refused', why: 'full' });
      expect(core.propose(command).kind).toBe('accepted');
      core.turn();
    }
  });

  test('that is larger than the bound is taken alone, once all others are settled', () => {
    const core = new TestCore({ voters: ['n1'], config: { maxUncommittedBytes: 5, sizeBytesOf: () => 10 } });
    core.raft.bootstrap(0);
    expect(core.propose('a', 'b')).toEqual({ kind: 'refused', why: 'full' });
    expect(core.propose('a').kind).toBe('accepted');
    expect(core.propose('b')).toEqual({ kind: 'refused', why: 'full' });
    core.turn();
    expect(core.propose('b').kind).toBe('accepted');
  });

  test('keeps its commands in order, and who waits for them', () => {
    const core = electedLeader(3);
    core.raft.propose([{ command: 'a', origin: { node: 'n2', id: 7 } }, { command: 'b' }]);
    expect(core.raft.entries(2, 3)).toEqual([
      { term: 3, index: 2, command: 'a', origin: { node: 'n2', id: 7 } },
      { term: 3, index: 3, command: 'b' },
    ]);
  });
});
