import type { HistoryEvent } from '../history.ts';
import { broadcast } from './broadcast.ts';
import { echo } from './echo.ts';
import { linKv } from './lin-kv.ts';
import { uniqueIds } from './unique-ids.ts';
import type { Workload } from './workload.ts';

/** Everything that can be asked for with `--workload`. */
export const workloads: readonly Workload[] = [linKv, echo, uniqueIds, broadcast];

/** Which workload a recorded history is of: the first that has all its operations, lin-kv where none has. */
export function workloadOf(events: readonly HistoryEvent[]): Workload {
  const seen = new Set(events.filter(({ process }) => process !== 'nemesis').map(({ f }) => f));
  return workloads.find(({ operations }) => [...seen].every((f) => operations.includes(f))) ?? linKv;
}
