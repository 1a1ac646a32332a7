import { describe, expect, it } from 'vitest';
import { Findings } from '../../../maelstrom/cluster/findings.ts';
import type { Figures } from '../../../maelstrom/report/figures.ts';
import { figureLines, findingLines, verdictLines } from '../../../maelstrom/report/terminal.ts';

const figures: Figures = {
  durationMs: 10_000,
  operations: {
    read: {
      ok: 1512,
      fail: 3,
      info: 0,
      latencyMs: { p50: 1.24, p95: 10.06, p99: 48.9, max: 1002.5 },
      errors: { timeout: 1, '20 key-does-not-exist': 2 },
    },
    write: { ok: 499, fail: 0, info: 1, latencyMs: { p50: 2, p95: 12, p99: 50, max: 900 }, errors: { timeout: 1 } },
    cas: { ok: 0, fail: 0, info: 0, errors: {} },
  },
  throughputPerSecond: 201.14,
  messages: { servers: 8044, clients: 4020, lost: 12, perOperation: 5.985, serversPerOperation: 3.991 },
  leaderChanges: undefined,
  longestStretchWithoutOk: {
    fromMs: 4020,
    toMs: 5233.3,
    faults: [
      { fault: 'partition', what: 'one-alone', fromMs: 4000, toMs: 5000 },
      { fault: 'kill', what: 'n0 n2', fromMs: 5100, toMs: 6000 },
    ],
    withoutMajorityMs: 133,
    composition: { kind: 'not-told' },
  },
};

describe('the terminal report', () => {
  it('shows the figures', () => {
    expect(figureLines(figures).join('\n')).toBe(
      `
                    ok      fail      info       p50       p95       p99       max
read              1512         3         0    1.2 ms   10.1 ms   48.9 ms 1002.5 ms
write              499         0         1    2.0 ms   12.0 ms   50.0 ms  900.0 ms
cas                  0         0         0         -         -         -         -

errors      read: 20 key-does-not-exist (2), timeout (1)
            write: timeout (1)
throughput  201.1 successful operations a second
messages    5.99 per operation, 3.99 of them between nodes
            8044 between nodes (12 lost to cuts), 4020 with clients
longest gap 1.21 s without a success, from 4.02 s to 5.23 s
            what it is made up of cannot be said: the nodes do not answer raft_status
            faults then: partition one-alone from 4.00 s to 5.00 s
                         kill n0 n2 from 5.10 s to 6.00 s
            the faults left no majority for 0.13 s of it`.slice(1),
    );
  });

  it('says so when no fault was in force', () => {
    const { longestStretchWithoutOk } = figures;
    const calm = { ...longestStretchWithoutOk, faults: [], withoutMajorityMs: 0 };
    expect(figureLines({ ...figures, longestStretchWithoutOk: calm }).at(-1)).toBe('            no fault then');
  });

  it.each([
    [
      { kind: 'new-leader', leader: 'n2', term: 3, detectionMs: 620, electionMs: 25, firstCommitMs: 8 },
      'made up of: detection 0.62 s, election 0.03 s, first commit 0.01 s',
      '(nodes are asked every 25 ms; the new leader is n2, of term 3)',
    ],
    [
      { kind: 'no-new-leader', before: { leader: 'n2', term: 3 } },
      'no new leader was elected in it (before it n2 had led term 3)',
    ],
    [{ kind: 'no-new-leader', before: null }, 'no new leader was elected in it (before it nobody had led)'],
    [{ kind: 'not-kept' }, 'what it is made up of cannot be said: too much happened to be kept'],
  ] as const)('says of the longest gap: %j', (composition, ...lines) => {
    const calm = { faults: [], withoutMajorityMs: 0 };
    const longestStretchWithoutOk = { ...figures.longestStretchWithoutOk, ...calm, composition };
    const shown = figureLines({ ...figures, longestStretchWithoutOk });
    expect(shown.slice(-1 - lines.length, -1)).toEqual(lines.map((line) => `            ${line}`));
  });

  it('tells how often the leader changed, where that is known', () => {
    const shown = [0, 1, 2].map((leaderChanges) => figureLines({ ...figures, leaderChanges }).at(-6));
    expect(shown).toEqual(['0 changes', '1 change', '2 changes'].map((text) => `leaders     ${text} of leader seen`));
  });

  it('shows findings with the line and the last words of the node', () => {
    const findings = new Findings(10);
    const what = 'wrote a line to stdout that is not JSON';
    findings.add({ kind: 'malformed-output', nodeId: 'n2', atMs: 1234, what, line: 'hello', stderrTail: [] });
    findings.add({ kind: 'ended', nodeId: 'n1', atMs: 2000, what: 'exited with code 3', stderrTail: ['one', 'two'] });
    expect(findingLines(findings).join('\n')).toBe(
      `
Findings:
  n2 wrote a line to stdout that is not JSON (at 1.23 s)
    the line: hello
  n1 exited with code 3 (at 2.00 s)
    last on its stderr:
      one
      two`,
    );
    expect(findingLines(new Findings(10))).toEqual([]);
  });

  it('ends with the verdict and its reasons', () => {
    expect(verdictLines({ kind: 'good', reasons: ['all is well.'] })).toEqual(['', 'Good: all is well.']);
    const reasons = ['Not linearizable: key 3.', 'A node misbehaved; see the finding.'];
    expect(verdictLines({ kind: 'violated', reasons })).toEqual([
      '',
      'Bad: Not linearizable: key 3.',
      '     A node misbehaved; see the finding.',
    ]);
    expect(verdictLines({ kind: 'undecided', reasons: ['x'] })).toEqual(['', 'Undecided: x']);
  });
});

describe('findings', () => {
  const rubbish = { kind: 'malformed-output', nodeId: 'n1', atMs: 0, what: 'wrote rubbish', stderrTail: [] } as const;

  it('are kept up to a bound, and counted beyond', () => {
    const findings = new Findings(3);
    const kept = [1, 2, 3, 4, 5].map(() => findings.add(rubbish));
    expect(kept).toEqual([true, true, true, false, false]);
    expect([findings.kept.length, findings.omittedCount]).toEqual([3, 2]);
    expect(findingLines(findings).at(-1)).toBe('  and 2 more of the kind');
  });

  it('always tell of the first end of a node', () => {
    const findings = new Findings(1);
    findings.add(rubbish);
    expect(findings.add({ ...rubbish, kind: 'ended' })).toBe(true);
    expect(findings.add({ ...rubbish, kind: 'ended' })).toBe(false);
    expect(findings.add({ ...rubbish, kind: 'ended', nodeId: 'n2' })).toBe(true);
  });
});
