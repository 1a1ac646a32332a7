import type { RaftStatus } from '../raft/role.ts';

/** A member's own view, which may be out of date. `lastApplied` is the index that its state machine has come to. */
export interface MemberStatus extends RaftStatus {
  readonly lastApplied: number;
}
