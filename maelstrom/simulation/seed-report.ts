import type { Rule } from './checks/violation.ts';
import type { Bounds } from './plan/swarm.ts';
import type { Counts } from './record/tally.ts';
import { HashTrace } from './record/trace.ts';
import type { Outcome, Play } from './run.ts';

/** How seeds are to be played. */
export interface Task {
  readonly bounds: Bounds;
  /** Whether every seed is played twice and both runs compared. */
  readonly isTwice: boolean;
}

/** A violation, as values. */
export interface Broken {
  readonly rule: Rule;
  readonly nodeId: string | undefined;
  readonly message: string;
}

/** What came of one seed: values only, for it may come from another thread. */
export interface SeedReport {
  readonly seed: number;
  readonly events: number;
  readonly virtualMs: number;
  readonly counts: Counts;
  readonly violation: Broken | undefined;
  /** Whether the history was too hard to judge. */
  readonly isUndecided: boolean;
}

export function playTask(play: Play, { bounds, isTwice }: Task, seed: number): SeedReport {
  if (!isTwice) return reportOf(play(seed, bounds));
  const [first, second] = [playTraced(play, bounds, seed), playTraced(play, bounds, seed)];
  const report = reportOf(first.outcome);
  if (first.hash === second.hash) return report;
  // Two runs of a seed must be equal in everything that happens.
  const message = `seed ${seed} gave ${first.hash}, then ${second.hash}`;
  return { ...report, violation: { rule: 'determinism', nodeId: undefined, message } };
}

function playTraced(play: Play, bounds: Bounds, seed: number): { readonly outcome: Outcome; readonly hash: string } {
  const trace = new HashTrace();
  const outcome = play(seed, bounds, trace);
  return { outcome, hash: trace.digest() };
}

function reportOf({ plan, events, virtualMs, tally, violation, isUndecided }: Outcome): SeedReport {
  const broken = violation && { rule: violation.rule, nodeId: violation.nodeId, message: violation.message };
  return { seed: plan.seed, events, virtualMs, counts: tally.counts, violation: broken, isUndecided };
}
