import type { Json } from '../../../src/services/json.ts';
import { latencies } from './fates.ts';
import type { Fate, Outcome } from './fates.ts';
import { maxShown } from './words.ts';

/** For results.json: the fields of Jepsen's results (jepsen.checker/set-full), in JSON's spelling. Latencies in ms. */
export function setResults(fates: readonly Fate[]): Readonly<Record<string, Json>> {
  const of = (outcome: Outcome) => fates.filter((fate) => fate.outcome === outcome);
  const [stable, lost, neverRead] = [of('stable'), of('lost'), of('never-read')];
  const stale = stable.filter(({ latencyMs }) => latencyMs > 0);
  return {
    attemptCount: fates.length,
    stableCount: stable.length,
    lostCount: lost.length,
    lost: valuesOf(lost),
    neverReadCount: neverRead.length,
    neverRead: valuesOf(neverRead),
    staleCount: stale.length,
    stale: valuesOf(stale),
    worstStale: stalest(fates).map(({ value, latencyMs }) => ({ element: value, stableLatency: latencyMs })),
    stableLatencies: latencies(stable),
    lostLatencies: latencies(lost),
  };
}

/** Those that took longest until all reads saw them, the worst first. */
export function stalest(fates: readonly Fate[]): readonly Fate[] {
  const stale = fates.filter(({ outcome, latencyMs }) => outcome === 'stable' && latencyMs > 0);
  return stale.toSorted((left, right) => right.latencyMs - left.latencyMs).slice(0, maxShown);
}

function valuesOf(fates: readonly Fate[]): readonly Json[] {
  return fates.map(({ value }) => value);
}
