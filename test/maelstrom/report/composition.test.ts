import { describe, expect, it } from 'vitest';
import { nothingSeen, nothingToSee } from '../../../maelstrom/cluster/monitor.ts';
import type { StatusChange, StatusRecord } from '../../../maelstrom/cluster/monitor.ts';
import { compose, leaderChanges } from '../../../maelstrom/report/composition.ts';

/** `at(500).follows('n1', 2)`: from 500 ms on a node follows n1 in term 2. */
function at(atMs: number) {
  const change = (role: StatusChange['role'], term: number, leader: string | null): StatusChange => {
    return { atMs, role, term, leader, commitIndex: 0 };
  };
  return {
    follows: (leader: string | null, term: number) => change('follower', term, leader),
    campaigns: (term: number) => change('candidate', term, null),
    leads: (term: number) => change('leader', term, 'itself'),
  };
}

function seen(changes: StatusRecord['changes']): StatusRecord {
  return { changes, isComplete: true };
}

/** n1 leads term 1 and is cut off at 1000; n2 campaigns and wins. */
const failover = {
  n1: [at(5).leads(1), at(1525).follows(null, 1), at(4000).follows('n2', 2)],
  n2: [at(5).follows('n1', 1), at(1600).campaigns(1), at(1650).campaigns(2), at(1700).leads(2)],
  n3: [at(5).follows('n1', 1), at(1675).follows(null, 2), at(1725).follows('n2', 2)],
};
const gap = { fromMs: 1001, toMs: 1710 };

describe('a stretch without a success', () => {
  it('in which another leader took over consists of detection, election and first commit', () => {
    expect(compose(gap, seen(failover))).toEqual({
      kind: 'new-leader',
      leader: 'n2',
      term: 2,
      detectionMs: 599,
      electionMs: 100,
      firstCommitMs: 10,
    });
  });

  it('counts as detected when a new term is seen, though the candidate was missed', () => {
    const quick = { ...failover, n2: [at(5).follows('n1', 1), at(1700).leads(2)] };
    expect(compose(gap, seen(quick))).toMatchObject({ detectionMs: 674, electionMs: 25, firstCommitMs: 10 });
  });

  it('was not detected by a node that had been a candidate all along', () => {
    const n4 = [at(300).campaigns(1), at(1100).campaigns(3)];
    expect(compose(gap, seen({ ...failover, n4 }))).toMatchObject({ detectionMs: 599 });
  });

  it('may end before its new leader is seen', () => {
    expect(compose({ fromMs: 1001, toMs: 1690 }, seen(failover))).toMatchObject({
      kind: 'new-leader',
      detectionMs: 599,
      electionMs: 90,
      firstCommitMs: 0,
    });
  });

  it('says so when no new leader was elected in it, and who led before', () => {
    const before = { leader: 'n1', term: 1 };
    expect(compose({ fromMs: 100, toMs: 900 }, seen(failover))).toEqual({ kind: 'no-new-leader', before });
    const nobody = { kind: 'no-new-leader', before: null };
    expect(compose(gap, seen({ n1: [at(0).follows(null, 0)] }))).toEqual(nobody);
  });

  it('does not take the return of the same leader for an election', () => {
    const n1 = [at(5).leads(1), at(1200).follows(null, 1), at(1400).leads(1)];
    expect(compose(gap, seen({ n1 }))).toMatchObject({ kind: 'no-new-leader' });
  });

  it('at the start of a run has its election too', () => {
    const first = { kind: 'new-leader', leader: 'n1', term: 1 };
    expect(compose({ fromMs: 0, toMs: 20 }, seen(failover))).toMatchObject(first);
  });

  it('is not broken down where nobody tells, or not all was kept', () => {
    expect(compose(gap, nothingSeen)).toEqual({ kind: 'not-told' });
    expect(compose(gap, nothingToSee)).toEqual({ kind: 'not-asked' });
    expect(compose(gap, seen({ n1: [], n2: [] }))).toEqual({ kind: 'not-told' });
    expect(compose(gap, { changes: failover, isComplete: false })).toEqual({ kind: 'not-kept' });
  });
});

describe('changes of leader', () => {
  it('are counted by the terms in which somebody led', () => {
    expect(leaderChanges(seen(failover))).toBe(1);
    expect(leaderChanges(seen({ n1: [at(5).leads(1), at(50).leads(1)] }))).toBe(0);
    expect(leaderChanges(seen({ n1: [at(5).follows(null, 0)] }))).toBe(0);
  });

  it('are unknown where nobody tells', () => {
    expect(leaderChanges(nothingSeen)).toBeUndefined();
  });
});
