import { describe, expect, test } from 'vitest';
import type { NodeId, RaftRequest } from '../../src/raft/messages.ts';
import { accepted, appendEntries, electedLeader, electionTimeoutMs, heartbeatMs, lastAppendTo, requestsIn, TestCore, vote } from './driver.ts';
import type { CoreOptions } from './driver.ts';

function acknowledge(core: TestCore, ...nodes: readonly NodeId[]): void {
  for (const node of nodes) core.answer(lastAppendTo(node, core), accepted(core.raft.status.lastIndex));
  core.turn();
}

function leader(options: CoreOptions = {}): TestCore {
  const core = electedLeader(2, options);
  acknowledge(core, 'n2', 'n3');
  return core;
}

function transfer(core: TestCore, to?: NodeId): string | undefined {
  const refusal = core.raft.transfer(to, core.nowMs);
  core.turn();
  return refusal;
}

/** Who was told to campaign. */
function orders(core: TestCore): readonly NodeId[] {
  return requestsIn(core.sent).filter(({ message }) => message.type === 'timeout_now').map(({ to }) => to);
}

/** A request for votes that this leader has ordered. */
function ordered(term: number, by: NodeId, end: readonly [number, number] = [1, 2]): RaftRequest {
  return { ...vote('request_vote', term, end), transfer: by } as RaftRequest;
}

describe('a transfer', () => {
  test('is refused by who does not lead, to who is no voter or does not answer, and twice', () => {
    const core = leader();
    expect(new TestCore({ nodeId: 'n2' }).raft.transfer('n1', 0)).toBe('not-leader');
    expect([core.raft.transfer('n9', 0), core.raft.transfer('n1', 0)]).toEqual(['no-target', 'no-target']);
    core.nowMs = electionTimeoutMs;
    expect(core.raft.transfer('n2', core.nowMs)).toBe('no-target');
    core.nowMs = 0;
    expect(core.raft.transfer('n2', core.nowMs)).toBeUndefined();
    expect(core.raft.transfer('n3', core.nowMs)).toBe('transferring');
  });

  test('waits until the target has the whole log, and takes no proposals meanwhile', () => {
    const core = leader();
    core.propose('x');
    core.turn();
    transfer(core, 'n2');
    expect(core.propose('y')).toEqual({ kind: 'refused', why: 'transferring' });
    expect(core.raft.reconfigure({ voters: ['n1', 'n2'], learners: [] }, core.nowMs)).toBe('transferring');
    acknowledge(core, 'n3');
    expect(orders(core)).toEqual([]);
    acknowledge(core, 'n2');
    core.turnAt(heartbeatMs);
    acknowledge(core, 'n2');
    expect(orders(core)).toEqual(['n2']);
  });

  test('goes to the voter with the most complete log where no other is named', () => {
    const core = leader();
    core.propose('x');
    core.turn();
    acknowledge(core, 'n3');
    transfer(core);
    expect(orders(core)).toEqual(['n3']);
  });

  test('is over when the target leads', () => {
    const core = leader();
    transfer(core, 'n2');
    core.ask('n2', ordered(3, 'n1'));
    expect(core.transfers).toEqual([]);
    core.ask('n2', appendEntries({ term: 3, prev: [1, 2] }));
    expect(core.transfers).toEqual([{ kind: 'transferred', leader: 'n2' }]);
  });

  test('is given up after an election timeout, and the leader takes proposals again', () => {
    const core = leader();
    core.propose('x');
    core.turn();
    transfer(core, 'n2');
    core.turnAt(heartbeatMs);
    acknowledge(core, 'n3');
    core.turnAt(electionTimeoutMs);
    expect(core.transfers).toEqual([{ kind: 'not-transferred' }]);
    expect(core.propose('y')).toMatchObject({ kind: 'accepted' });
  });

  test('that was ordered and given up is in doubt', () => {
    const core = leader();
    transfer(core, 'n2');
    core.turnAt(heartbeatMs);
    acknowledge(core, 'n2', 'n3');
    core.turnAt(electionTimeoutMs);
    expect(core.transfers).toEqual([{ kind: 'in-doubt' }]);
  });

  test('leaves the leader without a lease for the rest of its term, also where it was given up', () => {
    const core = leader({ config: { readMode: 'lease' } });
    core.raft.read([1]);
    core.turn();
    expect(core.reads).toEqual([1]);
    transfer(core, 'n2');
    for (const atMs of [150, 300, 450, 600]) {
      core.turnAt(atMs);
      acknowledge(core, 'n2', 'n3');
    }
    core.raft.read([2]);
    core.turn();
    expect([core.transfers.length, core.reads]).toEqual([1, [1]]);
    acknowledge(core, 'n2');
    expect(core.reads).toEqual([1, 2]);
  });
});

describe('an order to campaign', () => {
  function follower(): TestCore {
    const core = new TestCore({ term: 2, log: [2] });
    core.ask('n2', appendEntries({ term: 2, prev: [1, 2] }));
    return core;
  }
  const order = { type: 'timeout_now', term: 2, target: 'n1' } as const;

  test('is obeyed at once, without a pre-vote, and the request names the leader', () => {
    const core = follower();
    core.receive('n2', order);
    const asked = requestsIn(core.turn());
    expect(asked.map(({ to }) => to)).toEqual(['n2', 'n3']);
    expect(asked[0]?.message).toMatchObject({ type: 'request_vote', term: 3, transfer: 'n2' });
  });

  test.each([
    ['of another term', 'n2', { ...order, term: 1 }],
    ['of a later term', 'n2', { ...order, term: 3 }],
    ['for another node', 'n2', { ...order, target: 'n3' }],
    ['of another node than the leader', 'n3', order],
  ] as const)('%s is ignored', (_, from, message) => {
    const core = follower();
    core.receive(from, message);
    expect([requestsIn(core.turn()), core.raft.status.term]).toEqual([[], 2]);
  });

  test('is ignored by who is no voter', () => {
    const core = follower();
    const command = { voters: ['n2', 'n3'], learners: ['n1'] };
    const entries = [{ kind: 'configuration', term: 2, index: 2, command }] as const;
    core.ask('n2', { ...appendEntries({ term: 2, prev: [1, 2] }), entries });
    core.receive('n2', order);
    expect(requestsIn(core.turn())).toEqual([]);
  });
});

describe('a request for votes that a leader has ordered', () => {
  test('is let through by who follows exactly that leader, and by no other', () => {
    for (const [by, isGranted] of [['n2', false], ['n3', true]] as const) {
      const core = new TestCore({ term: 2, log: [2] });
      core.ask('n3', appendEntries({ term: 2, leader: 'n3', prev: [1, 2] }));
      expect(core.ask('n2', ordered(3, by))).toMatchObject({ vote_granted: isGranted });
      expect(core.raft.status.term).toBe(isGranted ? 3 : 2);
    }
  });

  test('still needs a log that is as complete', () => {
    const core = new TestCore({ term: 2, log: [2, 2] });
    core.ask('n3', appendEntries({ term: 2, leader: 'n3', prev: [2, 2] }));
    expect(core.ask('n2', ordered(3, 'n3'))).toMatchObject({ vote_granted: false });
  });

  test('is let through by the leader itself, where it comes from its target', () => {
    const core = leader();
    expect(core.ask('n2', ordered(3, 'n1'))).toMatchObject({ vote_granted: false });
    transfer(core, 'n2');
    expect(core.ask('n3', { ...ordered(3, 'n1'), candidate_id: 'n3' } as RaftRequest)).toMatchObject({ vote_granted: false });
    expect(core.ask('n2', ordered(3, 'n1'))).toMatchObject({ vote_granted: true });
  });

  test('is not let through after a restart: the leader is forgotten', () => {
    const core = new TestCore({ term: 2, log: [2], isRecovered: true });
    expect(core.ask('n2', ordered(3, 'n3'))).toMatchObject({ vote_granted: false });
  });
});
