import { assert } from './assert.ts';
import type { Entry } from './messages.ts';

/** Where a follower's log and a leader's request part: what a rejection tells, so that whole terms are skipped. */
export interface Conflict {
  readonly conflict_index: number;
  readonly conflict_term?: number;
}

/**
 * The entries of one node, in memory. Indexes start at 1; index 0 stands before the first entry and has term 0.
 * Terms never fall along the log (Raft paper, section 5.3).
 */
export class RaftLog {
  readonly #entries: Entry[];

  constructor(entries: readonly Entry[] = []) {
    this.#entries = [...entries];
  }

  get firstIndex(): number {
    return 1;
  }

  get lastIndex(): number {
    return this.#entries.length;
  }

  get lastTerm(): number {
    return this.#entries.at(-1)?.term ?? 0;
  }

  /** The term of the entry at `index`, 0 for index 0, undefined past the end. */
  termAt(index: number): number | undefined {
    return index === 0 ? 0 : this.#entries[index - 1]?.term;
  }

  /** Adds entries that directly follow the last one. */
  append(entries: readonly Entry[]): void {
    for (const entry of entries) {
      assert(entry.index === this.lastIndex + 1, 'entries are appended without gaps');
      assert(entry.term >= this.lastTerm, 'terms never fall along the log');
      this.#entries.push(entry);
    }
  }

  /** Removes the entry at `index` and all that follow. */
  truncateFrom(index: number): void {
    assert(index >= 1 && index <= this.lastIndex, 'only what is there is truncated');
    this.#entries.length = index - 1;
  }

  /** The first of consecutive entries that is not in this log with the same term, or undefined where all are. */
  firstMissing(entries: readonly Entry[]): Entry | undefined {
    return entries.find((entry) => this.termAt(entry.index) !== entry.term);
  }

  /** The entries from `from` up to and including `to`. */
  slice(from: number, to: number): readonly Entry[] {
    return this.#entries.slice(from - 1, to);
  }

  /** The entries from `from` on that fit in `maxBytes` together; at least one, where there is one. */
  sliceUpTo(from: number, maxBytes: number, sizeBytesOf: (entry: Entry) => number): readonly Entry[] {
    let end = from - 1;
    let bytes = 0;
    for (let entry = this.#entries[end]; entry !== undefined; entry = this.#entries[end]) {
      bytes += sizeBytesOf(entry);
      if (bytes > maxBytes && end >= from) break;
      end += 1;
    }
    return this.#entries.slice(from - 1, end);
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

  /** Binary search, as terms never fall: nothing a rejection does may cost more when the log is longer. */
  #firstIndexOfTermAt(index: number, term: number): number {
    return this.#lastIndexNotAbove(term - 1, index) + 1;
  }

  /** The last index up to `limit` whose term is at most `term`; 0 where there is none. */
  #lastIndexNotAbove(term: number, limit: number): number {
    let low = 0;
    let high = limit;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.termAt(middle) ?? Infinity) <= term) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
