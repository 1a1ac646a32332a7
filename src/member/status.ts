import type { Members } from '../raft/messages.ts';
import type { RaftStatus } from '../raft/role.ts';

/** A member's own view, which may be out of date. `lastApplied` is the index that its state machine has come to. */
export interface MemberStatus extends RaftStatus {
  readonly lastApplied: number;
  /** Who takes part, by the configuration in force here. Absent where that is the founding one: all founders vote. */
  readonly configuration?: Members;
}
