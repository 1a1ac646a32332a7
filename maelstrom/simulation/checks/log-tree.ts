import { encodeEntry } from '../../../src/wire/encode.ts';
import type { Entry } from '../../../src/index.ts';
import { Violation } from './violation.ts';

/** A place that some log has had: an entry, and through `before` everything that precedes it. */
export interface Place {
  readonly index: number;
  readonly term: number;
  /** The whole entry, as JSON. */
  readonly text: string;
  /** Undefined before the first entry. */
  readonly before: Place | undefined;
}

/**
 * All logs that all nodes have ever had. Log matching (Raft paper, figure 3) says that they are a tree: index and term
 * name an entry and all that is before it. So two logs agree up to a place exactly when they have the same object there.
 */
export class LogTree {
  /** By index, then by term. */
  readonly #places: Map<number, Place>[] = [];

  /** The place of an entry that follows `before`. Throws where another entry, or another log, has that place already. */
  place(nodeId: string, entry: Entry, before: Place | undefined): Place {
    const { index, term } = entry;
    const byTerm = (this.#places[index] ??= new Map());
    const text = encodeEntry(entry);
    const known = byTerm.get(term);
    if (known === undefined) {
      const place = { index, term, text, before };
      byTerm.set(term, place);
      return place;
    }
    if (known.text !== text) {
      throw new Violation('log-matching', nodeId, `has ${text} where another log has ${known.text}`);
    }
    if (known.before !== before) {
      const parted = `entry ${index} of term ${term} follows ${name(before)} here and ${name(known.before)} elsewhere`;
      throw new Violation('log-matching', nodeId, parted);
    }
    return known;
  }

  /** No node has any entry of this term any more. */
  forgetTerm(term: number): void {
    for (const byTerm of this.#places) byTerm?.delete(term);
  }
}

/** How a place is called in what people read. */
export function name(place: Place | undefined): string {
  return place === undefined ? 'nothing' : `entry ${place.index} of term ${place.term}`;
}
