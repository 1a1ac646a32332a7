import { quantiles } from '../figures.ts';
import type { KindRates, Rates } from './page-data.ts';
import type { RunOperation } from './run-operations.ts';

/** About so many points stand beside each other in a chart. */
const wantedBuckets = 80;
const niceWidths = [1, 2, 5];

/** The width of a stretch of time that people can count in, for a run of this length. */
export function bucketMsFor(durationMs: number): number {
  const atLeastMs = Math.max(50, durationMs / wantedBuckets);
  const magnitude = 10 ** Math.floor(Math.log10(atLeastMs));
  const nice = niceWidths.map((width) => width * magnitude).find((width) => width >= atLeastMs);
  return nice ?? 10 * magnitude;
}

/** How many operations of each kind ended how, and how long they took, over time. */
export function ratesOf(operations: readonly RunOperation[], kinds: readonly string[], durationMs: number): Rates {
  const bucketMs = bucketMsFor(durationMs);
  const bucketCount = Math.max(1, Math.ceil(durationMs / bucketMs));
  const byKind = kinds.map((kind) => {
    const ofKind = operations.filter(({ f }) => f === kind);
    return kindRates(kind, ofKind, bucketCount, (atMs) => Math.min(bucketCount - 1, Math.floor(atMs / bucketMs)));
  });
  return { bucketMs, byKind };
}

function kindRates(
  kind: string,
  operations: readonly RunOperation[],
  bucketCount: number,
  bucketAt: (atMs: number) => number,
): KindRates {
  const buckets = Array.from({ length: bucketCount }, () => ({ ok: 0, fail: 0, info: 0, latenciesMs: [] as number[] }));
  for (const { outcome, invokedMs, endedMs } of operations) {
    const bucket = endedMs === undefined ? undefined : buckets[bucketAt(endedMs)];
    if (bucket === undefined || endedMs === undefined) continue;
    bucket[outcome] += 1;
    if (outcome === 'ok') bucket.latenciesMs.push(endedMs - invokedMs);
  }
  const latencies = buckets.map(({ latenciesMs }) => (latenciesMs.length === 0 ? undefined : quantiles(latenciesMs)));
  const over = (name: 'p50' | 'p95' | 'p99' | 'max') => latencies.map((latency) => microseconds(latency?.[name]));
  return {
    kind,
    ok: buckets.map(({ ok }) => ok),
    fail: buckets.map(({ fail }) => fail),
    info: buckets.map(({ info }) => info),
    p50: over('p50'),
    p95: over('p95'),
    p99: over('p99'),
    max: over('max'),
  };
}

/** Milliseconds, to the microsecond. */
function microseconds(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(1000 * ms) / 1000;
}
