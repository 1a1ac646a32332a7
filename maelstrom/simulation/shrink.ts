import type { FaultName } from './plan/plan.ts';
import type { Bounds } from './plan/swarm.ts';
import type { Outcome, Play } from './run.ts';

/** A run that breaks a rule, and what it was allowed to be. */
export interface Failure {
  readonly bounds: Bounds;
  readonly outcome: Outcome;
}

/** Runs that the search for a smaller one may take, at most. */
const maxRuns = 400;
/** How many other seeds are tried where the seed itself no longer fails in a smaller run. */
const otherSeeds = 10;
/** A run of another kind may need more events to get there: twice as many, and as many as these. */
const leastEvents = 10_000;

/**
 * Looks for a smaller run that breaks the same rule: without one fault or another, with fewer nodes, fewer clients, in
 * less time. A smaller run is another run, in which the same seed may find nothing; then neighbouring seeds may.
 */
export function shrink(failure: Failure, play: Play): Failure {
  let runs = 0;
  let smallest = withoutRest(failure);
  const attempt = (bounds: Bounds): boolean => {
    for (let other = 0; other <= otherSeeds && runs < maxRuns; other += 1) {
      runs += 1;
      const outcome = play((smallest.outcome.plan.seed + other) % 2 ** 32, bounds);
      if (outcome.violation?.rule !== failure.outcome.violation?.rule) continue;
      smallest = withoutRest({ bounds, outcome });
      return true;
    }
    return false;
  };
  let isSmaller = true;
  while (isSmaller && runs < maxRuns) isSmaller = smallerBounds(smallest).some(attempt);
  return smallest;
}

/** The same run: nothing that it is still allowed to be and is not, and nothing after the rule is broken. */
function withoutRest({ bounds, outcome }: Failure): Failure {
  const { nodeIds, faults, durationMs, clients, service } = outcome.plan;
  const isAtEnd = outcome.virtualMs > durationMs;
  const exact = {
    minNodes: nodeIds.length,
    maxNodes: nodeIds.length,
    faults: bounds.faults.filter((fault) => faults.has(fault)),
    maxClients: clients,
    services: [service] as const,
    maxEvents: isAtEnd ? Infinity : outcome.events,
  };
  return { bounds: { ...bounds, ...exact }, outcome };
}

/** Each a little smaller in one thing; first what makes most of a difference to who reads it. */
function smallerBounds({ bounds, outcome }: Failure): readonly Bounds[] {
  const isAtEnd = outcome.virtualMs > bounds.durationMs;
  const room = { maxEvents: isAtEnd ? Infinity : Math.max(2 * outcome.events, leastEvents) };
  const half = Math.ceil(bounds.faults.length / 2);
  const halves = bounds.faults.length < 3 ? [] : [bounds.faults.slice(half), bounds.faults.slice(0, half)];
  return [
    ...halves.map((faults) => ({ faults })),
    ...[3, 4, 5].filter((count) => count < bounds.minNodes).map((count) => ({ minNodes: count, maxNodes: count })),
    ...bounds.faults.map((fault) => ({ faults: without(bounds.faults, fault) })),
    ...[0, 1, 2, 4].filter((count) => count < bounds.maxClients).map((maxClients) => ({ maxClients })),
    ...(bounds.durationMs > 1000 && isAtEnd ? [{ durationMs: bounds.durationMs / 2 }] : []),
  ].map((smaller) => ({ ...bounds, ...room, ...smaller }));
}

function without(faults: readonly FaultName[], fault: FaultName): readonly FaultName[] {
  return faults.filter((other) => other !== fault);
}
