import type { LogPlace } from '../raft/log.ts';
import type { Entry } from '../raft/messages.ts';

/** What happens to the log, after all of it is replayed, given the newest snapshot. `why` is a clause. */
export type Settled =
  | { readonly kind: 'kept' }
  /** The snapshot takes its place, but the log does not say so: a crash came between the two. */
  | { readonly kind: 'replaced'; readonly why: string }
  | { readonly kind: 'impossible'; readonly why: string };

/** The place before the first entry in memory. Its term is unknown if older segments have been removed. */
interface Start {
  readonly index: number;
  readonly term: number | undefined;
}

/**
 * The entries of a log while its batches are replayed in the order of writing. The first entries may be missing: those
 * that a snapshot covers are removed.
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

  /** Starts after `index`: what was before is removed, and this was the last index of the log at that time. */
  beginAfter(index: number): void {
    this.#start = index === 0 ? { index, term: 0 } : { index, term: undefined };
  }

  /** Applies a batch that says that a snapshot takes the place of all entries before it. */
  replaceBy(place: LogPlace): void {
    this.entries.length = 0;
    this.#start = place;
  }

  /**
   * Adds the entries of one batch. The first one may replace earlier entries. Returns what is impossible, as a clause.
   */
  add(entries: readonly Entry[]): string | undefined {
    const [first] = entries;
    if (first === undefined) return undefined;
    if (first.index > this.lastIndex + 1) return `entry ${first.index} after entry ${this.lastIndex}`;
    if (first.index > this.#start.index) {
      this.entries.length = first.index - this.#start.index - 1;
    } else if (this.#start.term === undefined) {
      // The entries whose segment was removed are replaced too. They were covered by a snapshot once, so they were
      // committed.
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
   * If the log has the last entry of the snapshot, the entries after it stay. Otherwise all entries are dropped, and
   * the log continues after the snapshot (Raft paper, figure 13, InstallSnapshot 6 and 7).
   *
   * @param snapshot where the newest snapshot ends; index and term 0 if there is none
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
    // If the segment with that entry was removed, the log is trusted.
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
