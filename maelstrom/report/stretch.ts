import { isObject } from '../../src/json.ts';
import type { Json } from '../../src/json.ts';
import type { HistoryEvent } from '../history.ts';

/** A stretch of time in which no operation succeeded, in milliseconds since the start of the run. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** The partitions that were in force during a part of it, in order. */
  readonly partitions: readonly PartitionSpan[];
}

export interface PartitionSpan {
  readonly kind: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The longest stretch from one success to the next; the start and the end of the run count as successes here. */
export function longestStretch(events: readonly HistoryEvent[], durationMs: number): Stretch {
  let longest = { fromMs: 0, toMs: 0 };
  let lastOkMs = 0;
  const okTimesMs = events.filter(({ process, type }) => process !== 'nemesis' && type === 'ok').map(timeMs);
  for (const okMs of [...okTimesMs, durationMs]) {
    if (okMs - lastOkMs > longest.toMs - longest.fromMs) longest = { fromMs: lastOkMs, toMs: okMs };
    lastOkMs = okMs;
  }
  const overlaps = ({ fromMs, toMs }: PartitionSpan) => fromMs < longest.toMs && toMs > longest.fromMs;
  return { ...longest, partitions: partitionSpans(events, durationMs).filter(overlaps) };
}

/** When the network was cut. A partition that nobody healed lasts to the end. */
export function partitionSpans(events: readonly HistoryEvent[], durationMs: number): readonly PartitionSpan[] {
  const spans: PartitionSpan[] = [];
  let open: { readonly kind: string; readonly fromMs: number } | undefined;
  for (const event of events) {
    if (event.process !== 'nemesis') continue;
    if (open !== undefined) spans.push({ ...open, toMs: timeMs(event) });
    open = event.f === 'start-partition' ? { kind: partitionKind(event.value), fromMs: timeMs(event) } : undefined;
  }
  return open === undefined ? spans : [...spans, { ...open, toMs: durationMs }];
}

function partitionKind(value: Json): string {
  const kind = isObject(value) ? value['kind'] : undefined;
  return typeof kind === 'string' ? kind : 'unknown';
}

function timeMs({ time }: HistoryEvent): number {
  return time / 1e6;
}
