import { faultOfMembers } from './configuration.ts';
import type { Conflict, RaftLog } from './log.ts';
import type { AppendEntries, Entry, NodeId } from './messages.ts';

/** What a follower's log makes of an AppendEntries of its term. */
export type AppendVerdict =
  | { readonly kind: 'impossible'; readonly why: string }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  | {
      readonly kind: 'match';
      /** The part of the request that this log lacks; it replaces whatever stands at its first index and behind. */
      readonly missing: readonly Entry[];
      readonly matchIndex: number;
    };

/** What is wrong with the request by itself, whatever the log: a correct leader cannot have sent it. */
export function faultOfAppendEntries(from: NodeId, request: AppendEntries): string | undefined {
  if (request.leader_id !== from) return `leader_id is ${request.leader_id}, but the message came from ${from}`;
  if (request.term === 0) return 'nobody leads term 0';
  if ((request.prev_log_index === 0) !== (request.prev_log_term === 0)) {
    return `prev_log_term ${request.prev_log_term} does not go with prev_log_index ${request.prev_log_index}`;
  }
  let index = request.prev_log_index;
  let term = request.prev_log_term;
  for (const entry of request.entries) {
    if (entry.index !== index + 1) return `entry ${entry.index} follows entry ${index}`;
    if (entry.term === 0) return `entry ${entry.index} has term 0`;
    if (entry.term < term) return `entry ${entry.index} has term ${entry.term}, after one of term ${term}`;
    const fault = entry.kind === 'configuration' ? faultOfMembers(entry.command) : undefined;
    if (fault !== undefined) return `entry ${entry.index} is no configuration: ${fault}`;
    index = entry.index;
    term = entry.term;
  }
  if (term > request.term) return `an entry of term ${term} in a request of term ${request.term}`;
  return undefined;
}

/**
 * The consistency check and what follows from it (Raft paper, figure 2, AppendEntries 2 to 4). Only a real conflict
 * shortens the log: a delayed request whose entries are all here finds nothing missing. Committed entries are never
 * replaced; a request that would is not from a correct leader. What a snapshot has taken from the beginning of the log
 * was committed, and so matches by definition.
 */
export function judgeAppendEntries(log: RaftLog, commitIndex: number, request: AppendEntries): AppendVerdict {
  const { prev_log_index, prev_log_term, entries } = request;
  const isCompacted = prev_log_index < log.firstIndex - 1;
  if (!isCompacted && log.termAt(prev_log_index) !== prev_log_term) {
    if (prev_log_index <= commitIndex) return { kind: 'impossible', why: contradicts(prev_log_index) };
    return { kind: 'conflict', conflict: log.conflictAt(prev_log_index) };
  }
  const firstMissing = log.firstMissing(entries);
  if (firstMissing !== undefined && firstMissing.index <= commitIndex) {
    return { kind: 'impossible', why: contradicts(firstMissing.index) };
  }
  const missing = firstMissing === undefined ? [] : entries.slice(firstMissing.index - prev_log_index - 1);
  return { kind: 'match', missing, matchIndex: prev_log_index + entries.length };
}

function contradicts(index: number): string {
  return `entry ${index} contradicts one that is committed here`;
}
