import { faultOfMembers } from './configuration.ts';
import { maxIndex } from './log.ts';
import type { Conflict, LogPlace, RaftLog } from './log.ts';
import type { AppendEntries, Entry, NodeId } from './messages.ts';
import { isSameCommand } from './same-command.ts';

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
  if (request.prev_log_index + request.entries.length > maxIndex) return `an index is above ${maxIndex}`;
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
 * shortens the log: a delayed request whose entries are all here finds nothing missing. What contradicts an entry that
 * is committed here, or one of the same index and term, is from no correct leader: it is neither taken nor acknowledged.
 *
 * @param fixedIndex up to here entries are committed, or the leader of this term has sent them: they are not replaced
 */
export function judgeAppendEntries(log: RaftLog, fixedIndex: number, request: AppendEntries): AppendVerdict {
  const { prev_log_index, prev_log_term, entries } = request;
  const prev = { index: prev_log_index, term: prev_log_term };
  if (contradictsFixed(prev, log, fixedIndex)) return impossible(prev_log_index);
  // What a snapshot has taken from the beginning of the log was committed: it matches where it does not contradict.
  const isCompacted = prev_log_index < log.firstIndex - 1;
  if (!isCompacted && log.termAt(prev_log_index) !== prev_log_term) {
    return { kind: 'conflict', conflict: log.conflictAt(prev_log_index) };
  }
  const lastCompacted = entries[Math.min(log.firstIndex - 1 - prev_log_index, entries.length) - 1];
  if (lastCompacted !== undefined && contradictsFixed(lastCompacted, log, fixedIndex)) {
    return impossible(lastCompacted.index);
  }
  const firstMissing = log.firstMissing(entries);
  if (firstMissing !== undefined && firstMissing.index <= fixedIndex) return impossible(firstMissing.index);
  const held = firstMissing === undefined ? entries : entries.slice(0, firstMissing.index - prev_log_index - 1);
  const changed = held.find((entry) => isChanged(entry, log));
  if (changed !== undefined) {
    return { kind: 'impossible', why: `entry ${changed.index} of term ${changed.term} says something else here` };
  }
  const missing = held.length === 0 ? entries : entries.slice(held.length);
  return { kind: 'match', missing, matchIndex: prev_log_index + entries.length };
}

/**
 * Whether no correct leader of this term has such an entry at this index, given what is fixed here (Raft paper, section
 * 5.4, Leader Completeness). Terms never fall along a log. So what lies before a known place has no later term, and what
 * lies behind it has no earlier one.
 */
export function contradictsFixed({ index, term }: LogPlace, log: RaftLog, fixedIndex: number): boolean {
  const start = log.firstIndex - 1;
  if (index < start) return term > (log.termAt(start) ?? 0);
  if (index <= fixedIndex) return term !== log.termAt(index);
  return term < (log.termAt(fixedIndex) ?? 0);
}

/** Whether the log holds an entry of the same index and term that says something else. Then something has lied. */
function isChanged(entry: Entry, log: RaftLog): boolean {
  const own = log.entryAt(entry.index);
  return own !== undefined && !(own.kind === entry.kind && isSameCommand(own.command, entry.command));
}

function impossible(index: number): AppendVerdict {
  return { kind: 'impossible', why: `entry ${index} contradicts one that is committed here` };
}
