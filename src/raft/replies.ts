/** What a leader makes of its followers' answers. */
import type { Leadership } from './leadership.ts';
import type { RaftLog } from './log.ts';
import type { AppendEntriesReply, InstallSnapshotReply, NodeId, RaftReply } from './messages.ts';
import type { Progress } from './progress.ts';

export type FollowersReply = AppendEntriesReply | InstallSnapshotReply;

/** An answer of this term to request `number`. */
interface Answer {
  readonly from: NodeId;
  readonly reply: FollowersReply;
  readonly number: number;
  readonly nowMs: number;
}

/** The term that a reply shows its sender to be in, 0 where it shows none: a granted pre-vote echoes what was asked. */
export function termOfSender(reply: RaftReply): number {
  if (!('term' in reply) || (reply.type === 'pre_vote_ok' && reply.vote_granted)) return 0;
  return reply.term;
}

/** Returns what no correct follower would say, in words; it changes nothing. Undefined where the answer was taken. */
export function takeFollowersReply(
  leadership: Leadership,
  { from, reply, number, nowMs }: Answer,
  log: RaftLog,
): string | undefined {
  const progress = leadership.progressOf(from);
  // A member that has been removed since it was asked.
  if (progress === undefined) return undefined;
  const claim = impossibleClaim(reply, progress, log);
  if (claim !== undefined) return `${from} says that it has ${claim}`;
  progress.answered(number, leadership.sentAtMs(number), nowMs);
  if (reply.type === 'install_snapshot_ok') {
    progress.tookPiece(number, reply.offset, nowMs);
  } else if (reply.success) {
    progress.accepted(number, reply.match_index);
  } else if (reply.conflict_index !== undefined) {
    const conflict_term = reply.conflict_term !== undefined && { conflict_term: reply.conflict_term };
    progress.rejected(number, { conflict_index: reply.conflict_index, ...conflict_term }, log);
  }
  return undefined;
}

/** Returns what is to be logged of a follower's refusal; undefined where nothing depends on it. */
export function takeFollowersRefusal(
  leadership: Leadership,
  from: NodeId,
  number: number,
  nowMs: number,
): string | undefined {
  const progress = leadership.progressOf(from);
  if (progress?.refused(number, nowMs) !== true) return undefined;
  const { failures, dueAtMs } = progress.snapshotRetry;
  return `${from} has refused a snapshot ${failures} times in a row; it is sent one again in ${dueAtMs - nowMs} ms`;
}

/** More than it can have been sent. */
function impossibleClaim(reply: FollowersReply, { transfer }: Progress, log: RaftLog): string | undefined {
  if (reply.type === 'install_snapshot_ok') {
    const totalBytes = transfer?.snapshot.totalBytes ?? Infinity;
    return reply.offset > totalBytes ? `${reply.offset} bytes of a snapshot of ${totalBytes}` : undefined;
  }
  if (!reply.success || reply.match_index <= log.lastIndex) return undefined;
  return `entry ${reply.match_index}, but the log ends at ${log.lastIndex}`;
}
