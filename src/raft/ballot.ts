import { assert } from './assert.ts';
import type { Durability } from './durability.ts';
import { endOf, isUpToDate } from './election.ts';
import type { LogEnd } from './election.ts';
import type { HardState } from './hard-state.ts';
import type { NodeId, PreVote, RequestVote } from './messages.ts';

/** The last term that there is: all integers up to here, and one more, can be told apart. */
export const maxTerm = 2 ** 52;

/**
 * How many terms a node takes up at a time. A term costs an election, so that no cluster gets so far between two
 * messages, while a faulty voter may name any term. Taken up at once, the last term would end all elections for good: no
 * later one is left to campaign for. So it takes 2^32 messages, and not one. A node that has no term yet takes up any,
 * as it may have been away for as long as there are elections.
 */
export const maxTermStep = 2 ** 20;

/** A node's term and its vote in that term: what it must never forget (Raft paper, figure 2). */
export class Ballot {
  readonly #identity: HardState;
  readonly #durability: Durability;
  #term: number;
  #votedFor: NodeId | null;

  constructor(recovered: HardState, durability: Durability) {
    this.#identity = recovered;
    this.#durability = durability;
    this.#term = recovered.term;
    this.#votedFor = recovered.votedFor;
  }

  get term(): number {
    return this.#term;
  }

  /** As it has to be on the disk. */
  get hardState(): HardState {
    return { ...this.#identity, term: this.#term, votedFor: this.#votedFor };
  }

  /** The first election is for term 2, as all have voted in term 1. */
  get campaignTerm(): number {
    return Math.max(this.#term + 1, 2);
  }

  /** The highest term that a message may bring this node to. */
  get reachableTerm(): number {
    return this.#term === 0 ? maxTerm : Math.min(this.#term + maxTermStep, maxTerm);
  }

  /** Takes up a higher term. Term 1 belongs to the first voter: everyone counts as having voted for it there. */
  takeUp(term: number): void {
    assert(term > this.#term, 'terms only grow');
    this.#term = term;
    this.#votedFor = term === 1 ? (this.#identity.voters[0] ?? null) : null;
    this.#durability.hardStateChanged();
  }

  vote(candidate: NodeId): void {
    assert(this.#votedFor === null || this.#votedFor === candidate, 'one vote a term');
    if (this.#votedFor === candidate) return;
    this.#votedFor = candidate;
    this.#durability.hardStateChanged();
  }

  /** First come, first served, for a log at least as complete as one's own (Raft paper, sections 5.2 and 5.4.1). */
  mayVoteFor(request: RequestVote, ownEnd: LogEnd): boolean {
    if (request.term !== this.#term) return false;
    if (this.#votedFor !== null && this.#votedFor !== request.candidate_id) return false;
    return isUpToDate(endOf(request), ownEnd);
  }

  /** Whether a vote could be given in the term that is asked about (Ongaro's thesis, section 9.6). */
  wouldVoteFor(request: PreVote, ownEnd: LogEnd): boolean {
    return request.term > this.#term && isUpToDate(endOf(request), ownEnd);
  }
}
