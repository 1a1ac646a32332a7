import { describe, expect, it } from 'vitest';
import { checkHistory } from '../../../maelstrom/checkers/register/check.ts';
import type { Report } from '../../../maelstrom/checkers/register/check.ts';
import { Findings } from '../../../maelstrom/cluster/findings.ts';
import type { HistoryEvent } from '../../../maelstrom/history/history.ts';
import { nothingSeen } from '../../../maelstrom/cluster/monitor.ts';
import { operationsOf } from '../../../maelstrom/history/operations.ts';
import { computeFigures } from '../../../maelstrom/report/figures.ts';
import { exitCode, judge } from '../../../maelstrom/report/verdict.ts';
import { judgementOf } from '../../../maelstrom/workloads/lin-kv-judge.ts';

type Calls = readonly (readonly ['read' | 'write', number])[];

/** The same keys, had the budget been too small for them. */
function givenUp({ keys }: Report): Report {
  const unknown = keys.map(({ key, operations, initial, configurations }) => {
    return { key, operations, initial, configurations, verdict: 'unknown', exhausted: 'time' } as const;
  });
  return { verdict: 'unknown', keys: unknown };
}

/** What a run with these operations, one after the other, and these findings is called. */
function verdict(calls: Calls, findings = new Findings(10), mayDecide = true) {
  const events = calls.flatMap(([f, value], place): readonly HistoryEvent[] => {
    const common = { process: 0, f, key: 7 };
    return [
      { index: 2 * place, time: 2 * place, type: 'invoke', ...common, value: f === 'read' ? null : value },
      { index: 2 * place + 1, time: 2 * place + 1, type: 'ok', ...common, value },
    ];
  });
  const messages = { servers: 0, clients: 0, lost: 0 };
  const figures = computeFigures(events, ['n1'], ['read', 'write'], 1000, messages, nothingSeen);
  const budget = { nowMs: () => 0, timeMs: 1, cacheBytes: 2 ** 20 };
  const report = checkHistory(operationsOf(events), { budget });
  const leftOut = { failed: 0, unansweredReads: 0 };
  return judge(judgementOf(mayDecide ? report : givenUp(report), leftOut), findings, figures);
}

function withFinding(): Findings {
  const findings = new Findings(10);
  findings.add({ kind: 'ended', nodeId: 'n1', atMs: 0, what: 'exited with code 1', stderrTail: [] });
  return findings;
}

const good = [['write', 1], ['read', 1]] as const;

describe('a run', () => {
  it('is good when it is linearizable, every operation succeeded and no node misbehaved', () => {
    expect(verdict(good)).toEqual({ kind: 'good', reasons: ['what the clients saw is linearizable.'] });
    expect(exitCode(verdict(good))).toBe(0);
  });

  it('is bad when a key is not linearizable, and the key is named', () => {
    const bad = verdict([...good, ['read', 2]]);
    expect(bad).toEqual({ kind: 'violated', reasons: ['Not linearizable: key 7.'] });
    expect(exitCode(bad)).toBe(1);
  });

  it('is bad when a node misbehaved', () => {
    const reasons = ['A node misbehaved; see the finding.'];
    expect(verdict(good, withFinding())).toEqual({ kind: 'violated', reasons });
  });

  it('is bad when an operation never succeeded, and says which', () => {
    const reasons = ['Not one read succeeded, so nothing is shown about it.'];
    expect(verdict([['write', 1]])).toEqual({ kind: 'violated', reasons });
  });
});

describe('a run whose search was given up', () => {
  it('is undecided, never good', () => {
    const undecided = verdict(good, new Findings(10), false);
    expect(undecided).toEqual({ kind: 'undecided', reasons: ['The search was given up for key 7.'] });
    expect(exitCode(undecided)).toBe(2);
  });

  it('is bad all the same when something else was violated', () => {
    expect(verdict(good, withFinding(), false).kind).toBe('violated');
  });
});
