import type { HistoryEvent } from '../history/history.ts';

/** Whether every read that succeeded brought a list: then it is a set that was read, and no number. */
export function bringLists(events: readonly HistoryEvent[]): boolean {
  return events.every(({ type, f, value }) => type !== 'ok' || f !== 'read' || Array.isArray(value));
}
