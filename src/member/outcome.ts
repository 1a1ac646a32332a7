import type { Entry, NodeId } from '../raft/messages.ts';
import type { MemberStatus } from './status.ts';

/** What a client is told of its request. Each edge has one file that puts this into its own words. */
export type Outcome<Result> =
  /** Its command was committed and applied, or its query answered; this is the result. */
  | { readonly kind: 'done'; readonly result: Result }
  /** The entry is in the leader's log, and on the leader's disk. That says nothing about whether it will be committed. */
  | { readonly kind: 'appended'; readonly index: number }
  /** It can never take effect: nothing of it has reached any log. */
  | { readonly kind: 'refused'; readonly why: Refusal }
  /** A proof was found that it will never take effect (see `neverCommits`). */
  | { readonly kind: 'aborted' }
  /** It may have taken effect, or may still. */
  | { readonly kind: 'in-doubt' }
  /** What had been decided when it was asked for is on this member's disk. */
  | { readonly kind: 'durable' }
  /** The members have been changed, and that is committed. */
  | { readonly kind: 'reconfigured' }
  /** Another member leads. */
  | { readonly kind: 'transferred'; readonly leader: NodeId }
  /** This member's own view, which may be out of date. */
  | { readonly kind: 'status'; readonly status: MemberStatus }
  /** Entries of this member's own log, committed or not. */
  | { readonly kind: 'log'; readonly entries: readonly Entry[]; readonly status: MemberStatus };

/** Why a request was refused. */
export type Refusal =
  /** No such operation. */
  | { readonly kind: 'unknown-operation'; readonly text: string }
  /** `text` names the field, and says what is wrong with it. */
  | { readonly kind: 'malformed'; readonly text: string }
  /** The edge does not know yet who this member is. */
  | { readonly kind: 'not-started' }
  /** Within the election timeout no leader was found. */
  | { readonly kind: 'no-leader' }
  /** Only the leader takes it, and that is another. */
  | { readonly kind: 'not-leader'; readonly leader: NodeId }
  /** The request names another term than the leader's, which is `term`. */
  | { readonly kind: 'wrong-term'; readonly asked: number; readonly term: number }
  /** As many requests of its kind are pending as may be. */
  | { readonly kind: 'too-many-pending'; readonly of: 'reads' | 'writes' }
  /** The leader's log has as many uncommitted entries as it may have. */
  | { readonly kind: 'log-full' }
  /** The disk has less room than its reserve. */
  | { readonly kind: 'disk-nearly-full' }
  /** A change of the members is not over. */
  | { readonly kind: 'change-in-progress' }
  /** The leader is new, and has not committed an entry of its own term. */
  | { readonly kind: 'leader-not-ready' }
  /** The voters are what they were; `why` is a clause. */
  | { readonly kind: 'change-given-up'; readonly why: string }
  /** The leader lets another member lead. */
  | { readonly kind: 'transferring' }
  /** There is no such voter that answers. */
  | { readonly kind: 'no-transfer-target' }
  /** The member that was to lead did not come up with the log in time. */
  | { readonly kind: 'not-transferred' }
  /** The leader that it was forwarded to has not taken it, and cannot any more. */
  | { readonly kind: 'refused-by-leader'; readonly leader: NodeId };

/** An outcome, and whom it is for: what the edge handed in with the request. */
export interface Told<Caller, Result> {
  readonly kind: 'outcome';
  readonly caller: Caller;
  readonly outcome: Outcome<Result>;
}
