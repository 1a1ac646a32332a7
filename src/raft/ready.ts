import type { Entry, InstallSnapshot, NodeId, RaftReply, RaftRequest } from './messages.ts';
import type { ChangeOutcome } from './reconfiguration.ts';
import type { SnapshotDescription, SnapshotReader } from './snapshot.ts';
import type { TransferOutcome } from './transfer.ts';

/**
 * Something to send. It may leave once the disk has batch `afterBatch`, at once where that is 0: nothing of a term
 * leaves before the term is on the disk, and no entry is acknowledged before it is.
 */
export type Outgoing = OutgoingRequest | OutgoingReply | OutgoingRefusal;

export interface OutgoingAddressed {
  readonly to: NodeId;
  readonly afterBatch: number;
}

export interface OutgoingNumbered {
  /** Names the request when its answer is handed in: unique in this incarnation, growing. */
  readonly number: number;
  /** The term it was sent in; an answer counts only while that lasts. */
  readonly term: number;
}

export interface OutgoingRequest extends OutgoingAddressed, OutgoingNumbered {
  readonly kind: 'request';
  readonly message: RaftRequest;
}

export interface OutgoingReply extends OutgoingAddressed {
  readonly kind: 'reply';
  readonly message: RaftReply;
  /** As given with the request that this answers. */
  readonly ticket: number;
}

export interface OutgoingRefusal extends OutgoingAddressed {
  readonly kind: 'refusal';
  /** `malformed` is what no correct peer sends; `unavailable` is a true request at a wrong moment. */
  readonly reason: 'malformed' | 'unavailable';
  readonly text: string;
  readonly ticket: number;
}

/** A request that lacks what the core does not hold: the piece of the snapshot's text at `offset`. */
export interface OutgoingChunk extends OutgoingAddressed, OutgoingNumbered {
  readonly kind: 'snapshot-chunk';
  readonly message: SnapshotChunk;
  /** The longest piece. */
  readonly maxBytes: number;
}

/** An {@link InstallSnapshot} but for the text. */
export type SnapshotChunk = Omit<InstallSnapshot, 'data' | 'done'>;

/** A snapshot that a leader has sent takes the place of all that was applied. */
export interface InstalledSnapshot {
  readonly description: SnapshotDescription;
  /** It has the whole text. */
  readonly reader: SnapshotReader;
}

/** What is to be applied, in order, each entry exactly once, before `reads` are served. */
export interface Committed {
  /** To be put in the place of the state, before `committed` is applied. */
  readonly installed: InstalledSnapshot | undefined;
  readonly committed: readonly Entry[];
}

/** What a turn brought, apart from what goes to the disk. */
export interface Ready extends Committed {
  readonly messages: readonly (Outgoing | OutgoingChunk)[];
  /** The numbers of reads that may be served from the state machine now. */
  readonly reads: readonly number[];
  /** What no correct peer would have answered: to be logged. */
  readonly faults: readonly string[];
  /** What has come of the change of members that was asked for here; undefined where nothing has in this turn. */
  readonly change: ChangeOutcome | 'in-doubt' | undefined;
  /** The same for a leadership transfer. */
  readonly transfer: TransferOutcome | undefined;
}
