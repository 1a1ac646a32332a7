import { CheckedWorld } from './checked-world.ts';
import { Violation } from './checks/violation.ts';
import type { Plan } from './plan/plan.ts';
import { drawPlan } from './plan/swarm.ts';
import type { Bounds } from './plan/swarm.ts';
import type { Tally } from './record/tally.ts';
import type { Trace } from './record/trace.ts';
import { playedServices } from './services/all.ts';
import type { PlayedService } from './services/played-service.ts';
import { Standstill } from './world/virtual-time.ts';

/** What came of a run. */
export interface Outcome {
  readonly plan: Plan;
  readonly virtualMs: number;
  readonly events: number;
  readonly tally: Tally;
  readonly violation: Violation | undefined;
  /** Whether the history was too hard to judge. */
  readonly isUndecided: boolean;
}

/** Plays the run of a seed within bounds. */
export type Play = (seed: number, bounds: Bounds, trace?: Trace) => Outcome;

export const playSeed: Play = (seed, bounds, trace) => simulate(drawPlan(seed, bounds), trace);

/**
 * Plays what the plan says, from the first `init` to the verdict on what clients saw. The same plan, the same run.
 *
 * @param service in place of the one that the plan names
 */
export function simulate(
  plan: Plan,
  trace?: Trace,
  service: PlayedService = playedServices[plan.service],
): Outcome {
  const world = new CheckedWorld(plan, service, trace);
  let violation: Violation | undefined;
  let isUndecided = false;
  try {
    if (world.storm()) {
      world.calm();
      const { verdict, explanation } = service.judge(world.events);
      isUndecided = verdict === 'undecided';
      if (verdict === 'violated') throw new Violation('linearizability', undefined, explanation.join('\n'));
    }
  } catch (error) {
    violation = violationOf(error);
    const { rule, nodeId, message } = violation;
    trace?.note({ atMs: world.time.nowMs, nodeId, what: `${rule}: ${message}` });
  }
  const { time, tally } = world;
  return { plan, virtualMs: time.nowMs, events: time.events, tally, violation, isUndecided };
}

function violationOf(error: unknown): Violation {
  if (error instanceof Violation) return error;
  if (error instanceof Standstill) return new Violation('liveness', undefined, error.message);
  throw error;
}
