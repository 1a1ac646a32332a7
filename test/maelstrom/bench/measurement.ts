import type { Measurement } from '../../../maelstrom/bench/measure.ts';

/** A measurement of nothing in particular, with what matters to a test. */
export function measurement(figures: Partial<Measurement> = {}): Measurement {
  return {
    durationMs: 1000,
    operationsPerSecond: 1000,
    p50Ms: 1,
    p99Ms: 2,
    nodes: [],
    messagesPerOperation: 1.5,
    bytesPerOperation: 100,
    cpuMsPer1000Operations: 50,
    peakBytes: 64 * 2 ** 20,
    routerBusy: 0.25,
    routerShare: 0.1,
    othersShare: 0.01,
    failed: 0,
    errors: {},
    timeouts: 0,
    notFound: 0,
    ...figures,
  };
}
