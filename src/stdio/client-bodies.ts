/**
 * What clients ask and what they are told.
 */
import * as z from 'zod/mini';
import { command, entry, expected, integer, json, listOf, name, term, text } from './fields.ts';
import { maxNodeIdLength } from './limits.ts';
import { reply, request } from './schema.ts';

const nodeId = name.check(z.maxLength(maxNodeIdLength, expected(`at most ${maxNodeIdLength} characters`)));

export const clientRequests = {
  init: () =>
    request('init', {
      node_id: nodeId,
      node_ids: listOf(nodeId),
    }).check(
      z.refine(({ node_ids }) => new Set(node_ids).size === node_ids.length, {
        path: ['node_ids'],
        error: 'expected every node once',
        abort: true,
      }),
      z.refine(({ node_id, node_ids }) => node_ids.includes(node_id), {
        path: ['node_ids'],
        error: 'expected node_id to be among them',
      }),
    ),
  raft_append: () =>
    request('raft_append', {
      entry: z.object({ term: z.exactOptional(term), command }, expected('an object')),
    }),
  read: () => request('read', { key: json }),
  write: () => request('write', { key: json, value: json }),
  cas: () => request('cas', { key: json, from: json, to: json }),
  delete: () => request('delete', { key: json }),
  raft_status: () => request('raft_status', {}),
  raft_log: () => request('raft_log', { from: z.exactOptional(integer), limit: z.exactOptional(integer) }),
};

export const clientReplies = {
  init_ok: () => reply('init_ok', {}),
  raft_append_ok: () => reply('raft_append_ok', { index: integer }),
  read_ok: () => reply('read_ok', { value: json }),
  write_ok: () => reply('write_ok', {}),
  cas_ok: () => reply('cas_ok', {}),
  delete_ok: () => reply('delete_ok', {}),
  raft_status_ok: () =>
    reply('raft_status_ok', {
      role: z.enum(['follower', 'candidate', 'leader'], expected('follower, candidate or leader')),
      term,
      leader: z.nullable(name),
      commit_index: integer,
      last_applied: integer,
      first_index: integer,
      last_index: integer,
    }),
  raft_log_ok: () =>
    reply('raft_log_ok', {
      entries: listOf(entry),
      first_index: integer,
      commit_index: integer,
      last_applied: integer,
    }),
  error: () => reply('error', { code: integer, text: z.exactOptional(text) }),
};
