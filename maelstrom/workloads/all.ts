import type { HistoryEvent } from '../history/history.ts';
import { broadcast } from './broadcast.ts';
import { echo } from './echo.ts';
import { linKv } from './lin-kv.ts';
import { uniqueIds } from './unique-ids.ts';
import type { Workload } from './workload.ts';

/** Everything that can be asked for with `--workload`. */
export const workloads: readonly Workload[] = [linKv, echo, uniqueIds, broadcast];

/**
 * Which workload a recorded history is of: the first that has all its operations; undefined where none has. Registers
 * and broadcasts are both read: where nothing else was done, registers have keys.
 */
export function workloadOf(events: readonly HistoryEvent[]): Workload | undefined {
  const seen = operationNames(events);
  const fitting = workloads.filter(({ operations }) => seen.every((f) => operations.includes(f)));
  return events.some((event) => 'key' in event) ? fitting[0] : (fitting.find((workload) => workload !== linKv) ?? fitting[0]);
}

/** What clients did in a history, each kind of operation once. */
export function operationNames(events: readonly HistoryEvent[]): readonly string[] {
  return [...new Set(events.filter(({ process }) => process !== 'nemesis').map(({ f }) => f))];
}
