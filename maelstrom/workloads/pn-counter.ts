import type { Random } from '../../src/index.ts';
import { checkCounter } from '../checkers/counters/check.ts';
import type { Body } from '../cluster/cluster.ts';
import type { HistoryEvent } from '../history/history.ts';
import { badReply, errorOutcome, openOutcome, replyFault } from './reply.ts';
import type { BadReply, Outcome, Workload } from './workload.ts';

/** The value of an add is what is added, that of a read the whole number that it brought. */
export type CounterInvocation =
  | { readonly f: 'add'; readonly value: number }
  | { readonly f: 'read'; readonly value: null; readonly final?: true };

/**
 * Maelstrom's pn-counter: clients add to a counter, from -5 to 4 at a time, and read it. At the end, when all faults are
 * over, every client reads once more. See `checkCounter` for how it is judged.
 */
export const pnCounter = counter('pn-counter', (random) => random.integer(10) - 5, () => true);

/** A counter to which `drawDelta` adds. Half of the operations read. */
export function counter(
  name: string,
  drawDelta: (random: Random) => number,
  mayAdd: (delta: number) => boolean,
): Workload<CounterInvocation> {
  return {
    name,
    operations: ['add', 'read'],
    isForRaft: false,
    threadsPerGroup: () => 1,
    timeoutMs: () => 5000,
    generator: ({ random }) => ({
      next: () => (random.integer(2) === 0 ? { f: 'read', value: null } : { f: 'add', value: drawDelta(random) }),
    }),
    request: (invocation) => (invocation.f === 'read' ? { type: 'read' } : { type: 'add', delta: invocation.value }),
    outcome,
    unanswered: ({ f }, reason) => openOutcome(f === 'read', reason),
    last: { f: 'read', value: null, final: true },
    fits: (events) => events.every((event) => mayBeOfCounter(event, mayAdd)),
    judge: (events, { lineNumberOf }) => checkCounter(events, lineNumberOf),
  };
}

function outcome(invocation: CounterInvocation, reply: Body): Outcome | BadReply {
  const isRead = invocation.f === 'read';
  if (reply.type === 'error') return errorOutcome(invocation, isRead, reply);
  const fault = replyFault(invocation.f, reply, isRead ? ['value'] : []);
  if (fault !== undefined) return fault;
  if (!isRead) return { type: 'ok', value: invocation.value };
  const value = reply['value'];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return { type: 'ok', value };
  return badReply('answered a read with a value that is no whole number');
}

function mayBeOfCounter({ type, f, value }: HistoryEvent, mayAdd: (delta: number) => boolean): boolean {
  if (f === 'add') return typeof value === 'number' && mayAdd(value);
  return f !== 'read' || type !== 'ok' || typeof value === 'number';
}
