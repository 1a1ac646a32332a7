import type { NodeId, PreVote, RequestVote } from './messages.ts';

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

/**
 * What a candidate asks of each voter.
 *
 * @param transfer the leader that has ordered the campaign, if one has
 */
export function candidacy(
  type: 'pre_vote' | 'request_vote',
  term: number,
  candidate_id: NodeId,
  { lastIndex, lastTerm }: LogEnd,
  transfer?: NodeId,
): PreVote | RequestVote {
  const request = { type, term, candidate_id, last_log_index: lastIndex, last_log_term: lastTerm };
  return transfer === undefined ? request : { ...request, transfer };
}

/** Where the candidate's log ends. */
export function endOf(request: RequestVote | PreVote): LogEnd {
  return { lastTerm: request.last_log_term, lastIndex: request.last_log_index };
}

/**
 * Of two nodes that ask at the same time whether they could win, one yields, or their votes may be split. It is the one
 * with the less complete log or, of equals, the one that is named later. Every voter sees it the same way. (With it,
 * random election timeouts need not be spread over many times a message's way, as in the Raft paper, section 9.3.)
 */
export function comesFirst(rival: PreVote, nodeId: NodeId, own: LogEnd, voters: readonly NodeId[]): boolean {
  const theirs = endOf(rival);
  if (!isUpToDate(theirs, own)) return false;
  return !isUpToDate(own, theirs) || voters.indexOf(rival.candidate_id) < voters.indexOf(nodeId);
}

/** What is wrong with a candidacy by itself, whatever the log and the term: a correct candidate cannot have sent it. */
export function faultOfCandidacy(from: NodeId, request: RequestVote | PreVote): string | undefined {
  const { candidate_id, term } = request;
  if (candidate_id !== from) return `candidate_id is ${candidate_id}, but the message came from ${from}`;
  if (term === 0) return 'nobody campaigns for term 0';
  return undefined;
}
