import type { Random } from './random.ts';

/**
 * The random part of an election timeout, in election timeouts. Who wakes up first has to have asked the others before
 * they wake up too, and this need not cover the network's delays: of nodes that ask at the same time one yields.
 */
const spread = 0.1;

/** A campaign for votes is given so many times what asking took; P at most, the first time. */
const roundTripsPerCampaign = 8;

/** How long the votes of a campaign are waited for at most, in election timeouts. */
const longestWait = 8;

/** When a node loses patience with a leader, and until when it must not. Times are milliseconds, as in the core. */
export class ElectionClock {
  readonly #electionTimeoutMs: number;
  readonly #random: Random;
  readonly #silentUntilMs: number;
  #leaderHeardAtMs = -Infinity;
  #deadlineMs = 0;
  /** Since there was a leader. */
  #campaigns = 0;

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

  /** The next campaign is an election timeout and a random part away (Raft paper, section 5.2). */
  reset(nowMs: number): void {
    this.#wait(this.#electionTimeoutMs, nowMs);
  }

  heardFromLeader(nowMs: number): void {
    this.#leaderHeardAtMs = nowMs;
    this.#campaigns = 0;
    this.reset(nowMs);
  }

  /**
   * A campaign for votes begins. Where they are split, the next follows as soon as the network allows. Where votes take
   * longer than asking did, as on slow disks, that would be too soon: with each campaign the wait doubles.
   *
   * @param roundTripMs how long it just took to ask a majority
   */
  campaigned(roundTripMs: number, nowMs: number): void {
    const shortestMs = spread * this.#electionTimeoutMs;
    const firstMs = Math.max(shortestMs, Math.min(roundTripsPerCampaign * roundTripMs, this.#electionTimeoutMs));
    this.#wait(Math.min(firstMs * 2 ** this.#campaigns, longestWait * this.#electionTimeoutMs), nowMs);
    this.#campaigns += 1;
  }

  /**
   * Leader stickiness (Ongaro's thesis, section 4.2.3). A node that has heard from a leader within the election timeout
   * gives no vote to another. A node that has just recovered may have heard from one.
   */
  standsByLeader(nowMs: number): boolean {
    return nowMs < this.#silentUntilMs || nowMs < this.#leaderHeardAtMs + this.#electionTimeoutMs;
  }

  #wait(durationMs: number, nowMs: number): void {
    this.#deadlineMs = nowMs + durationMs + spread * this.#electionTimeoutMs * this.#random.fraction();
  }
}
