import { assert } from './assert.ts';
import type { Entry } from './messages.ts';

/** Where a follower's log and a leader's request part: what a rejection tells, so that whole terms are skipped. */
export interface Conflict {
  readonly conflict_index: number;
  readonly conflict_term?: number;
}

/** A place in the log: an entry without what it says. */
export interface LogPlace {
  readonly index: number;
  readonly term: number;
}

/**
 * No entry from a message has a higher index. A log that goes on from there can still be counted, and written down: the
 * files of the log have six bytes for an index.
 */
export const maxIndex = 2 ** 47;

const beforeTheFirst: LogPlace = { index: 0, term: 0 };

/**
 * The entries of one node, in memory. Indexes start at 1; index 0 stands before the first entry and has term 0.
 * Terms never fall along the log (Raft paper, section 5.3). What a snapshot covers may be gone from its beginning
 * (section 7); of that only the last place is known.
 */
export class RaftLog {
  readonly #sizeBytesOf: (entry: Entry) => number;
  #entries: Entry[];
  /** For each entry, how large those before it and it are together, from some place on. */
  #endBytes: number[] = [];
  /** The same for the place before the first entry. */
  #startBytes = 0;
  /** The place before the first entry that is held. */
  #start: LogPlace;

  /**
   * @param snapshot the last place that this node's snapshot covers
   * @param entries without gaps; they begin at index 1 or, with a snapshot, at or before the place after it. Where they
   *   reach to the snapshot's place, they agree with it.
   * @param sizeBytesOf asked once for each entry, when it comes into the log; omitted where sizes are of no interest
   */
  constructor(
    entries: readonly Entry[] = [],
    snapshot: LogPlace = beforeTheFirst,
    sizeBytesOf: (entry: Entry) => number = () => 0,
  ) {
    const [first] = entries;
    const startsAfterSnapshot = first === undefined || first.index === snapshot.index + 1;
    const startsTheLog = first?.index === 1;
    this.#start = startsTheLog ? beforeTheFirst : startsAfterSnapshot ? snapshot : first;
    this.#sizeBytesOf = sizeBytesOf;
    this.#entries = entries.slice(startsTheLog || startsAfterSnapshot ? 0 : 1);
    for (const entry of this.#entries) this.#measure(entry);
    assert(this.termAt(snapshot.index) === snapshot.term, 'a log goes on where the snapshot ends');
  }

  /** The first entry that is held is, or would be, the one at this index. */
  get firstIndex(): number {
    return this.#start.index + 1;
  }

  get lastIndex(): number {
    return this.#start.index + this.#entries.length;
  }

  get lastTerm(): number {
    return this.#entries.at(-1)?.term ?? this.#start.term;
  }

  /** The term of the entry at `index`, 0 for index 0; undefined past the end, and before `firstIndex - 1`. */
  termAt(index: number): number | undefined {
    return index === this.#start.index ? this.#start.term : this.#entries[index - this.firstIndex]?.term;
  }

  /** The entry at `index`; undefined past the end, and where it has been compacted. */
  entryAt(index: number): Entry | undefined {
    return this.#entries[index - this.firstIndex];
  }

  /** Adds entries that directly follow the last one. */
  append(entries: readonly Entry[]): void {
    let { lastIndex, lastTerm } = this;
    for (const entry of entries) {
      assert(entry.index === lastIndex + 1, 'entries are appended without gaps');
      assert(entry.term >= lastTerm, 'terms never fall along the log');
      this.#entries.push(entry);
      this.#measure(entry);
      lastIndex = entry.index;
      lastTerm = entry.term;
    }
  }

  /** Removes the entry at `index` and all that follow. */
  truncateFrom(index: number): void {
    assert(index >= this.firstIndex && index <= this.lastIndex, 'only what is there is truncated');
    this.#entries.length = index - this.firstIndex;
    this.#endBytes.length = this.#entries.length;
  }

  /** Lets go of the entries up to and including `index`, which a snapshot covers (Raft paper, section 7). */
  compactTo(index: number): void {
    const term = this.termAt(index);
    assert(term !== undefined, 'only what is there is compacted');
    this.#startBytes = this.#bytesUpTo(index);
    this.#entries = this.#entries.slice(index - this.#start.index);
    this.#endBytes = this.#endBytes.slice(index - this.#start.index);
    this.#start = { index, term };
  }

  /** Drops everything: a snapshot that ends at `place` stands for it. */
  restartAfter(place: LogPlace): void {
    this.#entries = [];
    this.#endBytes = [];
    this.#startBytes = 0;
    this.#start = place;
  }

  /**
   * The first of consecutive entries that is not in this log with the same term, or undefined where all are. What a
   * snapshot covers is committed, and so the same everywhere.
   */
  firstMissing(entries: readonly Entry[]): Entry | undefined {
    for (const entry of entries) {
      if (entry.index >= this.firstIndex && this.termAt(entry.index) !== entry.term) return entry;
    }
    return undefined;
  }

  /** The entries from `from`, which is not before `firstIndex`, up to and including `to`. */
  slice(from: number, to: number): readonly Entry[] {
    assert(from >= this.firstIndex, 'only what is held is handed out');
    return this.#entries.slice(from - this.firstIndex, Math.max(0, to - this.#start.index));
  }

  /** The entries from `from` on that fit in `maxBytes` together; at least one, where there is one. */
  sliceUpTo(from: number, maxBytes: number): readonly Entry[] {
    return this.slice(from, this.lastIndexWithin(from, maxBytes));
  }

  /** How large the entries behind `after` up to and including `upTo` are together. What is not held has no size. */
  bytesBetween(after: number, upTo: number): number {
    return this.#bytesUpTo(upTo) - this.#bytesUpTo(Math.min(after, upTo));
  }

  /**
   * The last index up to which the entries from `from` on fit in `maxBytes` together. At least `from`, where there is
   * such an entry; else the end of the log.
   */
  lastIndexWithin(from: number, maxBytes: number): number {
    const before = this.#bytesUpTo(from - 1);
    // Nearly always all of them fit.
    if (this.#bytesUpTo(this.lastIndex) - before <= maxBytes) return this.lastIndex;
    const last = lastOf(from, this.lastIndex, (index) => this.#bytesUpTo(index) - before <= maxBytes);
    return Math.min(Math.max(last, from), this.lastIndex);
  }

  /** The lowest index behind which the entries up to and including `index` fit in `maxBytes` together. */
  startOfTail(index: number, maxBytes: number): number {
    const end = this.#bytesUpTo(index);
    return lastOf(this.firstIndex, index, (place) => end - this.#bytesUpTo(place - 1) > maxBytes);
  }

  /** What to tell a leader whose previous entry at `index` is not in this log (Raft paper, end of section 5.3). */
  conflictAt(index: number): Conflict {
    const term = this.termAt(index);
    if (term === undefined) return { conflict_index: this.lastIndex + 1 };
    return { conflict_index: this.#firstIndexOfTermAt(index, term), conflict_term: term };
  }

  /** Where the leader should try next after a follower reported `conflict` below `rejectedIndex`. */
  nextIndexAfter(conflict: Conflict, rejectedIndex: number): number {
    const { conflict_index, conflict_term } = conflict;
    if (conflict_term === undefined) return conflict_index;
    const lastOfTerm = this.#lastIndexNotAbove(conflict_term, Math.min(rejectedIndex, this.lastIndex));
    return this.termAt(lastOfTerm) === conflict_term ? lastOfTerm + 1 : conflict_index;
  }

  #firstIndexOfTermAt(index: number, term: number): number {
    return this.#lastIndexNotAbove(term - 1, index) + 1;
  }

  /** The last index up to `limit` whose term is at most `term`; the place before `firstIndex` where there is none. */
  #lastIndexNotAbove(term: number, limit: number): number {
    return lastOf(this.firstIndex, limit, (index) => (this.termAt(index) ?? Infinity) <= term);
  }

  #measure(entry: Entry): void {
    this.#endBytes.push((this.#endBytes.at(-1) ?? this.#startBytes) + this.#sizeBytesOf(entry));
  }

  #bytesUpTo(index: number): number {
    if (index < this.firstIndex) return this.#startBytes;
    return this.#endBytes[index - this.firstIndex] ?? this.#endBytes.at(-1) ?? this.#startBytes;
  }
}

/**
 * The last index from `first` to `last` for which `holds`, which holds for none behind the first that it does not hold
 * for; `first - 1` where there is none. A binary search: nothing costs more when the log is longer.
 */
function lastOf(first: number, last: number, holds: (index: number) => boolean): number {
  let low = first - 1;
  let high = last;
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
