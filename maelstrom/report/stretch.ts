import type { HistoryEvent } from '../history/history.ts';
import type { StatusRecord } from '../cluster/monitor.ts';
import { compose } from './composition.ts';
import type { Composition } from './composition.ts';
import { faultSpans } from './faults.ts';
import type { FaultSpan } from './faults.ts';
import { withoutMajorityMs } from './majority.ts';

/** A stretch of time in which no operation succeeded, in milliseconds since the start of the run. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** The faults that were in force during a part of it, by their beginnings. */
  readonly faults: readonly FaultSpan[];
  /** For how long of it the faults left no majority of nodes that run and can talk with each other. */
  readonly withoutMajorityMs: number;
  /** What it was spent on. */
  readonly composition: Composition;
}

/** The longest stretch from one success to the next; the start and the end of the run count as successes here. */
export function longestStretch(
  events: readonly HistoryEvent[],
  nodeIds: readonly string[],
  durationMs: number,
  statuses: StatusRecord,
): Stretch {
  let longest = { fromMs: 0, toMs: 0 };
  let lastOkMs = 0;
  const isSuccess = ({ process, type }: HistoryEvent) => process !== 'nemesis' && type === 'ok';
  const okTimesMs = events.filter(isSuccess).map(({ time }) => time / 1e6);
  for (const okMs of [...okTimesMs, durationMs]) {
    if (okMs - lastOkMs > longest.toMs - longest.fromMs) longest = { fromMs: lastOkMs, toMs: okMs };
    lastOkMs = okMs;
  }
  const overlaps = ({ fromMs, toMs }: FaultSpan) => fromMs < longest.toMs && toMs > longest.fromMs;
  return {
    ...longest,
    faults: faultSpans(events, durationMs).filter(overlaps),
    withoutMajorityMs: withoutMajorityMs(events, nodeIds, longest),
    composition: compose(longest, statuses),
  };
}
