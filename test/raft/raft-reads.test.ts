import { describe, expect, test } from 'vitest';
import {
  accepted,
  appendEntries,
  bootstrappedLeader,
  electedLeader,
  electionTimeoutMs,
  fiveNodes,
  heartbeatMs,
  lastAppendTo,
  rejected,
  requestsTo,
  requestTo,
  TestCore,
  threeNodes,
} from './driver.ts';
import type { SentRequest } from './driver.ts';
import { freshTable } from './table.ts';

const readIndexOf = (term: number) => ({ type: 'read_index', term }) as const;

/** A leader of term 3 that has committed its no-op, the only entry. */
function committedLeader(voters: readonly string[] = threeNodes, config = {}): TestCore {
  const core = electedLeader(3, { voters, config });
  for (const peer of voters.slice(1)) core.answer(lastAppendTo(peer, core), accepted(1));
  core.turn();
  return core;
}

describe('a leader serves a read', () => {
  test('when a majority has answered what was sent after the read arrived', () => {
    const core = committedLeader(fiveNodes);
    core.propose('x');
    core.turn();
    const before = lastAppendTo('n2', core);
    core.raft.read([7]);
    core.turn();
    core.answer(before, accepted(2));
    core.answer(lastAppendTo('n3', core), accepted(2));
    core.turn();
    expect(core.reads).toEqual([]);
    core.answer(lastAppendTo('n2', core), accepted(2));
    core.turn();
    expect(core.reads).toEqual([7]);
  });

  test('and asks at once, without waiting for a heartbeat', () => {
    const core = committedLeader();
    core.raft.read([7]);
    expect(core.turn().map(({ to }) => to)).toEqual(['n2', 'n3']);
    expect(core.turn()).toEqual([]);
  });

  test('and asks once for all reads of a turn', () => {
    const core = committedLeader();
    core.raft.read([7, 8]);
    core.raft.read([9]);
    core.turn();
    core.answer(lastAppendTo('n3', core), accepted(1));
    core.turn();
    expect(core.reads).toEqual([7, 8, 9]);
  });

  test('also where an answer is a rejection in its term', () => {
    const core = committedLeader();
    core.raft.read([7]);
    core.turn();
    core.answer(lastAppendTo('n2', core), rejected(3, { conflict_index: 1 }));
    core.turn();
    expect(core.reads).toEqual([7]);
  });

  test('not before an entry of its own term is committed, as it does not know what is', () => {
    const core = electedLeader(3, { log: [2, 2] });
    core.raft.read([7]);
    core.turn();
    core.answer(lastAppendTo('n2', core), rejected(3, { conflict_index: 1 }));
    core.turn();
    expect(core.reads).toEqual([]);
    core.answer(lastAppendTo('n2', core), accepted(3));
    core.turn();
    expect(core.reads).toEqual([7]);
    expect(core.committed).toHaveLength(3);
  });

  test('in term 1 with nothing committed, as nothing precedes it', () => {
    const core = bootstrappedLeader();
    core.raft.read([7]);
    core.turn();
    core.answer(lastAppendTo('n2', core), accepted(0));
    core.turn();
    expect(core.reads).toEqual([7]);
  });

  test('not before what is committed is applied', () => {
    const core = committedLeader(threeNodes, { maxAppliedPerTurn: 1 });
    core.propose('a', 'b', 'c');
    core.turn();
    core.answer(lastAppendTo('n2', core), accepted(4));
    core.raft.read([7]);
    core.turn();
    core.answer(lastAppendTo('n2', core), accepted(4));
    core.turn();
    expect([core.committed.length, core.reads]).toEqual([3, []]);
    core.turn();
    expect([core.committed.length, core.reads]).toEqual([4, [7]]);
  });

  test('not any more when it has been replaced: the read goes to the next leader', () => {
    const core = committedLeader();
    core.raft.read([7]);
    core.turn();
    const request = lastAppendTo('n3', core);
    core.receive('n2', appendEntries({ term: 4 }));
    core.answer(request, accepted(1));
    expect(requestTo('n2', core.turn()).message).toEqual(readIndexOf(4));
    expect(core.reads).toEqual([]);
  });
});

describe('rounds of reads', () => {
  test('are bounded: further reads share the next', () => {
    const core = committedLeader(threeNodes, { maxReadRounds: 2 });
    for (const id of [1, 2, 3, 4]) {
      core.raft.read([id]);
      core.turn();
    }
    core.answer(lastAppendTo('n2', core), accepted(1));
    core.turn();
    expect(core.reads).toEqual([1, 2]);
    core.turn();
    core.answer(lastAppendTo('n2', core), accepted(1));
    core.turn();
    expect(core.reads).toEqual([1, 2, 3, 4]);
  });
});

describe('a read_index of a follower', () => {
  test('is its own confirmation: of three nodes it needs no message', () => {
    const core = committedLeader();
    expect(core.ask('n2', readIndexOf(3))).toEqual({ type: 'read_index_ok', term: 3, index: 1 });
  });

  test('is followed by the commit index, as the follower has to apply up to there', () => {
    const core = committedLeader();
    core.receive('n2', readIndexOf(3));
    const messages = core.turn();
    expect(requestTo('n2', messages).message).toMatchObject({ type: 'append_entries', leader_commit: 1 });
    expect(requestsTo('n3', messages)).toEqual([]);
  });

  test('is one of two that five nodes need', () => {
    const core = committedLeader(fiveNodes);
    core.receive('n2', readIndexOf(3));
    const asked = core.turn();
    expect(asked.filter(({ kind }) => kind !== 'request')).toEqual([]);
    core.answer(requestTo('n2', asked), accepted(1));
    expect(core.turn()).toEqual([]);
    core.answer(requestTo('n4', asked), accepted(1));
    expect(core.turn()).toMatchObject([{ to: 'n2', message: { type: 'read_index_ok', index: 1 } }]);
  });

  test('waits too until an entry of the leader\'s term is committed', () => {
    const core = electedLeader(3, { log: [2] });
    expect(core.ask('n2', readIndexOf(3))).toBeUndefined();
    core.answer(lastAppendTo('n3', core), accepted(2));
    expect(core.turn()).toContainEqual(
      expect.objectContaining({ to: 'n2', message: { type: 'read_index_ok', term: 3, index: 2 } }),
    );
  });

  test('is a sign of life for check-quorum', () => {
    const core = committedLeader();
    core.nowMs = 300;
    core.ask('n2', readIndexOf(3));
    core.turnAt(300 + electionTimeoutMs - 1);
    expect(core.raft.status.role).toBe('leader');
  });

  test('of another term, or to who does not lead, is refused', () => {
    const core = committedLeader();
    expect([2, 4].map((term) => core.ask('n2', readIndexOf(term)))).toEqual([
      { refused: 'unavailable' },
      { refused: 'unavailable' },
    ]);
    expect(new TestCore({ term: 3 }).ask('n2', readIndexOf(3))).toEqual({ refused: 'unavailable' });
  });

  test('past the bound of waiting reads is refused', () => {
    const core = committedLeader(fiveNodes, { maxWaitingReads: 2 });
    expect(core.ask('n2', readIndexOf(3))).toBeUndefined();
    expect(core.ask('n3', readIndexOf(3))).toBeUndefined();
    expect(core.ask('n4', readIndexOf(3))).toEqual({ refused: 'unavailable' });
  });

  test('is refused when the leader that it waits for is replaced', () => {
    const core = committedLeader(fiveNodes);
    const ticket = core.receive('n2', readIndexOf(3));
    core.turn();
    core.answer(lastAppendTo('n3', core), rejected(9));
    expect(core.turn()).toMatchObject([{ kind: 'refusal', to: 'n2', ticket, reason: 'unavailable' }]);
  });
});

describe('a follower', () => {
  /** It follows n2 in term 3, and has asked it for reads 7 and 8. */
  function asking(): { core: TestCore; request: SentRequest } {
    const core = new TestCore({ term: 3 });
    core.ask('n2', appendEntries({ term: 3, log: [3, 3], commit: 1 }));
    core.raft.read([7, 8]);
    return { core, request: requestTo('n2', core.turn()) };
  }

  test('asks the leader once for all reads of a turn', () => {
    const { core, request } = asking();
    expect(request.message).toEqual(readIndexOf(3));
    expect(core.turn()).toEqual([]);
  });

  test('serves them once it has applied up to the index of the answer', () => {
    const { core, request } = asking();
    core.answer(request, { type: 'read_index_ok', term: 3, index: 2 });
    core.turn();
    expect(core.reads).toEqual([]);
    core.ask('n2', appendEntries({ term: 3, prev: [2, 3], commit: 2 }));
    expect(core.reads).toEqual([7, 8]);
  });

  test('waits with its reads while no leader is known', () => {
    const core = new TestCore({ term: 3 });
    core.raft.read([7]);
    expect(core.turn()).toEqual([]);
    core.receive('n2', appendEntries({ term: 3 }));
    expect(requestsTo('n2', core.turn())).toHaveLength(1);
  });

  test('asks again where no answer has come for P', () => {
    const { core, request } = asking();
    core.nowMs = electionTimeoutMs - 1;
    core.ask('n2', appendEntries({ term: 3, prev: [2, 3] }));
    expect(core.raft.nextDeadlineMs(core.nowMs)).toBe(electionTimeoutMs);
    expect(core.turn()).toEqual([]);
    const again = requestTo('n2', core.turnAt(electionTimeoutMs));
    core.answer(request, { type: 'read_index_ok', term: 3, index: 1 });
    expect(core.turn()).toEqual([]);
    expect(core.reads).toEqual([]);
    core.answer(again, { type: 'read_index_ok', term: 3, index: 1 });
    core.turn();
    expect(core.reads).toEqual([7, 8]);
  });

  test('asks a new leader, and takes no answer of the old one', () => {
    const { core, request } = asking();
    core.receive('n3', appendEntries({ term: 4, leader: 'n3', prev: [2, 3] }));
    expect(requestTo('n3', core.turn()).message).toEqual(readIndexOf(4));
    core.answer(request, { type: 'read_index_ok', term: 3, index: 0 });
    core.turn();
    expect(core.reads).toEqual([]);
  });
});

test('a read at any node of a cluster sees what was committed before it', () => {
  const table = freshTable(fiveNodes);
  table.settleAt(heartbeatMs);
  table.core('n1').propose('x');
  table.settleAt(heartbeatMs);
  for (const { raft } of table.cores.values()) raft.read([1]);
  table.settleAt(heartbeatMs);
  for (const { reads, committed } of table.cores.values()) {
    expect(reads).toEqual([1]);
    expect(committed.map(({ command }) => command)).toEqual(['x']);
  }
});
