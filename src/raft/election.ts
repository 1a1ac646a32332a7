import type { NodeId, PreVote, RequestVote } from './messages.ts';
import { majority } from './quorum.ts';

/** Where a log ends. */
export interface LogEnd {
  readonly lastTerm: number;
  readonly lastIndex: number;
}

/** The election restriction (Raft paper, section 5.4.1): is the candidate's log at least as complete as one's own? */
export function isUpToDate(candidate: LogEnd, own: LogEnd): boolean {
  if (candidate.lastTerm !== own.lastTerm) return candidate.lastTerm > own.lastTerm;
  return candidate.lastIndex >= own.lastIndex;
}

/** What is wrong with a candidacy by itself, whatever the log and the term: a correct candidate cannot have sent it. */
export function faultOfCandidacy(from: NodeId, request: RequestVote | PreVote): string | undefined {
  const { candidate_id, term } = request;
  if (candidate_id !== from) return `candidate_id is ${candidate_id}, but the message came from ${from}`;
  if (term === 0) return 'nobody campaigns for term 0';
  return undefined;
}

/** The votes of one campaign, counted by voter, so that a vote that comes twice counts once. */
export class Tally {
  readonly #voters: readonly NodeId[];
  readonly #granted = new Set<NodeId>();

  constructor(voters: readonly NodeId[]) {
    this.#voters = voters;
  }

  grantedBy(voter: NodeId): void {
    if (this.#voters.includes(voter)) this.#granted.add(voter);
  }

  get isWon(): boolean {
    return this.#granted.size >= majority(this.#voters.length);
  }
}
