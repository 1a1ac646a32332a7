import { isJson } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import { checkSet } from '../checkers/sets/check.ts';
import type { Body } from '../cluster/cluster.ts';
import { bringLists } from './reads.ts';
import { badReply, errorOutcome, openOutcome, replyFault } from './reply.ts';
import type { BadReply, Generator, GeneratorOptions, Outcome, Workload } from './workload.ts';

/** The value of a read is the set, as a list. */
export type SetInvocation =
  | { readonly f: 'add'; readonly value: Json }
  | { readonly f: 'read'; readonly value: null; readonly final?: true };

/**
 * Maelstrom's g-set: clients add elements to a set that only grows, and read it. Elements are the numbers from 0, each
 * added once; at the end, when all faults are over, every client reads once more. It is judged more strictly than
 * Maelstrom does (see `checkSet`).
 */
export const gSet: Workload<SetInvocation> = {
  name: 'g-set',
  operations: ['add', 'read'],
  isForRaft: false,
  threadsPerGroup: () => 1,
  timeoutMs: () => 5000,
  generator,
  request: (invocation) => (invocation.f === 'read' ? { type: 'read' } : { type: 'add', element: invocation.value }),
  outcome,
  unanswered: ({ f }, reason) => openOutcome(f === 'read', reason),
  last: { f: 'read', value: null, final: true },
  fits: bringLists,
  judge: (events, { lineNumberOf }) => checkSet(events, lineNumberOf),
};

/** Half of the operations read. */
function generator({ random }: GeneratorOptions): Generator<SetInvocation> {
  let element = -1;
  return {
    next() {
      if (random.integer(2) === 0) return { f: 'read', value: null };
      element += 1;
      return { f: 'add', value: element };
    },
  };
}

function outcome(invocation: SetInvocation, reply: Body): Outcome | BadReply {
  const isRead = invocation.f === 'read';
  if (reply.type === 'error') return errorOutcome(invocation, isRead, reply);
  const fault = replyFault(invocation.f, reply, isRead ? ['value'] : []);
  if (fault !== undefined) return fault;
  if (!isRead) return { type: 'ok', value: invocation.value };
  const elements = reply['value'];
  if (!Array.isArray(elements)) return badReply('answered a read with a value that is no list');
  if (!isJson(elements)) return badReply('answered a read with a value that nests too deeply');
  return { type: 'ok', value: elements };
}
