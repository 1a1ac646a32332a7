import { z } from 'zod';
import { isJson } from '../../src/json.ts';
import { errorCode, errorName, isDefinite } from '../../src/protocol/errors.ts';
import type { Body } from '../cluster/cluster.ts';
import { LinKvGenerator } from './lin-kv-generator.ts';
import type { BadReply, Invocation, Outcome, Workload } from './workload.ts';

const errorReply = z.object({ type: z.literal('error'), code: z.int(), text: z.string().optional() });

/**
 * Maelstrom's lin-kv: reads, writes and compare-and-set on registers, each of which must be linearizable. What the
 * answers mean follows Maelstrom's client: an error that its protocol calls definite is `fail`, every other one leaves
 * the outcome open, and a read that brought no answer is always `fail`, since it changed nothing. In one thing it looks
 * more closely: a read that is told that the key does not exist has seen that nothing is there. For Maelstrom it is
 * `fail`, and nodes that lose all that they had acknowledged would go unnoticed.
 */
export const linKv: Workload = {
  name: 'lin-kv',
  operations: ['read', 'write', 'cas'],
  threadsPerGroup: (nodeCount) => 2 * nodeCount,
  generator: (options) => new LinKvGenerator(options),
  request,
  outcome,
  unanswered: (invocation, reason) => ({ type: invocation.f === 'read' ? 'fail' : 'info', error: reason }),
};

function request(invocation: Invocation): Body {
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

function outcome(invocation: Invocation, reply: Body): Outcome | BadReply {
  const { f } = invocation;
  if (reply.type === 'error') return errorOutcome(invocation, reply);
  if (reply.type !== `${f}_ok`) return badReply(`answered a ${f} with ${JSON.stringify(reply.type)}`);
  if (f !== 'read') return { type: 'ok', value: null };
  const value = reply['value'];
  if (value === undefined) return badReply('answered a read without a value');
  if (!isJson(value)) return badReply('answered a read with a value that nests too deeply or holds a number too large');
  return { type: 'ok', value };
}

function errorOutcome(invocation: Invocation, reply: Body): Outcome | BadReply {
  const parsed = errorReply.safeParse(reply);
  if (!parsed.success) return badReply(`answered a ${invocation.f} with an error that has no whole number as its code`);
  const { code, text } = parsed.data;
  if (invocation.f === 'read' && code === errorCode.keyDoesNotExist) return { type: 'ok', value: null };
  const isCertain = invocation.f === 'read' || isDefinite(code);
  return { type: isCertain ? 'fail' : 'info', error: [code, errorName(code) ?? text ?? 'unknown'] };
}

function badReply(what: string): BadReply {
  return { type: 'bad-reply', what };
}
