import { isObject } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import type { HistoryEvent } from '../history/history.ts';

/** A time during which a fault was in force, in milliseconds since the start of the run. */
export interface FaultSpan {
  /** Its name, as `--nemesis` takes it. */
  readonly fault: string;
  /** What it did: the kind of a partition; the nodes that were hit. */
  readonly what: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** When which fault was in force, by their beginnings. One that nobody ended lasts to the end. */
export function faultSpans(events: readonly HistoryEvent[], durationMs: number): readonly FaultSpan[] {
  const spans: FaultSpan[] = [];
  const open = new Map<string, Omit<FaultSpan, 'toMs'>>();
  for (const event of events) {
    const change = faultChange(event);
    if (change === undefined) continue;
    const { fault, begins } = change;
    const atMs = event.time / 1e6;
    const before = open.get(fault);
    if (before !== undefined) spans.push({ ...before, toMs: atMs });
    open.delete(fault);
    if (begins) open.set(fault, { fault, what: whatText(event.value), fromMs: atMs });
  }
  const unended = [...open.values()].map((span) => ({ ...span, toMs: durationMs }));
  return [...spans, ...unended].toSorted((left, right) => left.fromMs - right.fromMs);
}

/** Reads `start-kill` and the like; undefined where the event says nothing of the kind. */
export function faultChange({ process, f }: HistoryEvent): FaultChange | undefined {
  const match = process === 'nemesis' ? /^(start|stop)-(.+)$/.exec(f) : null;
  return match?.[2] === undefined ? undefined : { fault: match[2], begins: match[1] === 'start' };
}

export interface FaultChange {
  readonly fault: string;
  readonly begins: boolean;
}

/** The nodes that a `start-kill` or the like names. */
export function nodesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((nodeId) => typeof nodeId === 'string') : [];
}

function whatText(value: Json): string {
  if (Array.isArray(value)) return nodesOf(value).join(' ');
  const kind = isObject(value) ? value['kind'] : undefined;
  return typeof kind === 'string' ? kind : 'unknown';
}
