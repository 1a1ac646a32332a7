import type { Random } from '../raft/random.ts';

/** Request ids of one life. The next life of the same store has its own. */
const idsPerBoot = 2 ** 32;

/** The life that a request id is of. */
export function lifeOf(id: number): number {
  return Math.floor(id / idsPerBoot);
}

/** Drawn ids begin here, far above what any number of starts comes to. */
const lowestDrawn = 2 ** 52;

/**
 * The numbers under which this member's proposals stand in the log. None may come twice: an old entry would be taken for
 * a new request. A store that has been started before counts its starts. A store that has not may be the successor of one
 * that was lost, as a member in memory always is, so its first id is drawn at random.
 *
 * Term 1 of a fresh store is the exception. Its leader, the first voter, has an empty log and counts from 0. Had it led
 * term 1 in a lost life too, two entries of term 1 would stand at one place, and no number could help.
 */
export class RequestIds {
  #next: number;
  #nextInFirstTerm = 0;
  readonly #isFresh: boolean;

  constructor(bootCount: number, random: Random) {
    this.#isFresh = bootCount === 0;
    const drawn = lowestDrawn + random.integer(2 ** 20 - 1) * idsPerBoot + random.integer(2 ** 31);
    this.#next = this.#isFresh ? drawn : bootCount * idsPerBoot;
  }

  /** @param leadsFirstTerm whether this member leads term 1 now */
  take(leadsFirstTerm: boolean): number {
    if (leadsFirstTerm && this.#isFresh) {
      this.#nextInFirstTerm += 1;
      return this.#nextInFirstTerm - 1;
    }
    this.#next += 1;
    return this.#next - 1;
  }
}
