import { describe, expect, test } from 'vitest';
import type { Members, NodeId } from '../../src/raft/messages.ts';
import { accepted, elect, electedLeader, electionTimeoutMs, heartbeatMs, lastAppendTo, requestsIn, TestCore } from './driver.ts';

function membersOf(voters: readonly string[], learners: readonly string[] = []): Members {
  return { voters, learners };
}

/** These have everything that the leader has sent them. */
function acknowledge(core: TestCore, ...nodes: readonly NodeId[]): void {
  for (const node of nodes) core.answer(lastAppendTo(node, core), accepted(core.raft.status.lastIndex));
  core.turn();
}

/** It has what the log held before the entry that comes now. */
function lagBehind(core: TestCore, node: NodeId): void {
  const { lastIndex } = core.raft.status;
  core.propose('more');
  core.turn();
  core.answer(lastAppendTo(node, core), accepted(lastIndex));
  core.turn();
}

/** n1 leads term 2, and its no-op is committed. */
function readyLeader(voters?: readonly NodeId[]): TestCore {
  const core = electedLeader(2, voters && { voters });
  acknowledge(core, ...core.raft.members.voters.slice(1));
  return core;
}

function reconfigure(core: TestCore, target: Members): string | undefined {
  const refusal = core.raft.reconfigure(target, core.nowMs);
  core.turn();
  return refusal;
}

/** Time passes, and these answer each heartbeat. */
function live(core: TestCore, durationMs: number, ...nodes: readonly NodeId[]): void {
  for (const untilMs = core.nowMs + durationMs; core.nowMs < untilMs; ) {
    core.turnAt(core.nowMs + heartbeatMs);
    acknowledge(core, ...nodes.filter((node) => core.raft.matchIndexes.has(node)));
  }
}

describe('a change of the members', () => {
  test('is refused where this node does not lead', () => {
    expect(reconfigure(new TestCore({ nodeId: 'n2' }), membersOf(['n1', 'n2']))).toBe('not-leader');
  });

  test('is refused as long as no entry of the own term is committed', () => {
    const core = electedLeader(2);
    expect(reconfigure(core, membersOf(['n1', 'n2']))).toBe('not-ready');
    acknowledge(core, 'n2');
    expect(reconfigure(core, membersOf(['n1', 'n2']))).toBeUndefined();
  });

  test('is refused as long as the last one is not committed', () => {
    const core = readyLeader();
    reconfigure(core, membersOf(['n1', 'n2', 'n3'], ['n4']));
    expect(reconfigure(core, membersOf(['n1', 'n2']))).toBe('change-in-progress');
    acknowledge(core, 'n2');
    expect(core.changes).toEqual([{ kind: 'changed' }]);
    expect(reconfigure(core, membersOf(['n1', 'n2']))).toBeUndefined();
  });

  test('to what the members are already is done at once', () => {
    const core = readyLeader();
    const { lastIndex } = core.raft.status;
    reconfigure(core, membersOf(['n3', 'n2', 'n1']));
    expect([core.changes, core.raft.status.lastIndex]).toEqual([[{ kind: 'changed' }], lastIndex]);
  });

  test('removes one voter in one step, which counts by itself', () => {
    const core = readyLeader();
    reconfigure(core, membersOf(['n1', 'n2']));
    expect(core.raft.members).toEqual(membersOf(['n1', 'n2']));
    expect([...core.raft.matchIndexes.keys()]).toEqual(['n2']);
    acknowledge(core, 'n2');
    expect(core.changes).toEqual([{ kind: 'changed' }]);
  });

  test('goes through a joint configuration where it is more than one voter', () => {
    const core = readyLeader(['n1', 'n2', 'n3', 'n4', 'n5']);
    reconfigure(core, membersOf(['n1', 'n2', 'n3']));
    expect(core.raft.members).toEqual({ ...membersOf(['n1', 'n2', 'n3']), outgoing: ['n1', 'n2', 'n3', 'n4', 'n5'] });
    acknowledge(core, 'n2');
    expect(core.changes).toEqual([]);
    acknowledge(core, 'n4');
    expect(core.raft.members).toEqual(membersOf(['n1', 'n2', 'n3']));
    acknowledge(core, 'n2');
    expect(core.changes).toEqual([{ kind: 'changed' }]);
  });

  test('that swaps one voter is more than one, and goes through a joint configuration', () => {
    const core = readyLeader();
    reconfigure(core, membersOf(['n1', 'n2', 'n4']));
    acknowledge(core, 'n2', 'n3');
    acknowledge(core, 'n4');
    expect(core.raft.members).toEqual({ ...membersOf(['n1', 'n2', 'n4']), outgoing: ['n1', 'n2', 'n3'] });
  });

  test('to two voters, and to one, and back to four', () => {
    const core = readyLeader();
    for (const voters of [['n1', 'n2'], ['n1'], ['n1', 'n2'], ['n1', 'n2', 'n3'], ['n1', 'n2', 'n3', 'n4']]) {
      core.changes.length = 0;
      reconfigure(core, membersOf(voters));
      live(core, 3 * heartbeatMs, 'n2', 'n3', 'n4');
      expect([core.changes, core.raft.members]).toEqual([[{ kind: 'changed' }], membersOf(voters)]);
    }
  });

  test('is in doubt where this node leads no longer', () => {
    const core = readyLeader();
    reconfigure(core, membersOf(['n1', 'n2']));
    core.turnAt(core.nowMs + electionTimeoutMs);
    expect(core.changes).toEqual(['in-doubt']);
  });
});

describe('a new voter', () => {
  test('is a learner first, and becomes a voter when it has what the log held', () => {
    const core = readyLeader();
    reconfigure(core, membersOf(['n1', 'n2', 'n3', 'n4']));
    expect(core.raft.members).toEqual(membersOf(['n1', 'n2', 'n3'], ['n4']));
    acknowledge(core, 'n2', 'n3');
    expect(core.raft.members).toEqual(membersOf(['n1', 'n2', 'n3'], ['n4']));
    acknowledge(core, 'n4');
    expect(core.raft.members).toEqual(membersOf(['n1', 'n2', 'n3', 'n4']));
  });

  test('that took longer than an election timeout for a round has another one to catch up in', () => {
    const core = readyLeader();
    reconfigure(core, membersOf(['n1', 'n2', 'n3', 'n4']));
    acknowledge(core, 'n2', 'n3');
    live(core, electionTimeoutMs + heartbeatMs, 'n2', 'n3');
    lagBehind(core, 'n4');
    expect(core.raft.members.learners).toEqual(['n4']);
    live(core, heartbeatMs, 'n2', 'n3', 'n4');
    expect(core.raft.members.voters).toEqual(['n1', 'n2', 'n3', 'n4']);
  });

  test('that does not come on for ten election timeouts is dropped, and the change given up', () => {
    const core = readyLeader();
    reconfigure(core, membersOf(['n1', 'n2', 'n3', 'n4']));
    live(core, 9 * electionTimeoutMs, 'n2', 'n3');
    expect(core.raft.members.learners).toEqual(['n4']);
    live(core, 2 * electionTimeoutMs, 'n2', 'n3');
    expect(core.raft.members).toEqual(membersOf(['n1', 'n2', 'n3']));
    expect(core.changes).toEqual([{ kind: 'given-up', why: 'n4 does not catch up' }]);
  });

  test('that always lags behind is dropped after ten rounds', () => {
    const core = readyLeader();
    reconfigure(core, membersOf(['n1', 'n2', 'n3', 'n4']));
    for (let round = 0; round < 12; round += 1) {
      live(core, electionTimeoutMs + heartbeatMs, 'n2', 'n3');
      if (core.raft.matchIndexes.has('n4')) lagBehind(core, 'n4');
    }
    live(core, heartbeatMs, 'n2', 'n3');
    expect(core.changes).toEqual([{ kind: 'given-up', why: 'n4 is too slow to catch up' }]);
  });
});

test('a learner that nobody waits for is dropped likewise, and one that answers is not', () => {
  const core = readyLeader();
  reconfigure(core, membersOf(['n1', 'n2', 'n3'], ['n4', 'n5']));
  live(core, 12 * electionTimeoutMs, 'n2', 'n3', 'n5');
  expect(core.raft.members).toEqual(membersOf(['n1', 'n2', 'n3'], ['n5']));
});

test('a learner is not counted: not for the commit index, not for check-quorum', () => {
  const core = readyLeader();
  reconfigure(core, membersOf(['n1', 'n2', 'n3'], ['n4', 'n5']));
  acknowledge(core, 'n2', 'n3');
  const { commitIndex } = core.raft.status;
  core.propose('x');
  core.turn();
  acknowledge(core, 'n4', 'n5');
  expect(core.raft.status.commitIndex).toBe(commitIndex);
  live(core, electionTimeoutMs, 'n4', 'n5');
  expect(core.raft.status.role).toBe('follower');
});

describe('a joint configuration', () => {
  /** n2 to n5 are to be replaced but for n2; the joint entry is at its index, and not committed. */
  function jointLeader(): TestCore {
    const core = readyLeader(['n1', 'n2', 'n3']);
    reconfigure(core, membersOf(['n1', 'n4', 'n5']));
    acknowledge(core, 'n2', 'n3');
    acknowledge(core, 'n4', 'n5');
    return core;
  }
  const joint = { ...membersOf(['n1', 'n4', 'n5']), outgoing: ['n1', 'n2', 'n3'] };

  test('is not begun before a majority of the new half answers', () => {
    const core = readyLeader(['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7']);
    live(core, electionTimeoutMs, 'n2', 'n3', 'n4');
    reconfigure(core, membersOf(['n1', 'n5', 'n6', 'n7']));
    expect(core.raft.members.voters).toHaveLength(7);
    live(core, heartbeatMs, 'n2', 'n3', 'n4', 'n5', 'n6');
    expect(core.raft.members.voters).toEqual(['n1', 'n5', 'n6', 'n7']);
  });

  test('needs the old half and the new half for each commit', () => {
    const core = jointLeader();
    expect(core.raft.members).toEqual(joint);
    acknowledge(core, 'n4', 'n5');
    expect(core.raft.members).toEqual(joint);
    acknowledge(core, 'n2');
    expect(core.raft.members).toEqual(membersOf(['n1', 'n4', 'n5']));
  });

  test('whose old half falls silent keeps no leader', () => {
    const core = jointLeader();
    live(core, electionTimeoutMs, 'n4', 'n5');
    expect(core.raft.status.role).toBe('follower');
  });

  test('whose new half falls silent is left backwards, and the leader goes on', () => {
    const core = jointLeader();
    live(core, electionTimeoutMs + heartbeatMs, 'n2', 'n3');
    expect(core.raft.status.role).toBe('leader');
    expect(core.raft.members).toEqual(membersOf(['n1', 'n2', 'n3']));
    expect(core.changes).toEqual([{ kind: 'given-up', why: 'a majority of the new voters no longer answers' }]);
  });

  // A leader between the two terms may have committed it and gone on with the new half alone.
  test('of an earlier term is not left backwards', () => {
    const before = jointLeader();
    const entries = before.raft.entries(1, before.raft.status.lastIndex);
    const core = new TestCore({ entries, term: 2 });
    core.nowMs = 10_000;
    elect(core, 3);
    live(core, electionTimeoutMs + heartbeatMs, 'n2', 'n3');
    expect([core.raft.status.role, core.raft.members]).toEqual(['follower', joint]);
  });

  test('that an earlier leader began is left forwards by the next, once that has committed an entry of its own', () => {
    const before = jointLeader();
    const core = new TestCore({ entries: before.raft.entries(1, before.raft.status.lastIndex), term: 2 });
    core.nowMs = 10_000;
    elect(core, 3);
    acknowledge(core, 'n2', 'n4');
    expect(core.raft.members).toEqual(membersOf(['n1', 'n4', 'n5']));
  });
});

describe('a leader that removes itself', () => {
  test('leads until that is committed, and does not count itself', () => {
    const core = readyLeader();
    reconfigure(core, membersOf(['n2', 'n3']));
    acknowledge(core, 'n2');
    expect(core.raft.status).toMatchObject({ role: 'leader', commitIndex: 1 });
    acknowledge(core, 'n3');
    expect(core.raft.status).toMatchObject({ role: 'follower', commitIndex: 2 });
    expect(core.changes).toEqual([{ kind: 'changed' }]);
  });

  test('lets the voter lead whose log is complete', () => {
    const core = readyLeader();
    reconfigure(core, membersOf(['n2', 'n3']));
    acknowledge(core, 'n2', 'n3');
    const orders = requestsIn(core.sent).filter(({ message }) => message.type === 'timeout_now');
    expect(orders.map(({ to, message }) => [to, message])).toEqual([['n2', { type: 'timeout_now', term: 2, target: 'n2' }]]);
  });
});
