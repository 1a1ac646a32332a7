import type { Entry } from '../raft/messages.ts';

/** Where a request was proposed, as far as this member knows. */
export interface ProposedAt {
  readonly term: number;
  /** Known where this member led; the leader that a request was forwarded to does not say. */
  readonly index?: number | undefined;
  /** Known where it was forwarded: which forward it was in, and at which place of that. */
  readonly forward?: number | undefined;
  readonly place?: number | undefined;
}

/**
 * Whether an applied entry proves that a proposal, which has not been applied up to there, never will be:
 * - It stands at the proposal's place with another term. Places are filled once.
 * - It is of a later term than the proposal. Terms never fall along the log, so what is committed behind it is of a
 *   later term too.
 *
 * A truncated entry may still be committed from another node's log, so that proves nothing. A refusal of what was
 * forwarded may be a proof; see `forwarding.ts`.
 */
export function neverCommits(proposal: ProposedAt, applied: Entry): boolean {
  return applied.term > proposal.term || (applied.index === proposal.index && applied.term !== proposal.term);
}
