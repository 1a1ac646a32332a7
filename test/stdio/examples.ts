import type { ReplyBody, RequestBody } from '../../src/stdio/bodies.ts';

type Examples<Body extends { readonly type: string }> = {
  readonly [Type in Body['type']]: readonly [Extract<Body, { type: Type }>, ...Extract<Body, { type: Type }>[]];
};

const entry = { term: 2, index: 3, command: { op: 'put', key: 'x', value: 1 } };
const configurationEntry = {
  kind: 'configuration',
  term: 2,
  index: 5,
  command: { voters: ['n1', 'n2', 'n3'], learners: ['n4'] },
} as const;
const ownEntry = { term: 2, index: 4, command: null, origin: { node: 'n1', id: 5 } };

/** At least one body of every type; the first has its optional fields too. Fields stand in the order of the wire. */
export const requestExamples: Examples<RequestBody> = {
  init: [{ type: 'init', node_id: 'n1', node_ids: ['n1', 'n2', 'n3'] }],
  raft_append: [
    { type: 'raft_append', entry: { term: 1, command: { op: 'cas', key: [1], from: null, to: { a: 'é' } } } },
    { type: 'raft_append', entry: { command: 'SET x = 5' } },
  ],
  read: [{ type: 'read', key: { b: 1, a: [null] } }],
  write: [{ type: 'write', key: 1, value: null }],
  cas: [{ type: 'cas', key: 'k', from: 1, to: '1' }],
  delete: [{ type: 'delete', key: false }],
  raft_status: [{ type: 'raft_status' }],
  raft_log: [{ type: 'raft_log', from: 1, limit: 10 }, { type: 'raft_log' }],
  append_entries: [
    {
      type: 'append_entries',
      term: 2,
      leader_id: 'n1',
      prev_log_index: 2,
      prev_log_term: 1,
      entries: [entry, ownEntry],
      leader_commit: 2,
    },
    {
      type: 'append_entries',
      term: 1,
      leader_id: 'n1',
      prev_log_index: 0,
      prev_log_term: 0,
      entries: [],
      leader_commit: 0,
    },
    {
      type: 'append_entries',
      term: 2,
      leader_id: 'n1',
      prev_log_index: 4,
      prev_log_term: 2,
      entries: [configurationEntry],
      leader_commit: 2,
    },
  ],
  request_vote: [{ type: 'request_vote', term: 2, candidate_id: 'n2', last_log_index: 0, last_log_term: 0 }],
  pre_vote: [{ type: 'pre_vote', term: 2, candidate_id: 'n2', last_log_index: 7, last_log_term: 1 }],
  propose: [
    {
      type: 'propose',
      term: 3,
      requests: [
        { id: 0, command: { op: 'delete', key: 1 } },
        { id: 1, command: 'DELETE x' },
      ],
    },
    { type: 'propose', term: 3, requests: [] },
  ],
  read_index: [{ type: 'read_index', term: 3 }],
  install_snapshot: [
    {
      type: 'install_snapshot',
      term: 3,
      leader_id: 'n1',
      last_included_index: 9,
      last_included_term: 2,
      offset: 0,
      data: '{"a":1}\n',
      total_bytes: 8,
      checksum: '337437e6',
      done: true,
    },
  ],
};

export const replyExamples: Examples<ReplyBody> = {
  init_ok: [{ type: 'init_ok' }],
  raft_append_ok: [{ type: 'raft_append_ok', index: 1 }],
  read_ok: [{ type: 'read_ok', value: { a: [1] } }],
  write_ok: [{ type: 'write_ok' }],
  cas_ok: [{ type: 'cas_ok' }],
  delete_ok: [{ type: 'delete_ok' }],
  raft_status_ok: [
    {
      type: 'raft_status_ok',
      role: 'leader',
      term: 1,
      leader: 'n1',
      commit_index: 4,
      last_applied: 3,
      first_index: 1,
      last_index: 5,
    },
    {
      type: 'raft_status_ok',
      role: 'follower',
      term: 0,
      leader: null,
      commit_index: 0,
      last_applied: 0,
      first_index: 1,
      last_index: 0,
    },
  ],
  raft_log_ok: [{ type: 'raft_log_ok', entries: [entry, ownEntry], first_index: 1, commit_index: 3, last_applied: 3 }],
  error: [
    { type: 'error', code: 22, text: 'expected 1, found 2' },
    { type: 'error', code: 1_000 },
  ],
  append_entries_ok: [
    { type: 'append_entries_ok', success: false, term: 2, conflict_index: 4, conflict_term: 1 },
    { type: 'append_entries_ok', success: false, term: 2 },
    { type: 'append_entries_ok', success: true, match_index: 4 },
  ],
  request_vote_ok: [{ type: 'request_vote_ok', term: 2, vote_granted: true }],
  pre_vote_ok: [{ type: 'pre_vote_ok', term: 2, vote_granted: false }],
  read_index_ok: [{ type: 'read_index_ok', term: 2, index: 8 }],
  install_snapshot_ok: [{ type: 'install_snapshot_ok', term: 2, offset: 4 }],
};

export const allRequests: readonly RequestBody[] = Object.values(requestExamples).flat();
export const allReplies: readonly ReplyBody[] = Object.values(replyExamples).flat();
