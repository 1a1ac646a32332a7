import type { NodeId } from './messages.ts';

/**
 * What a node must find again after a crash besides its log (Raft paper, figure 2), and who it is: a directory that
 * belongs to another node or another cluster must never be taken for this one's.
 */
export interface HardState {
  readonly nodeId: NodeId;
  /** The founders, in the order of `init`; the first leads term 1. One that joined later is not among them. */
  readonly voters: readonly NodeId[];
  /**
   * The service whose commands the log holds. Left out by programs that replicate a state machine of their own, and by
   * the first release, which knew one service.
   */
  readonly service?: string;
  /** 0 at the first start of this node, one more at each restart; message ids are made of it, so none comes twice. */
  readonly bootCount: number;
  /** The latest term this node has taken part in; 0 before the first. */
  readonly term: number;
  /** Who got this node's vote in `term`. */
  readonly votedFor: NodeId | null;
}
