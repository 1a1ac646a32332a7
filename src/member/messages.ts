import type { NodeId, RaftReply, RaftRequest } from '../raft/messages.ts';
import type { Outgoing } from '../raft/ready.ts';

/** Forwards proposals of clients to the leader of `term`. They come back through the log, or are refused. */
export interface Propose {
  readonly type: 'propose';
  readonly term: number;
  readonly requests: readonly ForwardedProposal[];
  /** Shown by a member that is not one of the founders. */
  readonly founders?: readonly NodeId[];
}

export interface ForwardedProposal {
  /** The forwarding member's number for it, in the `origin` of its entry. */
  readonly id: number;
  readonly command: unknown;
}

/** What one member may ask of another. */
export type PeerRequest = RaftRequest | Propose;

/** What a member answers to that. A refusal is no reply; see {@link Refused}. */
export type PeerReply = RaftReply;

/** Forwarded proposals on their way to the leader. */
export interface OutgoingForward {
  readonly kind: 'forward';
  readonly to: NodeId;
  readonly afterBatch: number;
  readonly message: Propose;
  /** Names it when it is refused. */
  readonly number: number;
}

/** The leader of a forward's own term took the first `taken` of its proposals, and will never take the others. */
export interface ForwardRefused {
  readonly kind: 'forward-refused';
  readonly to: NodeId;
  readonly afterBatch: number;
  readonly ticket: number;
  readonly text: string;
  readonly term: number;
  readonly taken: number;
}

/** Something for a peer. Any of them may be lost on the way: it is sent again, or given up, without the edge's help. */
export type PeerMessage = Outgoing | OutgoingForward | ForwardRefused;

/** A peer's refusal, as it is received. */
export interface Refused {
  /** Given where the leader of a forward's term says how many it took: the term, and the number. */
  readonly term?: number;
  readonly taken?: number;
}

/** By which a member knows its request again when the answer comes. */
export interface Sent {
  readonly kind: 'request' | 'forward';
  readonly number: number;
  /** The term in which it was sent. */
  readonly term: number;
}
