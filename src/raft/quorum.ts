import { assert } from './assert.ts';
import type { NodeId } from './messages.ts';

/**
 * Which sets of voters may decide. Any two sets that a quorum accepts share a voter, and so do the sets of two
 * configurations that follow each other. Commit index, votes, read rounds, leases and check-quorum all ask a quorum;
 * nothing else counts voters.
 */
export interface Quorum {
  /**
   * The highest number that enough voters have reached. Of match indexes, that is the highest index that may be
   * committed (Raft paper, section 5.3). Of times, it is the latest moment by which enough voters had been heard.
   *
   * @param valueOf what a voter has reached
   */
  reached(valueOf: (voter: NodeId) => number): number;

  /** Whether those that granted something are enough. */
  isWon(isGrantedBy: (voter: NodeId) => boolean): boolean;
}

/** How many of `count` voters are a majority: any two majorities share a voter. `count` is at least 1. */
export function majority(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** More than half of one set of voters (Raft paper, section 5.2). */
export class MajorityQuorum implements Quorum {
  readonly #voters: readonly NodeId[];
  /** What each has reached. One array for all calls, as every message makes a few. */
  readonly #values: number[];

  /** @param voters at least one, none of them twice */
  constructor(voters: readonly NodeId[]) {
    assert(voters.length > 0, 'a quorum has a voter');
    this.#voters = voters;
    this.#values = voters.map(() => -Infinity);
  }

  reached(valueOf: (voter: NodeId) => number): number {
    const values = this.#values;
    let place = 0;
    for (const voter of this.#voters) {
      values[place] = valueOf(voter);
      place += 1;
    }
    // Voters are few: to count for each is quicker than to sort.
    let highest = -Infinity;
    for (const value of values) {
      if (value > highest && this.#isReached(value)) highest = value;
    }
    return highest;
  }

  isWon(isGrantedBy: (voter: NodeId) => boolean): boolean {
    let granted = 0;
    for (const voter of this.#voters) granted += isGrantedBy(voter) ? 1 : 0;
    return granted >= majority(this.#voters.length);
  }

  #isReached(bound: number): boolean {
    let reached = 0;
    for (const value of this.#values) reached += value >= bound ? 1 : 0;
    return reached >= majority(this.#values.length);
  }
}

/**
 * The quorum of a joint configuration (Raft paper, section 6): both halves have to agree, each for itself. A voter that
 * is in both halves counts in both.
 */
export class JointQuorum implements Quorum {
  readonly #outgoing: Quorum;
  readonly #incoming: Quorum;

  constructor(outgoing: Quorum, incoming: Quorum) {
    this.#outgoing = outgoing;
    this.#incoming = incoming;
  }

  reached(valueOf: (voter: NodeId) => number): number {
    return Math.min(this.#outgoing.reached(valueOf), this.#incoming.reached(valueOf));
  }

  isWon(isGrantedBy: (voter: NodeId) => boolean): boolean {
    return this.#outgoing.isWon(isGrantedBy) && this.#incoming.isWon(isGrantedBy);
  }
}
