import type { Entry } from '../raft/messages.ts';

/** Where a request was proposed, as far as this node knows. */
export interface ProposedAt {
  readonly term: number;
  /** Known where this node led; the leader that a request was handed over to does not say. */
  readonly index?: number;
}

/**
 * Whether an applied entry proves that a proposal, which has not been applied up to there, never will be:
 * - It stands at the proposal's place with another term. Places are filled once.
 * - It is of a later term than the proposal. Terms never fall along the log, so what is committed behind it is of a
 *   later term too.
 *
 * Nothing else proves it. A truncated entry may still be committed from another node's log, and a refused hand-over
 * may be the second copy of one that was taken.
 */
export function neverCommits(proposal: ProposedAt, applied: Entry): boolean {
  return applied.term > proposal.term || (applied.index === proposal.index && applied.term !== proposal.term);
}
