import { canonical } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';
import type { HistoryEvent } from '../../history/history.ts';

/** An operation as the report shows it. Unlike for the checker, it also counts when a client gave up. */
export interface RunOperation {
  readonly process: number;
  readonly f: string;
  /** As JSON, in one form for keys that are equal; undefined where the operation has none. */
  readonly key: string | undefined;
  /** What it did, as people write it. */
  readonly text: string;
  /** The value that it leaves where it happens, as JSON. */
  readonly leaves: string;
  readonly outcome: 'ok' | 'fail' | 'info';
  readonly error: string | null;
  /** The place of its invocation in the history. */
  readonly index: number;
  readonly invokedMs: number;
  /** Undefined where nothing came back at all. */
  readonly endedMs: number | undefined;
}

type ClientEvent = Exclude<HistoryEvent, { readonly process: 'nemesis' }>;

/** Longer values are cut. */
const maxShownLength = 120;

/** Pairs the events of a history, which was recorded well, into operations in the order of their invocations. */
export function runOperations(events: readonly HistoryEvent[]): readonly RunOperation[] {
  const open = new Map<number, number>();
  const pairs: { readonly begun: ClientEvent; ended: ClientEvent | undefined }[] = [];
  for (const event of events) {
    if (event.process === 'nemesis') continue;
    if (event.type === 'invoke') {
      open.set(event.process, pairs.length);
      pairs.push({ begun: event, ended: undefined });
      continue;
    }
    const pair = pairs[open.get(event.process) ?? -1];
    if (pair !== undefined) pair.ended = event;
    open.delete(event.process);
  }
  return pairs.map(({ begun, ended }) => operation(begun, ended));
}

function operation(begun: ClientEvent, ended: ClientEvent | undefined): RunOperation {
  const { f, value } = ended ?? begun;
  const outcome = ended === undefined || ended.type === 'invoke' ? 'info' : ended.type;
  const key: Json | undefined = begun.key;
  return {
    process: begun.process,
    f,
    key: key === undefined ? undefined : canonical(key),
    text: text(f, value, outcome),
    leaves: shown(f === 'cas' && Array.isArray(value) ? value[1] : value),
    outcome,
    error: ended?.error === undefined ? null : errorText(ended.error),
    index: begun.index,
    invokedMs: begun.time / 1e6,
    endedMs: ended === undefined ? undefined : ended.time / 1e6,
  };
}

function text(f: string, value: unknown, outcome: RunOperation['outcome']): string {
  if (f === 'cas' && Array.isArray(value)) return `cas ${shown(value[0])} to ${shown(value[1])}`;
  // What did not come back has seen nothing.
  if (value === undefined || (value === null && outcome !== 'ok')) return f;
  return `${f} ${shown(value)}`;
}

function errorText(error: unknown): string {
  return Array.isArray(error) ? error.join(' ') : typeof error === 'string' ? error : shown(error);
}

/** A value as JSON, cut to what can be shown. */
export function shown(value: unknown): string {
  return cutText(JSON.stringify(value) ?? 'nothing');
}

export function cutText(text: string): string {
  return text.length <= maxShownLength ? text : `${text.slice(0, maxShownLength)}... (${text.length} characters)`;
}
