import type { MemberStatus } from '../member/status.ts';
import type { SnapshotPolicy } from '../member/snapshots.ts';
import type { RaftConfig } from '../raft/config.ts';
import type { NodeId } from '../raft/messages.ts';
import type { Json } from '../services/json.ts';
import type { StateMachine } from '../services/state-machine.ts';

/** What carries lines of text to the other members, and theirs here. Any line may be lost, doubled, or late. */
export interface Transport {
  /**
   * Sends a line, without its line break, to a member. A line is at most about 3 MiB long. One that cannot be sent soon is
   * to be dropped: whatever matters is sent again.
   */
  readonly send: (to: NodeId, line: string) => void;
  /** Called once. From then on `receive` is given every line that arrives, whole and without its line break. */
  readonly onReceive: (receive: (line: string) => void) => void;
}

export interface CreateMemberOptions<Query extends Json, Result> {
  /** This member's name, unique in the cluster, for ever the same. At most 256 characters. */
  readonly id: NodeId;
  /** All voters, this member included, in an order that is the same on all of them; the first leads at the beginning. */
  readonly voters: readonly NodeId[];
  /** What is replicated. Empty: what the data directory has is put into it. Not to be changed from outside. */
  readonly stateMachine: StateMachine<Query, Result>;
  readonly transport: Transport;
  /**
   * Where to keep what must survive a crash; each member has a directory in it, so that several may share it. Without one
   * the member forgets all when it ends, and the cluster may lose what it has promised: for tests.
   */
  readonly dataDirectory?: string;
  /** With less free space on the disk commands are refused. In bytes; default 64 MiB. */
  readonly diskReserveBytes?: number;
  /** What differs from the defaults of the core; equal on all members, above all `electionTimeoutMs`. */
  readonly config?: Partial<RaftConfig>;
  readonly snapshots?: SnapshotPolicy;
  /** Commands that may be pending at a time, and queries; more are refused. Default 16,384. */
  readonly maxPending?: number;
  /** Takes lines for a log: messages that were refused, disks that do not answer. Default: they are dropped. */
  readonly log?: (line: string) => void;
  /**
   * The member has stopped by itself: its disk failed, or an assertion. What is pending is in doubt. After a failed disk
   * the process should end, since what it holds in memory may be more than what it has promised.
   */
  readonly onFailure: (error: Error) => void;
}

/** A member that runs in this process. */
export interface RunningMember<Query extends Json, Result> {
  /**
   * Proposes a command: any JSON but `null`, of at most 1 MiB. Resolves to what the state machine made of it, once it is
   * committed. Rejects with a `RefusedError` where it never takes effect, and with an `InDoubtError` where that is not
   * known; the latter after ten seconds at most.
   */
  propose(command: Json): Promise<Result>;

  /**
   * Asks the state machine something. The answer is linearizable: it shows all that was acknowledged before. Rejects as
   * `propose` does.
   */
  read(query: Query): Promise<Result>;

  /** This member's own view, which may be out of date. */
  readonly status: MemberStatus;

  /** Ends the member. What is pending is in doubt. Resolves when the disk has what was on its way there. */
  close(): Promise<void>;
}
