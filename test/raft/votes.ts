/** Answers to a request for a vote, or a pre-vote, with the term that comes with them. */
export function granted(term: number) {
  return { type: 'request_vote_ok', term, vote_granted: true } as const;
}

export function refused(term: number) {
  return { type: 'request_vote_ok', term, vote_granted: false } as const;
}

export function preGranted(term: number) {
  return { type: 'pre_vote_ok', term, vote_granted: true } as const;
}

export function preRefused(term: number) {
  return { type: 'pre_vote_ok', term, vote_granted: false } as const;
}
