import type { Entry, NodeId, RaftReply, RaftRequest } from './messages.ts';

/**
 * Something to send. It may leave once the disk has batch `afterBatch`, at once where that is 0: nothing of a term
 * leaves before the term is on the disk, and no entry is acknowledged before it is.
 */
export type Outgoing = { readonly to: NodeId; readonly afterBatch: number } & (
  | {
      readonly kind: 'request';
      readonly message: RaftRequest;
      /** Names the request when its answer is handed in: unique in this incarnation, growing. */
      readonly number: number;
      /** The term it was sent in; an answer counts only while that lasts. */
      readonly term: number;
    }
  | {
      readonly kind: 'reply';
      readonly message: RaftReply;
      /** As given with the request that this answers. */
      readonly ticket: number;
    }
  | {
      readonly kind: 'refusal';
      /** `malformed` is what no correct peer sends; `unavailable` is a true request at a wrong moment. */
      readonly reason: 'malformed' | 'unavailable';
      readonly text: string;
      readonly ticket: number;
    }
);

/** What a turn brought, apart from what goes to the disk. */
export interface Ready {
  readonly messages: readonly Outgoing[];
  /** Committed, in order, each exactly once. To be applied before `reads` are served. */
  readonly committed: readonly Entry[];
  /** The numbers of reads that may be served from the state machine now. */
  readonly reads: readonly number[];
  /** What no correct peer would have answered: to be logged. */
  readonly faults: readonly string[];
}
