import type { RaftConfig } from '../raft/config.ts';
import type { NodeId } from '../raft/messages.ts';
import type { Json } from '../services/json.ts';
import type { StateMachine } from '../services/state-machine.ts';
import type { Storage } from '../storage/storage.ts';
import type { SnapshotPolicy } from './snapshots.ts';

export interface MemberOptions<Query extends Json, Result> {
  readonly nodeId: NodeId;
  /**
   * The founders: those that vote at first, in an order that is the same on all members for good; the first leads term
   * 1. A member that is not one of them joins a cluster that runs already: it waits until it is taken in.
   */
  readonly voters: readonly NodeId[];
  readonly config: RaftConfig;
  /** What an earlier life left in it, if any, is this member's own ({@link identityFault}). */
  readonly storage: Storage;
  /** Empty: what the storage has is put into it. */
  readonly stateMachine: StateMachine<Query, Result>;
  /** The name of its service, to be kept with the log. */
  readonly service?: string;
  readonly snapshots?: SnapshotPolicy;
  /** Client writes that may be pending at a time, and reads; past it they are refused at once. */
  readonly maxPending: number;
  /** How long a request waits for a leader before it is refused. Default: `config.electionTimeoutMs`. */
  readonly leaderlessLimitMs?: number;
  /** For election timeouts. Members of one cluster are given different ones. */
  readonly seed: number;
  /** For the first request id of a store that has never been started. Two lives are given different ones. */
  readonly lifeSeed: number;
  readonly nowMs: number;
}
