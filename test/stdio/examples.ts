import type { RequestBody } from '../requests.ts';

/** Requests of clients: at least one of every type, the first with its optional fields too. */
export const clientExamples = {
  init: [{ type: 'init', node_id: 'n1', node_ids: ['n1', 'n2', 'n3'] }],
  raft_append: [
    { type: 'raft_append', entry: { term: 1, command: { op: 'cas', key: [1], from: null, to: { a: 'é' } } } },
    { type: 'raft_append', entry: { command: 'SET x = 5' } },
  ],
  read: [{ type: 'read', key: { b: 1, a: [null] } }],
  write: [{ type: 'write', key: 1, value: null }],
  cas: [{ type: 'cas', key: 'k', from: 1, to: '1', create_if_not_exists: true }, { type: 'cas', key: 1, from: 1, to: 2 }],
  delete: [{ type: 'delete', key: false }],
  raft_status: [{ type: 'raft_status' }],
  raft_log: [{ type: 'raft_log', from: 1, limit: 10 }, { type: 'raft_log' }],
} as const satisfies Readonly<Record<string, readonly RequestBody[]>>;

export const allClientRequests: readonly RequestBody[] = Object.values(clientExamples).flat();
