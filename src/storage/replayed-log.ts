import type { LogPlace } from '../raft/log.ts';
import type { Entry } from '../raft/messages.ts';

/** What becomes of the log, once all of it is replayed, under the newest snapshot. `why` is a clause. */
export type Settled =
  | { readonly kind: 'kept' }
  /** The snapshot takes its place, and the log does not say so: a crash came between. */
  | { readonly kind: 'replaced'; readonly why: string }
  | { readonly kind: 'impossible'; readonly why: string };

/** The place before the first entry that is held. Its term is unknown where older segments have been removed. */
interface Start {
  readonly index: number;
  readonly term: number | undefined;
}

/**
 * The entries of a log while its batches are replayed in the order in which they were written. It may begin late:
 * what a snapshot covers is removed from its beginning.
 */
export class ReplayedLog {
  readonly entries: Entry[] = [];
  #start: Start = { index: 0, term: 0 };

  get startIndex(): number {
    return this.#start.index;
  }

  get lastIndex(): number {
    return this.#start.index + this.entries.length;
  }

  /** What was before is gone; the log had come to this index then. */
  beginAfter(index: number): void {
    this.#start = index === 0 ? { index, term: 0 } : { index, term: undefined };
  }

  /** A batch that says that a snapshot takes the place of all entries before. */
  replaceBy(place: LogPlace): void {
    this.entries.length = 0;
    this.#start = place;
  }

  /** Entries of one batch; the first may replace others. Returns what cannot be, as a clause. */
  add(entries: readonly Entry[]): string | undefined {
    const [first] = entries;
    if (first === undefined) return undefined;
    if (first.index > this.lastIndex + 1) return `entry ${first.index} after entry ${this.lastIndex}`;
    if (first.index > this.#start.index) {
      this.entries.length = first.index - this.#start.index - 1;
    } else if (this.#start.term === undefined) {
      // It replaces entries whose segment is gone as well, for they had been covered once it was committed.
      this.entries.length = 0;
      this.#start = { index: first.index - 1, term: undefined };
    } else {
      return `entry ${first.index}, which a snapshot up to entry ${this.#start.index} covers`;
    }
    return this.#append(entries);
  }

  #append(entries: readonly Entry[]): string | undefined {
    for (const entry of entries) {
      const lastTerm = this.entries.at(-1)?.term ?? this.#start.term ?? 0;
      if (entry.index !== this.lastIndex + 1) return `entry ${entry.index} after entry ${this.lastIndex}`;
      if (entry.term < lastTerm) return `entry ${entry.index} of term ${entry.term} after one of term ${lastTerm}`;
      this.entries.push(entry);
    }
    return undefined;
  }

  /**
   * Where the log holds the snapshot's last entry, what follows that stays; otherwise all of it goes, and the log goes
   * on after the snapshot (Raft paper, figure 13, InstallSnapshot 6 and 7).
   *
   * @param snapshot where the newest ends; index and term 0 where there is none
   */
  settle(snapshot: LogPlace): Settled {
    const { index, term } = snapshot;
    if (this.#start.index > index) {
      const until = index === 0 ? 'there is no snapshot' : `the snapshot ends at entry ${index}`;
      return { kind: 'impossible', why: `the log goes on after entry ${this.#start.index}, and ${until}` };
    }
    const found = this.#termAt(index);
    if (found === term) return { kind: 'kept' };
    if (index > this.lastIndex) return this.#replaced(snapshot, `ended at entry ${this.lastIndex}`);
    if (index > this.#start.index) return this.#replaced(snapshot, `had entry ${index} in term ${found}`);
    // Trusted, where the segment with that entry is gone.
    if (found === undefined) return { kind: 'kept' };
    const both = `in term ${found} in the log, and in term ${term} in the snapshot`;
    return { kind: 'impossible', why: `entry ${index} is ${both}` };
  }

  #replaced(snapshot: LogPlace, why: string): Settled {
    this.replaceBy(snapshot);
    return { kind: 'replaced', why };
  }

  #termAt(index: number): number | undefined {
    return index === this.#start.index ? this.#start.term : this.entries[index - this.#start.index - 1]?.term;
  }
}
