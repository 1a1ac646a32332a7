import type { Findings } from '../cluster/findings.ts';
import type { Figures } from './figures.ts';
import type { Judgement } from '../workloads/workload.ts';

/** Whether a run was good. A property that was violated outweighs one that could not be decided. */
export interface Verdict {
  readonly kind: Judgement['verdict'];
  /** Each a sentence. */
  readonly reasons: readonly string[];
}

/** The one place that decides what a run is called. `unavailable`: why it is not available enough, if so. */
export function judge(
  { verdict, reasons }: Judgement,
  findings: Findings,
  figures: Figures,
  unavailable: readonly string[] = [],
): Verdict {
  const violations = [
    ...(verdict === 'violated' ? reasons : []),
    ...misbehaviour(findings),
    ...neverSucceeded(figures),
    ...unavailable,
  ];
  if (violations.length > 0) return { kind: 'violated', reasons: violations };
  return { kind: verdict, reasons };
}

/**
 * The same for a run that was cut short. What went wrong by then did, unless only what comes at the end can tell; that
 * nothing did shows little.
 */
export function judgeCutShort(judgement: Judgement, findings: Findings, figures: Figures, needsEnd: boolean): Verdict {
  const unfinished = { ...figures, operations: {} };
  if (needsEnd) {
    const reasons = ['Interrupted before the last reads, which are what a run is judged by.'];
    return judge({ ...judgement, verdict: 'undecided', reasons }, findings, unfinished);
  }
  const verdict = judge(judgement, findings, unfinished);
  const { kind, reasons } = verdict;
  return kind === 'good' ? { kind: 'undecided', reasons: [`Interrupted. Up to then, ${reasons.join(' ')}`] } : verdict;
}

export function exitCode({ kind }: Pick<Verdict, 'kind'>): 0 | 1 | 2 {
  switch (kind) {
    case 'good':
      return 0;
    case 'violated':
      return 1;
    case 'undecided':
      return 2;
  }
}

function misbehaviour({ kept, omittedCount }: Findings): readonly string[] {
  const count = kept.length + omittedCount;
  if (count === 0) return [];
  return [count === 1 ? 'A node misbehaved; see the finding.' : `Nodes misbehaved; see the ${count} findings.`];
}

/** Maelstrom's rule: where an operation never succeeds, nothing was shown about it. */
function neverSucceeded({ operations }: Figures): readonly string[] {
  const names = Object.entries(operations).filter(([, { ok }]) => ok === 0).map(([name]) => name);
  return names.length === 0 ? [] : [`Not one ${names.join(', not one ')} succeeded, so nothing is shown about it.`];
}
