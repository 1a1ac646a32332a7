import type { Json } from '../services/json.ts';
import type { Result } from '../services/kv/store.ts';
import type { ReplyBody } from '../stdio/bodies.ts';
import { entrySizeBytes } from '../stdio/encode.ts';
import { maxEntriesBytes } from '../stdio/limits.ts';
import type { Replica } from './replica.ts';
import { fitting } from './hand-over.ts';

const defaultLogLimit = 100;
const maxLogLimit = 1000;

/** The answer to `raft_status`: this node's own view, which may be out of date. */
export function statusOf(replica: Replica<Json, Result>): ReplyBody {
  const { role, term, leader, commitIndex, lastApplied, firstIndex, lastIndex } = replica.status;
  return {
    type: 'raft_status_ok',
    role,
    term,
    leader,
    commit_index: commitIndex,
    last_applied: lastApplied,
    first_index: firstIndex,
    last_index: lastIndex,
  };
}

/**
 * The answer to `raft_log`: this node's entries from index `from` on, committed or not. At most `limit` of them, and no
 * more than fit into a line.
 */
export function logOf(replica: Replica<Json, Result>, from: number = 1, limit: number = defaultLogLimit): ReplyBody {
  const { commitIndex, lastApplied, firstIndex } = replica.status;
  const first = Math.max(from, firstIndex);
  const entries = replica.entries(first, first + Math.min(limit, maxLogLimit) - 1);
  return {
    type: 'raft_log_ok',
    entries: fitting(entries, maxEntriesBytes, entrySizeBytes),
    first_index: firstIndex,
    commit_index: commitIndex,
    last_applied: lastApplied,
  };
}
