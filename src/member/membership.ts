import { faultOfMembers } from '../raft/configuration.ts';
import type { Members, NodeId } from '../raft/messages.ts';
import { maxLearners, maxVoters } from '../raft/reconfiguration.ts';
import type { ChangeOutcome } from '../raft/reconfiguration.ts';
import type { TransferOutcome } from '../raft/transfer.ts';
import type { Outcome } from './outcome.ts';

/** Why these cannot be what the members are to become; undefined where they can. It names the field where one is wrong. */
export function faultOfTarget(target: Members): string | undefined {
  const { voters, learners, outgoing } = target;
  if (outgoing !== undefined) return 'outgoing: not to be said';
  if (voters.length > maxVoters) return `voters: more than ${maxVoters}`;
  if (learners.length > maxLearners) return `learners: more than ${maxLearners}`;
  const fault = faultOfMembers(target);
  return fault === undefined ? undefined : `no configuration: ${fault}`;
}

/** Whether the members are the founders, all of them voters. */
export function isFounding({ voters, learners, outgoing }: Members, founders: readonly NodeId[]): boolean {
  return outgoing === undefined && learners.length === 0 && isSameList(voters, founders);
}

export function isSameList(one: readonly NodeId[], other: readonly NodeId[]): boolean {
  return one === other || (one.length === other.length && one.every((node, place) => node === other[place]));
}

/** What somebody is told who has asked for a change. */
export function outcomeOfChange(change: ChangeOutcome | 'in-doubt'): Outcome<never> {
  if (change === 'in-doubt') return { kind: 'in-doubt' };
  if (change.kind === 'changed') return { kind: 'reconfigured' };
  return { kind: 'refused', why: { kind: 'change-given-up', why: change.why } };
}

/** What somebody is told who has asked for a leadership transfer. */
export function outcomeOfTransfer(transfer: TransferOutcome): Outcome<never> {
  switch (transfer.kind) {
    case 'transferred':
      return { kind: 'transferred', leader: transfer.leader };
    case 'not-transferred':
      return { kind: 'refused', why: { kind: 'not-transferred' } };
    case 'in-doubt':
      return { kind: 'in-doubt' };
  }
}
