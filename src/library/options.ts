import type { MemberStatus } from '../member/status.ts';
import type { SnapshotPolicy } from '../member/snapshots.ts';
import type { RaftConfig } from '../raft/config.ts';
import type { NodeId } from '../raft/messages.ts';
import type { Json } from '../services/json.ts';
import type { StateMachine } from '../services/state-machine.ts';

/** Carries lines of text between this member and the others. It may lose, repeat or delay any line. */
export interface Transport {
  /**
   * Sends a line to a member. The line comes without its line break and is at most about 3 MiB long. Drop a line that
   * cannot be sent soon: the member sends again what matters.
   */
  readonly send: (to: NodeId, line: string) => void;
  /** Called once. From then on, pass every line that arrives to `receive`: whole, and without its line break. */
  readonly onReceive: (receive: (line: string) => void) => void;
}

export interface CreateMemberOptions<Query extends Json, Result> {
  /** The name of this member: unique in the cluster, at most 256 characters. It must never change. */
  readonly id: NodeId;
  /**
   * The founders: those that vote at first, in an order that is the same on all members for good, whoever takes part
   * later; the first leads at the beginning. This member is one of them, unless it joins.
   */
  readonly voters: readonly NodeId[];
  /** Whether it joins a cluster that runs already. It waits until the leader is told to take it in. Default: false. */
  readonly joins?: boolean;
  /** What is replicated. Empty: what the data directory has is put into it. Not to be changed from outside. */
  readonly stateMachine: StateMachine<Query, Result>;
  readonly transport: Transport;
  /**
   * Where to keep what must survive a crash. Each member has a directory of its own in it, so several may share it.
   * Without a data directory a member forgets everything when it ends, and the cluster may lose acknowledged commands:
   * for tests only.
   */
  readonly dataDirectory?: string;
  /** With less free space than this on the disk, commands are refused. In bytes; default 64 MiB. */
  readonly diskReserveBytes?: number;
  /** Changes to the defaults of the core. Give the same on all members, above all the same `electionTimeoutMs`. */
  readonly config?: Partial<RaftConfig>;
  readonly snapshots?: SnapshotPolicy;
  /** The most commands, and the most queries, that may be pending at a time. More are refused. Default 16,384. */
  readonly maxPending?: number;
  /** Takes lines for a log, such as refused messages and failures of the disk. Default: they are dropped. */
  readonly log?: (line: string) => void;
  /**
   * Called when the member has stopped by itself: its disk failed, or an assertion did. The outcome of pending requests
   * is unknown. After a failure of the disk the process should end, because memory may hold more than the disk.
   */
  readonly onFailure: (error: Error) => void;
}

/** A member that runs in this process. */
export interface RunningMember<Query extends Json, Result> {
  /**
   * Proposes a command: any JSON except `null`, of at most 1 MiB. Resolves to the result of the state machine once the
   * command is committed and applied. Rejects with a `RefusedError` if it never takes effect. Rejects with an
   * `InDoubtError` if that is not known, after ten seconds at most.
   */
  propose(command: Json): Promise<Result>;

  /**
   * Asks the state machine. The answer is linearizable: it shows every command that was acknowledged before. Rejects as
   * `propose` does.
   */
  read(query: Query): Promise<Result>;

  /**
   * Changes who takes part, where this member leads: these are to be the voters, and the learners, which are sent the log
   * and decide nothing. New voters are brought up to date first. Resolves when the change is committed. Rejects with a
   * `RefusedError` where it will never be, among others where this member does not lead, or where a new voter does not
   * catch up; and with an `InDoubtError` where this member leads no longer.
   */
  reconfigure(members: { readonly voters: readonly NodeId[]; readonly learners?: readonly NodeId[] }): Promise<void>;

  /**
   * Lets another member lead, where this one does: `to`, or whichever voter's log is the most complete. Resolves to the
   * leader when it leads. Rejects after an election timeout at most: with an `InDoubtError` where it may still win.
   */
  transfer(to?: NodeId): Promise<NodeId>;

  /** This member's own view, which may be out of date. */
  readonly status: MemberStatus;

  /**
   * Ends the member. The outcome of pending requests is unknown. Resolves when the disk has finished its last write.
   */
  close(): Promise<void>;
}
