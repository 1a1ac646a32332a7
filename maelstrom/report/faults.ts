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

/**
 * When which fault was in force, by their beginnings. One that was not ended lasts to the end, one that hit no node is none,
 * and a node that is killed is not paused any more.
 */
export function faultSpans(events: readonly HistoryEvent[], durationMs: number): readonly FaultSpan[] {
  const spans: FaultSpan[] = [];
  const open = new Map<string, { readonly value: Json; readonly fromMs: number }>();
  for (const event of events) {
    const change = faultChange(event);
    if (change === undefined) continue;
    const { fault, begins } = change;
    const atMs = event.time / 1e6;
    const replace = (name: string, value: Json | undefined): void => {
      const before = open.get(name);
      if (before !== undefined) spans.push({ fault: name, what: whatText(before.value), fromMs: before.fromMs, toMs: atMs });
      open.delete(name);
      if (value !== undefined && !isEmptyList(value)) open.set(name, { value, fromMs: atMs });
    };
    replace(fault, begins ? event.value : undefined);
    const paused = open.get('pause')?.value;
    if (fault !== 'kill' || !begins || paused === undefined) continue;
    const killed = nodesOf(event.value);
    const stillPaused = nodesOf(paused).filter((nodeId) => !killed.includes(nodeId));
    if (stillPaused.length < nodesOf(paused).length) replace('pause', stillPaused);
  }
  const unended = [...open].map(([fault, { value, fromMs }]) => {
    return { fault, what: whatText(value), fromMs, toMs: durationMs };
  });
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

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

function whatText(value: Json): string {
  if (Array.isArray(value)) return nodesOf(value).join(' ');
  const kind = isObject(value) ? value['kind'] : undefined;
  return typeof kind === 'string' ? kind : 'unknown';
}
