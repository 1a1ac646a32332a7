/**
 * What nodes of one cluster say to each other. The shapes are those of `raft/messages.ts`, which a test compares.
 */
import * as z from 'zod/mini';
import { entry, expected, flag, integer, listOf, name, replicatedCommand, term, text } from './fields.ts';
import { reply, request } from './schema.ts';

const vote = { term, candidate_id: name, last_log_index: integer, last_log_term: term };
const voteReply = { term, vote_granted: flag };

export const peerRequests = {
  append_entries: () =>
    request('append_entries', {
      term,
      leader_id: name,
      prev_log_index: integer,
      prev_log_term: term,
      entries: listOf(entry),
      leader_commit: integer,
    }),
  request_vote: () => request('request_vote', vote),
  pre_vote: () => request('pre_vote', vote),
  propose: () =>
    request('propose', {
      term,
      requests: listOf(z.object({ id: integer, command: replicatedCommand }, expected('an object'))),
    }),
  read_index: () => request('read_index', { term }),
  install_snapshot: () =>
    request('install_snapshot', {
      term,
      leader_id: name,
      last_included_index: integer,
      last_included_term: term,
      offset: integer,
      data: text,
      total_bytes: integer,
      checksum: text,
      done: flag,
    }),
};

export const peerReplies = {
  append_entries_ok: () =>
    z.discriminatedUnion(
      'success',
      [
        reply('append_entries_ok', { success: z.literal(true), match_index: integer }),
        reply('append_entries_ok', {
          success: z.literal(false),
          term,
          conflict_index: z.exactOptional(integer),
          conflict_term: z.exactOptional(term),
        }),
      ],
      expected('true or false'),
    ),
  request_vote_ok: () => reply('request_vote_ok', voteReply),
  pre_vote_ok: () => reply('pre_vote_ok', voteReply),
  read_index_ok: () => reply('read_index_ok', { term, index: integer }),
  install_snapshot_ok: () => reply('install_snapshot_ok', { term, offset: integer }),
};
