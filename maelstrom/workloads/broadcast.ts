import { isJson } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import type { Body } from '../cluster/cluster.ts';
import { judgeBroadcast } from './broadcast-judge.ts';
import { badReply, errorOutcome, openOutcome, replyFault } from './reply.ts';
import { neighboursIn } from './topology.ts';
import type { BadReply, Generator, GeneratorOptions, Outcome, Workload } from './workload.ts';

/** The value of a read is what the node has heard of, as a list. */
export type BroadcastInvocation =
  | { readonly f: 'broadcast'; readonly value: Json }
  | { readonly f: 'read'; readonly value: null; readonly final?: true };

/**
 * Maelstrom's broadcast: clients hand messages to one node and ask any node which ones it knows. Nodes are told who
 * their neighbours are and need not care. Messages are the numbers from 0, each broadcast once.
 */
export const broadcast: Workload<BroadcastInvocation> = {
  name: 'broadcast',
  operations: ['broadcast', 'read'],
  isForRaft: false,
  threadsPerGroup: () => 1,
  timeoutMs: () => 5000,
  generator,
  request: (invocation) => (invocation.f === 'read' ? { type: 'read' } : { type: 'broadcast', message: invocation.value }),
  outcome,
  unanswered: ({ f }, reason) => openOutcome(f === 'read', reason),
  greeting: (nodeIds, topology) => ({ type: 'topology', topology: neighboursIn(topology, nodeIds) }),
  last: { f: 'read', value: null, final: true },
  fits: (events) => !events.some((event) => 'key' in event),
  judge: judgeBroadcast,
};

/** Half of the operations read. */
function generator({ random }: GeneratorOptions): Generator<BroadcastInvocation> {
  let message = -1;
  return {
    next() {
      if (random.integer(2) === 0) return { f: 'read', value: null };
      message += 1;
      return { f: 'broadcast', value: message };
    },
  };
}

function outcome(invocation: BroadcastInvocation, reply: Body): Outcome | BadReply {
  const isRead = invocation.f === 'read';
  if (reply.type === 'error') return errorOutcome(invocation, isRead, reply);
  const fault = replyFault(invocation.f, reply, isRead ? ['messages'] : []);
  if (fault !== undefined) return fault;
  if (!isRead) return { type: 'ok', value: invocation.value };
  const messages = reply['messages'];
  if (!Array.isArray(messages)) return badReply('answered a read with messages that are no list');
  if (!isJson(messages)) return badReply('answered a read with messages that nest too deeply');
  return { type: 'ok', value: messages };
}
