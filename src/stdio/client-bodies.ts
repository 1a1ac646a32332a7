/**
 * The requests that every node takes from clients, whatever its service. The operations of the service come in
 * addition.
 */
import * as z from 'zod/mini';
import { expected, faultCheck, integer, listOf, name, term } from '../wire/fields.ts';
import { request } from '../wire/schema.ts';
import type { BodyOf } from '../wire/schema.ts';
import type { Json } from '../services/json.ts';
import type { Service } from '../services/service.ts';

/** The schemas of these requests. `commandFault` decides which commands `raft_append` takes. */
export function clientRequestsOf(commandFault: Service['commandFault']) {
  const command = z.custom<Json>().check(faultCheck(commandFault));
  return {
    init: () =>
      request('init', {
        node_id: name,
        node_ids: listOf(name),
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
    raft_reconfigure: () =>
      request('raft_reconfigure', { voters: listOf(name), learners: z.exactOptional(listOf(name)) }),
    raft_transfer: () => request('raft_transfer', { to: z.exactOptional(name) }),
    raft_status: () => request('raft_status', {}),
    raft_log: () => request('raft_log', { from: z.exactOptional(integer), limit: z.exactOptional(integer) }),
  };
}

export type ClientRequest = BodyOf<ReturnType<typeof clientRequestsOf>>;
