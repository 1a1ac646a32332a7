import type { PeerReplyBody, PeerRequestBody } from '../../src/wire/peer-bodies.ts';

type Examples<Body extends { readonly type: string }> = {
  readonly [Type in Body['type']]: readonly [Extract<Body, { type: Type }>, ...Extract<Body, { type: Type }>[]];
};

const entry = { term: 2, index: 3, command: { op: 'put', key: 'x', value: 1 } };
const configurationEntry = {
  kind: 'configuration',
  term: 2,
  index: 5,
  command: { voters: ['n1', 'n2', 'n3'], learners: ['n4'], outgoing: ['n3', 'n5'] },
} as const;
const founders = ['n1', 'n2', 'n3'];
const ownEntry = { term: 2, index: 4, command: null, origin: { node: 'n1', id: 5 } };

/** At least one body of every type; the first has its optional fields too. Fields stand in the order of the wire. */
export const requestExamples: Examples<PeerRequestBody> = {
  append_entries: [
    {
      type: 'append_entries',
      term: 2,
      leader_id: 'n1',
      prev_log_index: 2,
      prev_log_term: 1,
      entries: [entry, ownEntry],
      leader_commit: 2,
      founders,
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
  request_vote: [
    { type: 'request_vote', term: 2, candidate_id: 'n4', last_log_index: 0, last_log_term: 0, transfer: 'n1', founders },
    { type: 'request_vote', term: 2, candidate_id: 'n2', last_log_index: 0, last_log_term: 0 },
  ],
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
  read_index: [{ type: 'read_index', term: 3, founders }, { type: 'read_index', term: 3 }],
  timeout_now: [{ type: 'timeout_now', term: 3, target: 'n2' }],
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

export const replyExamples: Examples<PeerReplyBody> = {
  error: [
    { type: 'error', code: 22, text: 'expected 1, found 2' },
    { type: 'error', code: 1_000 },
    { type: 'error', code: 11, text: 'no more', term: 3, taken: 2 },
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

export const allRequests: readonly PeerRequestBody[] = Object.values(requestExamples).flat();
export const allReplies: readonly PeerReplyBody[] = Object.values(replyExamples).flat();
