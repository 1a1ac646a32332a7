import type { Report } from '../../checkers/register/check.ts';
import type { HistoryEvent } from '../../history/history.ts';
import type { JournalRecord } from '../../network/journal/journal.ts';
import type { StatusRecord } from '../../cluster/monitor.ts';
import { faultSpans } from '../faults.ts';
import { messageData } from './message-data.ts';
import type { Moments } from './message-data.ts';
import { leaderMarks, nodeTimelines } from './node-data.ts';
import { operationData } from './operation-data.ts';
import { keyOrders } from './orders.ts';
import type { FaultMark, LeaderMark, PageData } from './page-data.ts';
import { ratesOf } from './rates.ts';
import { runOperations } from './run-operations.ts';
import type { RunOperation } from './run-operations.ts';

/** All that a run, or a history alone, tells. */
export interface Recorded {
  readonly events: readonly HistoryEvent[];
  readonly durationMs: number;
  readonly nodeIds: readonly string[];
  /** 0 where it is not known. */
  readonly concurrency: number;
  /** The operations of the workload, in the order in which they are shown. */
  readonly kinds: readonly string[];
  readonly statuses: StatusRecord;
  /** The checker's findings; undefined where the workload is not one of registers. */
  readonly report: Report | undefined;
  readonly journal: JournalRecord | undefined;
}

/** What the page draws, made of what was recorded and nothing else. */
export function buildPageData(recorded: Recorded): PageData {
  const { events, durationMs, nodeIds, concurrency, statuses, report, journal } = recorded;
  const all = runOperations(events);
  const kinds = [...new Set([...recorded.kinds, ...all.map(({ f }) => f)])];
  const orders = report === undefined ? [] : keyOrders(report);
  const faults = faultMarks(events, durationMs, nodeIds);
  const leaders = leaderMarks(statuses);
  const failing = new Set(orders.flatMap(({ unplaced }) => unplaced));
  const moments = momentsOf(
    all.filter(({ index }) => failing.has(index)),
    faults,
    leaders,
  );
  return {
    durationMs,
    nodeIds,
    concurrency,
    kinds,
    faults,
    leaders,
    rates: ratesOf(all, kinds, durationMs),
    nodes: nodeTimelines(statuses),
    ...operationData(all, kinds, orders),
    messages: journal === undefined ? null : messageData(journal, nodeIds, all.length, moments),
  };
}

function faultMarks(
  events: readonly HistoryEvent[],
  durationMs: number,
  nodeIds: readonly string[],
): readonly FaultMark[] {
  const known = new Set(nodeIds);
  return faultSpans(events, durationMs).map(({ fault, what, fromMs, toMs }) => {
    return { fault, what, nodeIds: what.split(' ').filter((word) => known.has(word)), fromMs, toMs };
  });
}

function momentsOf(
  failing: readonly RunOperation[],
  faults: readonly FaultMark[],
  leaders: readonly LeaderMark[],
): Moments {
  return {
    failures: failing.map(({ invokedMs, endedMs = invokedMs }) => ({ fromMs: invokedMs, toMs: endedMs })),
    notable: [...faults.flatMap(({ fromMs, toMs }) => [fromMs, toMs]), ...leaders.map(({ atMs }) => atMs)],
  };
}
