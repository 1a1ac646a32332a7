import type { Entry } from '../../../src/index.ts';
import { Violation } from './violation.ts';
import { name } from './log-tree.ts';
import type { Place } from './log-tree.ts';

/** What has ever been committed anywhere. It only grows. */
export class CommittedLog {
  readonly #places: Place[] = [];
  /** For each place, a term by which it was committed. */
  readonly #byTerm: number[] = [];
  readonly #onCommit: (nodeId: string, entry: Entry) => void;

  constructor(onCommit: (nodeId: string, entry: Entry) => void) {
    this.#onCommit = onCommit;
  }

  get lastIndex(): number {
    return this.#places.length;
  }

  /** Undefined where nothing is committed at `index`. */
  at(index: number): Place | undefined {
    return this.#places[index - 1];
  }

  /** A node in `term` holds its entry at a place for committed. */
  commit(nodeId: string, entry: Entry, place: Place, term: number): void {
    const known = this.at(place.index);
    if (known === place) return;
    if (known !== undefined) {
      const what = `commits ${name(place)}, ${place.text}, where ${known.text} is committed`;
      throw new Violation('state-machine-safety', nodeId, what);
    }
    this.#places.push(place);
    this.#byTerm.push(term);
    this.#onCommit(nodeId, entry);
  }

  /** The leader of `term` must have what was committed in earlier terms (Raft paper, section 5.4.3), `from` on. */
  checkLeader(nodeId: string, term: number, log: readonly Place[], from: number = 1): void {
    for (let index = from; index <= this.lastIndex; index += 1) {
      if ((this.#byTerm[index - 1] ?? 0) >= term || log[index - 1] === this.at(index)) continue;
      const what = `leads term ${term} with ${name(log[index - 1])} where ${name(this.at(index))} is committed`;
      throw new Violation('leader-completeness', nodeId, what);
    }
  }
}
