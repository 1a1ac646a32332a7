import type { HistoryEvent } from '../history.ts';
import type { StatusRecord } from '../monitor.ts';
import { compose } from './composition.ts';
import type { Composition } from './composition.ts';
import { partitionSpans } from './partitions.ts';
import type { PartitionSpan } from './partitions.ts';

/** A stretch of time in which no operation succeeded, in milliseconds since the start of the run. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** The partitions that were in force during a part of it, in order. */
  readonly partitions: readonly PartitionSpan[];
  /** What it was spent on. */
  readonly composition: Composition;
}

/** The longest stretch from one success to the next; the start and the end of the run count as successes here. */
export function longestStretch(events: readonly HistoryEvent[], durationMs: number, statuses: StatusRecord): Stretch {
  let longest = { fromMs: 0, toMs: 0 };
  let lastOkMs = 0;
  const isSuccess = ({ process, type }: HistoryEvent) => process !== 'nemesis' && type === 'ok';
  const okTimesMs = events.filter(isSuccess).map(({ time }) => time / 1e6);
  for (const okMs of [...okTimesMs, durationMs]) {
    if (okMs - lastOkMs > longest.toMs - longest.fromMs) longest = { fromMs: lastOkMs, toMs: okMs };
    lastOkMs = okMs;
  }
  const overlaps = ({ fromMs, toMs }: PartitionSpan) => fromMs < longest.toMs && toMs > longest.fromMs;
  const partitions = partitionSpans(events, durationMs).filter(overlaps);
  return { ...longest, partitions, composition: compose(longest, statuses) };
}
