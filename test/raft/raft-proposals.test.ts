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

  test('past the bound of uncommitted bytes is refused too, where only what was proposed in its term counts', () => {
    const core = electedLeader(3, { log: [1, 2], config: { maxUncommittedBytes: 30, sizeBytesOf: () => 10 } });
    expect(core.propose('a', 'b', 'c').kind).toBe('accepted');
    expect(core.propose('d')).toEqual({ kind: 'refused', why: 'full' });
    core.answer(lastAppendTo('n2', core), accepted(3));
    expect(core.propose('d')).toEqual({ kind: 'refused', why: 'full' });
    core.turn();
    core.answer(lastAppendTo('n2', core), accepted(4));
    expect(core.propose('d').kind).toBe('accepted');
    expect(core.propose('e')).toEqual({ kind: 'refused', why: 'full' });
    expect(core.log).toEqual([1, 2, 3, 3, 3, 3, 3]);
  });

  test('of the first entry of all counts, and no more once that is committed', () => {
    const core = new TestCore({ voters: ['n1'], config: { maxUncommittedBytes: 10, sizeBytesOf: () => 10 } });
    core.raft.bootstrap(0);
    for (const command of ['a', 'b']) {
      expect(core.propose(command, 'too much')).toEqual({ kind: 'refused', why: 'full' });
      expect(core.propose(command).kind).toBe('accepted');
      core.turn();
    }
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
