/**
 * The bodies of messages between members. Their shapes are those of `member/messages.ts`; a test compares the two.
 */
import * as z from 'zod/mini';
import { entry, expected, flag, integer, listOf, name, replicatedCommand, term, text } from './fields.ts';
import { describer, reply, request } from './schema.ts';
import type { BodyOf } from './schema.ts';

const vote = { term, candidate_id: name, last_log_index: integer, last_log_term: term };
/** Of a node that is not one of the founders. */
const founders = z.exactOptional(listOf(name));
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
      founders,
    }),
  request_vote: () => request('request_vote', { ...vote, transfer: z.exactOptional(name), founders }),
  pre_vote: () => request('pre_vote', { ...vote, founders }),
  propose: () =>
    request('propose', {
      term,
      requests: listOf(z.object({ id: integer, command: replicatedCommand }, expected('an object'))),
      founders,
    }),
  read_index: () => request('read_index', { term, founders }),
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
      founders,
    }),
  timeout_now: () => request('timeout_now', { term, target: name, founders }),
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
  /**
   * `term` and `taken` refuse forwarded proposals: the leader of that term took this many, and will never take the
   * others.
   */
  error: () =>
    reply('error', {
      code: integer,
      text: z.exactOptional(text),
      term: z.exactOptional(term),
      taken: z.exactOptional(integer),
    }),
};

/** A received request, with its `msg_id`. */
export type ReceivedPeerRequest = BodyOf<typeof peerRequests>;
/** A received reply, with its `in_reply_to`. An error is a reply too. */
export type ReceivedPeerReply = BodyOf<typeof peerReplies>;

/** A body before it is sent. The edge adds the message ids. */
export type PeerRequestBody = Unnumbered<ReceivedPeerRequest>;
export type PeerReplyBody = Unnumbered<ReceivedPeerReply>;

export type Unnumbered<Body> = Body extends unknown ? Omit<Body, 'msg_id' | 'in_reply_to'> : never;

export const describePeerRequest = describer<ReceivedPeerRequest>(peerRequests);
export const describePeerReply = describer<ReceivedPeerReply>(peerReplies);
