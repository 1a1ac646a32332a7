import { isJson } from '../../src/services/json.ts';
import type { Body } from '../cluster/cluster.ts';
import { LinKvGenerator } from './lin-kv-generator.ts';
import type { RegisterInvocation } from './lin-kv-generator.ts';
import { judgeRegisters } from './lin-kv-judge.ts';
import { badReply, errorOutcome, isKeyMissing, openOutcome, replyFault } from './reply.ts';
import type { BadReply, Outcome, Workload } from './workload.ts';

/**
 * Maelstrom's lin-kv: reads, writes and compare-and-set on registers, each of which must be linearizable. What the
 * answers mean follows Maelstrom's client: an error that its protocol calls definite is `fail`, every other one leaves
 * the outcome open, and a read that brought no answer is always `fail`, since it changed nothing. In one thing it looks
 * more closely: a read that is told that the key does not exist has seen that nothing is there. For Maelstrom it is
 * `fail`, and nodes that lose all that they had acknowledged would go unnoticed.
 */
export const linKv: Workload<RegisterInvocation> = {
  name: 'lin-kv',
  operations: ['read', 'write', 'cas'],
  isForRaft: true,
  threadsPerGroup: (nodeCount) => 2 * nodeCount,
  timeoutMs: (meanLatencyMs) => Math.max(10 * meanLatencyMs, 1000),
  generator: (options) => new LinKvGenerator(options),
  request,
  outcome,
  unanswered: ({ f }, reason) => openOutcome(f === 'read', reason),
  fits: (events) => events.some((event) => 'key' in event),
  judge: judgeRegisters,
};

function request(invocation: RegisterInvocation): Body {
  const { key } = invocation;
  switch (invocation.f) {
    case 'read':
      return { type: 'read', key };
    case 'write':
      return { type: 'write', key, value: invocation.value };
    case 'cas':
      return { type: 'cas', key, from: invocation.value[0], to: invocation.value[1] };
  }
}

function outcome(invocation: RegisterInvocation, reply: Body): Outcome | BadReply {
  const isRead = invocation.f === 'read';
  if (isRead && isKeyMissing(reply)) return { type: 'ok', value: null };
  if (reply.type === 'error') return errorOutcome(invocation, isRead, reply);
  const fault = replyFault(invocation.f, reply, isRead ? ['value'] : []);
  if (fault !== undefined) return fault;
  if (!isRead) return { type: 'ok', value: invocation.value };
  const value = reply['value'];
  if (!isJson(value)) return badReply('answered a read with a value that nests too deeply or holds a number too large');
  return { type: 'ok', value };
}
