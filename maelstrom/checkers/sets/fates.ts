import type { Json } from '../../../src/services/json.ts';
import type { Element } from './elements.ts';

/** Jepsen's: at least this share of the elements took no longer. */
const shares = [0, 0.5, 0.95, 0.99, 1];

/**
 * `stable`: from some moment on every read that began saw it. `lost`: it was known to be there, and the last read that
 * could have seen it did not. `never-read`: nothing of the kind can be said, for no read came after it was known.
 */
export type Outcome = 'stable' | 'lost' | 'never-read';

export interface Fate {
  readonly value: Json;
  readonly outcome: Outcome;
  /** From when it was known to when it was stable, or lost, as far as reads tell: 0 where it was at once. */
  readonly latencyMs: number;
}

/**
 * A read that overlaps with the add and does not see the element may have come before it: only one that began after the
 * element was known can show that it is lost. One of the last questions that misses it shows that, whatever others see.
 */
export function fateOf({ value, known, lastPresent, lastAbsent, missedAtEnd }: Element): Fate {
  const present = lastPresent?.index ?? -1;
  const absent = lastAbsent?.index ?? -1;
  const knownNs = known?.time ?? 0;
  if (missedAtEnd !== undefined) return { value, outcome: 'lost', latencyMs: latencyMs(knownNs, lastPresent?.time) };
  if (lastPresent !== undefined && absent < present) {
    return { value, outcome: 'stable', latencyMs: latencyMs(knownNs, lastAbsent?.time) };
  }
  if (known !== undefined && present < absent && known.index < absent) {
    return { value, outcome: 'lost', latencyMs: latencyMs(knownNs, lastPresent?.time) };
  }
  return { value, outcome: 'never-read', latencyMs: 0 };
}

/** In whole milliseconds, as Jepsen counts: from when it was known to just after the read that saw it otherwise. */
function latencyMs(knownNs: number, otherwiseNs: number | undefined): number {
  return otherwiseNs === undefined ? 0 : Math.floor(Math.max(0, otherwiseNs + 1 - knownNs) / 1e6);
}

/** Share of the elements -> how long they took at most; nothing where there are none. */
export function latencies(fates: readonly Fate[]): Readonly<Record<string, number>> {
  const sorted = fates.map((fate) => fate.latencyMs).toSorted((left, right) => left - right);
  if (sorted.length === 0) return {};
  return Object.fromEntries(
    shares.map((share) => [share, sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0]),
  );
}

/** The same as a line for a terminal. */
export function latencyLine(name: string, fates: readonly Fate[]): readonly string[] {
  const { 0: min, '0.5': median, '0.95': p95, '0.99': p99, 1: max } = latencies(fates);
  if (min === undefined) return [];
  return [`  ${name}: ${min} ms at least, half by ${median} ms, 95 % by ${p95} ms, 99 % by ${p99} ms, all by ${max} ms`];
}
