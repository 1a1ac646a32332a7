import type { Random } from './random.ts';

/** When a node loses patience with a leader, and until when it must not. Times are milliseconds, as in the core. */
export class ElectionClock {
  readonly #electionTimeoutMs: number;
  readonly #random: Random;
  readonly #silentUntilMs: number;
  #leaderHeardAtMs = -Infinity;
  #deadlineMs = 0;

  /** @param isRecovered a node that has just recovered may have heard from a leader before, and has forgotten it */
  constructor(electionTimeoutMs: number, random: Random, isRecovered: boolean, nowMs: number) {
    this.#electionTimeoutMs = electionTimeoutMs;
    this.#random = random;
    this.#silentUntilMs = isRecovered ? nowMs + electionTimeoutMs : -Infinity;
    this.reset(nowMs);
  }

  /** When to campaign if nothing is heard until then. */
  get dueAtMs(): number {
    return Math.max(this.#deadlineMs, this.#silentUntilMs);
  }

  /** The next campaign is a random time from one to two election timeouts away (Raft paper, section 5.2). */
  reset(nowMs: number): void {
    this.#deadlineMs = nowMs + this.#electionTimeoutMs * (1 + this.#random.fraction());
  }

  heardFromLeader(nowMs: number): void {
    this.#leaderHeardAtMs = nowMs;
    this.reset(nowMs);
  }

  /**
   * Stickiness (Ongaro's thesis, section 6.2.3): who has heard from a leader within the election timeout helps nobody to
   * replace it. A node that has just recovered may have heard from one.
   */
  standsByLeader(nowMs: number): boolean {
    return nowMs < this.#silentUntilMs || nowMs < this.#leaderHeardAtMs + this.#electionTimeoutMs;
  }
}
