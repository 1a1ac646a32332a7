import type { Outcome, Refusal } from '../member/outcome.ts';

/** Why a request can never take effect: it was refused, or another entry was committed at the index of its entry. */
export type WhyRefused = Refusal | { readonly kind: 'aborted' };

/** The request has not taken effect and never will. It can be repeated safely. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly why: WhyRefused;

  constructor(why: WhyRefused) {
    super(`it has not taken effect, and never will: ${wordsOf(why)}`);
    this.why = why;
  }
}

/**
 * The outcome of the request is unknown: it may have taken effect, or may still do so. Repeat it only if carrying it
 * out twice does no harm, or if it names the value that it expects.
 */
export class InDoubtError extends Error {
  override readonly name = 'InDoubtError';

  constructor(why: string) {
    super(`it may have taken effect, or may still: ${why}`);
  }
}

/** The error for an outcome that is not a result. */
export function errorOf(outcome: Exclude<Outcome<unknown>, { kind: 'done' }>): RefusedError | InDoubtError {
  switch (outcome.kind) {
    case 'refused':
      return new RefusedError(outcome.why);
    case 'aborted':
      return new RefusedError({ kind: 'aborted' });
    default:
      return new InDoubtError('no outcome is known yet');
  }
}

function wordsOf(why: WhyRefused): string {
  switch (why.kind) {
    case 'malformed':
    case 'unknown-operation':
      return why.text;
    case 'aborted':
      return 'another leader replaced its entry before it was committed';
    case 'not-started':
      return 'the member has not started, or has been closed';
    case 'no-leader':
      return 'no leader is known';
    case 'not-leader':
      return `the leader is ${why.leader}`;
    case 'wrong-term':
      return `the leader's term is ${why.term}, not ${why.asked}`;
    case 'too-many-pending':
      return `too many ${why.of} are pending`;
    case 'log-full':
      return 'too many entries are uncommitted';
    case 'disk-nearly-full':
      return 'the disk is nearly full';
    case 'change-in-progress':
      return 'a change of the members is in progress';
    case 'leader-not-ready':
      return 'the leader has not committed an entry of its term yet';
    case 'change-given-up':
      return `the change was given up: ${why.why}`;
    case 'transferring':
      return 'the leader lets another member lead';
    case 'no-transfer-target':
      return 'no such voter answers';
    case 'not-transferred':
      return 'the member that was to lead did not catch up in time';
    case 'refused-by-leader':
      return `the leader, ${why.leader}, takes no more`;
  }
}
