import type { Gap, JournalEntry, JournalRecord } from '../../network/journal/journal.ts';
import { inPairs } from '../../network/journal/type-counts.ts';
import type { CountsOverTime } from '../../network/journal/type-counts.ts';
import { encodeColumn } from './column.ts';
import type { MessageData } from './page-data.ts';

/** What a page can take. */
export interface MessageBounds {
  readonly maxMessages: number;
  /** As JSON in the page. */
  readonly maxBytes: number;
}

export const messageBounds: MessageBounds = { maxMessages: 100_000, maxBytes: 3_500_000 };

/** Where not all fit, messages are chosen by stretches of this length. */
const slotMs = 50;
/** How far from something notable messages are wanted before others. */
const surroundingsMs = 250;
/** The field that stands for all others where a message was too long to be kept. */
const nameOfBeginning = 'the line begins';
/** About so many points stand beside each other in a chart. */
const maxPoints = 120;

/** Moments around which messages are wanted: first of all those, then these, then the rest. */
export interface Moments {
  readonly failures: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly notable: readonly number[];
}

/** Picks the messages that the page is to hold, and puts them into columns. */
export function messageData(
  journal: JournalRecord,
  nodeIds: readonly string[],
  begunCount: number,
  moments: Moments,
  bounds: MessageBounds = messageBounds,
): MessageData {
  let maxMessages = bounds.maxMessages;
  for (;;) {
    const { entries, gaps } = choose(journal, moments, maxMessages);
    const columns = columnsOf(entries, nodeIds);
    const sizeBytes = JSON.stringify(columns).length;
    if (sizeBytes <= bounds.maxBytes || entries.length === 0) {
      return { rates: ratesOf(journal.counts, begunCount), total: total(journal), ...columns, gaps };
    }
    maxMessages = Math.floor(entries.length * Math.min(0.9, bounds.maxBytes / sizeBytes));
  }
}

type Columns = Omit<MessageData, 'rates' | 'total' | 'gaps'>;

function columnsOf(entries: readonly JournalEntry[], nodeIds: readonly string[]): Columns {
  const names = [...new Set([...nodeIds, ...entries.flatMap(({ src, dest }) => [src, dest])])];
  const places = new Map(names.map((name, place) => [name, place]));
  const column = (value: (entry: JournalEntry) => unknown) => encodeColumn(entries.map(value));
  const sentUs = ({ sentAtMs }: JournalEntry) => Math.round(1000 * sentAtMs);
  return {
    names,
    sent: column(sentUs),
    took: column((entry) => (entry.endedAtMs === undefined ? -1 : Math.round(1000 * entry.endedAtMs) - sentUs(entry))),
    src: column(({ src }) => places.get(src)),
    dest: column(({ dest }) => places.get(dest)),
    type: column(({ type }) => type),
    fate: column(({ fate }) => fate),
    body: column(bodyOf),
  };
}

/** What a message says, without its type. */
function bodyOf({ line, isCut }: JournalEntry): object {
  if (isCut) return { [nameOfBeginning]: line };
  const message: { readonly body: Readonly<Record<string, unknown>> } = JSON.parse(line);
  const { type: _, ...fields } = message.body;
  return fields;
}

/** All, or those of the most wanted stretches. What is left out is added to the gaps. */
function choose(
  { entries, gaps }: JournalRecord,
  moments: Moments,
  maxMessages: number,
): { readonly entries: readonly JournalEntry[]; readonly gaps: readonly Gap[] } {
  if (entries.length <= maxMessages) return { entries, gaps };
  const slots = slotsOf(entries);
  const byWish = [...slots.keys()].map((slot) => ({ slot, wish: wish(slot, moments) }));
  const chosen = new Set<number>();
  let count = 0;
  for (const { slot } of byWish.toSorted((left, right) => left.wish - right.wish)) {
    const size = slots.get(slot)?.length ?? 0;
    if (count + size > maxMessages) continue;
    chosen.add(slot);
    count += size;
  }
  const left = [...slots].filter(([slot]) => !chosen.has(slot)).map(([, messages]) => gapOf(messages));
  return {
    entries: entries.filter(({ sentAtMs }) => chosen.has(Math.floor(sentAtMs / slotMs))),
    gaps: joinGaps([...gaps, ...left]),
  };
}

function slotsOf(entries: readonly JournalEntry[]): ReadonlyMap<number, readonly JournalEntry[]> {
  const slots = new Map<number, JournalEntry[]>();
  for (const entry of entries) {
    const slot = Math.floor(entry.sentAtMs / slotMs);
    const messages = slots.get(slot);
    if (messages === undefined) slots.set(slot, [entry]);
    else messages.push(entry);
  }
  return slots;
}

/** Lower is more wanted: 0 around a failure, 1 around what is notable, 2 elsewhere; then in an order that spreads. */
function wish(slot: number, { failures, notable }: Moments): number {
  const fromMs = slot * slotMs - surroundingsMs;
  const toMs = (slot + 1) * slotMs + surroundingsMs;
  const spread = (slot * 0.618_034) % 1;
  if (failures.some((failure) => failure.toMs >= fromMs && failure.fromMs <= toMs)) return spread;
  return (notable.some((atMs) => atMs >= fromMs && atMs <= toMs) ? 1 : 2) + spread;
}

function gapOf(messages: readonly JournalEntry[]): Gap {
  return { fromMs: messages[0]?.sentAtMs ?? 0, toMs: messages.at(-1)?.sentAtMs ?? 0, count: messages.length };
}

/** Those that follow each other closely become one. */
function joinGaps(gaps: readonly Gap[]): readonly Gap[] {
  const joined: Gap[] = [];
  for (const gap of gaps.toSorted((left, right) => left.fromMs - right.fromMs)) {
    const last = joined.at(-1);
    if (last === undefined || gap.fromMs > last.toMs + slotMs) joined.push(gap);
    else joined[joined.length - 1] = { ...last, toMs: Math.max(last.toMs, gap.toMs), count: last.count + gap.count };
  }
  return joined;
}

function ratesOf({ bucketMs, byType }: CountsOverTime, begunCount: number): MessageData['rates'] {
  const types = Object.entries(byType).map(([type, all]) => {
    const sum = all.reduce((added, count) => added + count, 0);
    return { type, total: sum, perOperation: begunCount === 0 ? 0 : round(sum / begunCount), all };
  });
  let [width, counts] = [bucketMs, types.map(({ all }) => all)];
  while (counts.some(({ length }) => length > maxPoints)) [width, counts] = [2 * width, counts.map(inPairs)];
  const shown = types.map(({ all: _, ...type }, place) => ({ ...type, counts: counts[place] ?? [] }));
  return { bucketMs: width, byType: shown.toSorted((left, right) => right.total - left.total) };
}

function round(number: number): number {
  return Math.round(1000 * number) / 1000;
}

function total({ entries, gaps }: JournalRecord): number {
  return gaps.reduce((sum, { count }) => sum + count, entries.length);
}
