import type { HistoryEvent } from '../history/history.ts';
import { broadcast } from './broadcast.ts';
import { echo } from './echo.ts';
import { gCounter } from './g-counter.ts';
import { gSet } from './g-set.ts';
import { kafka } from './kafka.ts';
import { linKv } from './lin-kv.ts';
import { pnCounter } from './pn-counter.ts';
import { txnListAppend } from './txn-list-append.ts';
import { txnRwRegister } from './txn-rw-register.ts';
import { uniqueIds } from './unique-ids.ts';
import type { Workload } from './workload.ts';

/** Everything that can be asked for with `--workload`. */
export const workloads: readonly Workload[] = [
  linKv,
  echo,
  uniqueIds,
  broadcast,
  gSet,
  gCounter,
  pnCounter,
  kafka,
  txnListAppend,
  txnRwRegister,
];

/**
 * Which workload a recorded history is of: the first that has all its operations and whose `fits` does not deny it;
 * failing that, the first that has them, so that its judge says what is missing. Undefined where none has.
 */
export function workloadOf(events: readonly HistoryEvent[]): Workload | undefined {
  const seen = operationNames(events);
  const able = workloads.filter(({ operations, otherOperations = [] }) => {
    return seen.every((f) => operations.includes(f) || otherOperations.includes(f));
  });
  return able.find((workload) => workload.fits?.(events) ?? true) ?? able[0];
}

/** What clients did in a history, each kind of operation once. */
export function operationNames(events: readonly HistoryEvent[]): readonly string[] {
  return [...new Set(events.filter(({ process }) => process !== 'nemesis').map(({ f }) => f))];
}
