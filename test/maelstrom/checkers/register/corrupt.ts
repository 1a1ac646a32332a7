/**
 * Makes a correct history wrong in one place. For histories in which hardly a value is written twice, for otherwise
 * what was changed might be right by chance.
 */
import type { HistoryEvent, OperationEvent } from '../../../../maelstrom/history/history.ts';
import type { Json } from '../../../../src/services/json.ts';

export const corruptions = { staleRead, lostWrite, valueFromNowhere, casAppliedTwice };

/** The read that is `share` (0 to 1) into the history sees a value that was never there. */
export function valueFromNowhere(events: readonly HistoryEvent[], share: number): HistoryEvent[] {
  const read = find(completions(events, 'read'), (event) => event.index >= share * events.length);
  return events.map((event) => (event === read ? seeing(read, 'from nowhere') : event));
}

/** A read sees the value before the one that a read before it saw. */
function staleRead(events: readonly HistoryEvent[], share: number): HistoryEvent[] {
  const reads = completions(events, 'read').filter((event) => event.index >= share * events.length);
  const old = find(reads, ({ value }) => value !== null);
  const begunAfter = (earlier: OperationEvent, event: OperationEvent): boolean =>
    event.key === old.key && invocationOf(events, event).index > earlier.index;
  const later = find(reads, (event) => begunAfter(old, event) && event.value !== old.value);
  const stale = find(reads, (event) => begunAfter(later, event));
  return events.map((event) => (event === stale ? seeing(stale, old.value) : event));
}

/** A write that somebody saw is said to have failed. */
function lostWrite(events: readonly HistoryEvent[], share: number): HistoryEvent[] {
  const reads = completions(events, 'read');
  const write = find(
    completions(events, 'write'),
    (event) => event.index >= share * events.length && reads.some((read) => read.value === event.value),
  );
  return events.map((event): HistoryEvent => (event === write ? { ...write, type: 'fail' } : event));
}

/** A cas that succeeded succeeds once more, for somebody else. */
function casAppliedTwice(events: readonly HistoryEvent[], share: number): HistoryEvent[] {
  const cas = find(completions(events, 'cas'), (event) => event.index >= share * events.length);
  const again = { ...cas, process: 1_000_000 };
  return events
    .flatMap((event): HistoryEvent[] => (event === cas ? [cas, { ...again, type: 'invoke' }, again] : [event]))
    .map((event, index) => ({ ...event, index }));
}

function seeing(read: OperationEvent, value: Json): HistoryEvent {
  return { ...read, f: 'read', value };
}

function completions(events: readonly HistoryEvent[], f: OperationEvent['f']): readonly OperationEvent[] {
  return events.filter((event): event is OperationEvent => event.f === f && event.type === 'ok');
}

function invocationOf(events: readonly HistoryEvent[], completion: OperationEvent): HistoryEvent {
  const before = events.slice(0, completion.index);
  const invocation = before.findLast(({ process, type }) => process === completion.process && type === 'invoke');
  if (invocation === undefined) throw new Error('a completion without an invocation');
  return invocation;
}

function find<T>(candidates: readonly T[], fits: (candidate: T) => boolean): T {
  const found = candidates.find(fits);
  if (found === undefined) throw new Error('this history has no place for the corruption');
  return found;
}
