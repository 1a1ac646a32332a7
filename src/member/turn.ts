import type { OutgoingChunk } from '../raft/ready.ts';
import type { PeerMessage } from './messages.ts';
import type { Told } from './outcome.ts';

/** Something that leaves a member: a message to a peer, or what a client is told. */
export type Effect<Caller, Result> = PeerMessage | Told<Caller, Result>;

/** What a turn brought. */
export interface Turn<Caller, Result> {
  /** To be carried out now, in this order. Any message may be lost on the way. */
  readonly effects: readonly Effect<Caller, Result>[];
  /** For the log: peers that broke the rules, and what was dropped. */
  readonly faults: readonly string[];
}

/** What waits in the outbox. The text of a snapshot's piece is read when it leaves. */
export type Leaving<Caller, Result> =
  | PeerMessage
  | OutgoingChunk
  | (Told<Caller, Result> & { readonly afterBatch: number });
