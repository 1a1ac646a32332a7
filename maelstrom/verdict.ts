import type { Report } from './checker/check.ts';
import type { Findings } from './findings.ts';
import type { Figures } from './report/figures.ts';

/** Whether a run was good. A property that was violated outweighs one that could not be decided. */
export type Verdict =
  | { readonly kind: 'good' }
  | { readonly kind: 'violated' | 'undecided'; /** Each a sentence. */ readonly reasons: readonly string[] };

/** The one place that decides what a run is called. */
export function judge(report: Report, findings: Findings, figures: Figures): Verdict {
  const violations = [...linearizability(report), ...misbehaviour(findings), ...neverSucceeded(figures)];
  if (violations.length > 0) return { kind: 'violated', reasons: violations };
  if (report.verdict === 'linearizable') return { kind: 'good' };
  const unknown = report.keys.filter(({ verdict }) => verdict === 'unknown').map(({ key }) => JSON.stringify(key));
  return { kind: 'undecided', reasons: [`The search was given up for key ${unknown.join(', ')}.`] };
}

export function exitCode({ kind }: Verdict): 0 | 1 | 2 {
  switch (kind) {
    case 'good':
      return 0;
    case 'violated':
      return 1;
    case 'undecided':
      return 2;
  }
}

function linearizability(report: Report): readonly string[] {
  const bad = report.keys.filter(({ verdict }) => verdict === 'not-linearizable').map(({ key }) => JSON.stringify(key));
  return bad.length === 0 ? [] : [`Not linearizable: key ${bad.join(', ')}.`];
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
