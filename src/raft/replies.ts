/** What a leader makes of its followers' answers. What no correct follower would say changes nothing, and is logged. */
import type { Leadership } from './leadership.ts';
import type { RaftLog } from './log.ts';
import type { AppendEntriesReply, InstallSnapshotReply, NodeId, RaftReply } from './messages.ts';
import type { Outbox } from './outbox.ts';

/** An answer of this term to request `number`. */
export interface Answer<Reply> {
  readonly from: NodeId;
  readonly reply: Reply;
  readonly number: number;
  readonly nowMs: number;
}

/** The term that a reply shows its sender to be in, 0 where it shows none: a granted pre-vote echoes what was asked. */
export function termOfSender(reply: RaftReply): number {
  if (!('term' in reply) || (reply.type === 'pre_vote_ok' && reply.vote_granted)) return 0;
  return reply.term;
}

export function takeAppendEntriesReply(
  reign: Leadership,
  { from, reply, number, nowMs }: Answer<AppendEntriesReply>,
  log: RaftLog,
  outbox: Outbox,
): void {
  const progress = reign.progressOf(from);
  if (progress === undefined) return;
  if (reply.success && reply.match_index > log.lastIndex) {
    outbox.complain(`${from} says that it has entry ${reply.match_index}, but the log ends at ${log.lastIndex}`);
    return;
  }
  progress.answered(number, nowMs);
  if (reply.success) {
    progress.accepted(number, reply.match_index);
  } else if (reply.conflict_index !== undefined) {
    const conflict_term = reply.conflict_term !== undefined && { conflict_term: reply.conflict_term };
    progress.rejected(number, { conflict_index: reply.conflict_index, ...conflict_term }, log);
  }
}

export function takeInstallSnapshotReply(
  reign: Leadership,
  { from, reply, number, nowMs }: Answer<InstallSnapshotReply>,
  outbox: Outbox,
): void {
  const progress = reign.progressOf(from);
  if (progress === undefined) return;
  const totalBytes = progress.transfer?.snapshot.totalBytes ?? Infinity;
  if (reply.offset > totalBytes) {
    outbox.complain(`${from} says that it has ${reply.offset} bytes of a snapshot of ${totalBytes}`);
    return;
  }
  progress.answered(number, nowMs);
  progress.tookPiece(number, reply.offset);
}
