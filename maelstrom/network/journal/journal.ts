import { TypeCounts } from './type-counts.ts';
import type { CountsOverTime } from './type-counts.ts';

/**
 * What became of a message. `cut`: the network was cut when it arrived; `down`: its receiver did not run; `dropped`:
 * its receiver had left too much unread, or too much was on its way; `under-way`: the run ended first.
 */
export type Fate = 'delivered' | 'cut' | 'down' | 'dropped' | 'under-way';

/** A message that was sent. Times are in milliseconds since the start of the run. */
export interface JournalEntry {
  readonly sentAtMs: number;
  readonly src: string;
  readonly dest: string;
  readonly type: string;
  /** The whole message as it was on the wire; only its beginning where `isCut`. */
  readonly line: string;
  readonly isCut: boolean;
  /** When it arrived, or was lost. */
  endedAtMs: number | undefined;
  fate: Fate;
}

/** Messages that were counted, and are not kept. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

export interface JournalRecord {
  /** In the order in which they were sent. */
  readonly entries: readonly JournalEntry[];
  /** In the order of time. */
  readonly gaps: readonly Gap[];
  /** Of all messages, those in the gaps included. */
  readonly counts: CountsOverTime;
}

export interface JournalBounds {
  /** For all messages that are kept, as far as it can be told from here. */
  readonly maxBytes: number;
  /** What is dropped is dropped in pieces of this many messages. */
  readonly chunkEntries: number;
  /** How near to something notable a message must be to be kept before others. */
  readonly surroundingsMs: number;
}

/** Holds half a million messages of usual length. A run at the default rate of Maelstrom takes far less. */
export const journalBounds: JournalBounds = { maxBytes: 128 * 2 ** 20, chunkEntries: 1024, surroundingsMs: 1000 };

/** Of longer messages, in UTF-16 code units, only so much is kept. */
export const maxKeptLength = 16_384;
/** What an entry takes beside its line. */
const entryBytes = 100;

/** Messages that follow each other. */
interface Chunk {
  readonly fromMs: number;
  toMs: number;
  readonly entries: JournalEntry[];
  sizeBytes: number;
  /** Whether something notable happened near to it. */
  isNotable: boolean;
  /** What was dropped between it and the chunk before. */
  gapBefore: Gap | undefined;
}

/**
 * Keeps the messages of a run, to be looked at later. Taking one costs a small object and no copy:
 * its line is there already.
 *
 * Where not all can be kept, what goes first is far from anything notable (a fault that begins or ends, a finding, an
 * operation without an answer), and there now this and then that stretch, so that what is left is spread over the run.
 */
export class Journal {
  readonly #nowMs: () => number;
  readonly #bounds: JournalBounds;
  readonly #counts = new TypeCounts();
  readonly #chunks: Chunk[] = [];
  #markedAtMs = -Infinity;
  #sizeBytes = 0;

  /** `nowMs` counts from the start of the run. */
  constructor(nowMs: () => number, bounds: JournalBounds = journalBounds) {
    this.#nowMs = nowMs;
    this.#bounds = bounds;
  }

  get record(): JournalRecord {
    const entries = this.#chunks.flatMap((chunk) => chunk.entries);
    const gaps = this.#chunks.flatMap(({ gapBefore }) => gapBefore ?? []);
    return { entries, gaps, counts: this.#counts.record };
  }

  /** Takes a message that leaves now. It is under way until `ended` is told of what is returned here. */
  sent(src: string, dest: string, type: string, line: string): JournalEntry {
    const sentAtMs = this.#nowMs();
    this.#counts.add(type, sentAtMs);
    const isCut = line.length > maxKeptLength;
    const kept = isCut ? copyOfBeginning(line) : line;
    const open = { endedAtMs: undefined, fate: 'under-way' as const };
    const entry: JournalEntry = { sentAtMs, src, dest, type, line: kept, isCut, ...open };
    this.#add(entry, entryBytes + kept.length);
    return entry;
  }

  ended(entry: JournalEntry, fate: Fate): void {
    entry.fate = fate;
    entry.endedAtMs = this.#nowMs();
  }

  /** Something notable happens now: what was sent shortly before and after it is kept if anything is. */
  mark(): void {
    this.#markedAtMs = this.#nowMs();
    for (let place = this.#chunks.length - 1; place >= 0; place -= 1) {
      const chunk = this.#chunks[place];
      if (chunk === undefined || !this.#isNearMark(chunk.toMs)) return;
      chunk.isNotable = true;
    }
  }

  #add(entry: JournalEntry, sizeBytes: number): void {
    const { sentAtMs } = entry;
    this.#sizeBytes += sizeBytes;
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.entries.length < this.#bounds.chunkEntries) {
      last.entries.push(entry);
      last.sizeBytes += sizeBytes;
      last.toMs = sentAtMs;
      last.isNotable ||= this.#isNearMark(sentAtMs);
      return;
    }
    const isNotable = this.#isNearMark(sentAtMs);
    this.#chunks.push({
      fromMs: sentAtMs,
      toMs: sentAtMs,
      entries: [entry],
      sizeBytes,
      isNotable,
      gapBefore: undefined,
    });
    while (this.#sizeBytes > this.#bounds.maxBytes && this.#chunks.length > 1) this.#drop(this.#leastMissed());
  }

  #isNearMark(atMs: number): boolean {
    return Math.abs(atMs - this.#markedAtMs) < this.#bounds.surroundingsMs;
  }

  /** The place of the chunk to drop: never the last one, which is being filled. */
  #leastMissed(): number {
    // What is recent may turn out to be just before something notable.
    const settledMs = this.#nowMs() - this.#bounds.surroundingsMs;
    let least = { place: 0, missed: Infinity };
    for (let place = 0; place < this.#chunks.length - 1; place += 1) {
      const chunk = this.#chunks[place];
      if (chunk === undefined) continue;
      const isKeptLonger = chunk.isNotable || chunk.toMs > settledMs;
      const missed = this.#stretchWithout(place) + (isKeptLonger ? notableMs : 0);
      if (missed < least.missed) least = { place, missed };
    }
    return least.place;
  }

  /** How long the stretch without messages would be. */
  #stretchWithout(place: number): number {
    const before = this.#chunks[place - 1]?.toMs ?? 0;
    return (this.#chunks[place + 1]?.fromMs ?? this.#nowMs()) - before;
  }

  #drop(place: number): void {
    const [dropped] = this.#chunks.splice(place, 1);
    const next = this.#chunks[place];
    if (dropped === undefined || next === undefined) throw new Error('assertion: the last chunk is never dropped');
    this.#sizeBytes -= dropped.sizeBytes;
    const own = { fromMs: dropped.fromMs, toMs: dropped.toMs, count: dropped.entries.length };
    next.gapBefore = joined(joined(dropped.gapBefore, own), next.gapBefore);
  }
}

/** Longer than any run: what is notable goes only when nothing else is left. */
const notableMs = Number.MAX_SAFE_INTEGER;

function joined(left: Gap | undefined, right: Gap | undefined): Gap | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return { fromMs: left.fromMs, toMs: right.toMs, count: left.count + right.count };
}

/** A copy: what V8 cuts off a string keeps the whole of it in memory. */
function copyOfBeginning(line: string): string {
  return Buffer.from(line.slice(0, maxKeptLength)).toString();
}
