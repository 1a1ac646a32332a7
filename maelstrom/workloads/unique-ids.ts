import { canonical, isJson } from '../../src/services/json.ts';
import type { Body } from '../cluster/cluster.ts';
import type { HistoryEvent, OperationEvent } from '../history/history.ts';
import { pairsOf } from '../history/pairs.ts';
import { badReply, errorOutcome, openOutcome, replyFault } from './reply.ts';
import type { BadReply, Invocation, JudgeOptions, Judgement, Outcome, Workload } from './workload.ts';

const maxShown = 5;

export interface GenerateInvocation extends Invocation {
  readonly f: 'generate';
}

/** Maelstrom's unique-ids: nodes make up names, any JSON, and no two answers may bring the same. */
export const uniqueIds: Workload<GenerateInvocation> = {
  name: 'unique-ids',
  operations: ['generate'],
  isForRaft: false,
  threadsPerGroup: () => 1,
  timeoutMs: () => 5000,
  generator: () => ({ next: () => ({ f: 'generate', value: null }) }),
  request: () => ({ type: 'generate' }),
  outcome,
  unanswered: (_, reason) => openOutcome(false, reason),
  judge,
};

function outcome(invocation: GenerateInvocation, reply: Body): Outcome | BadReply {
  if (reply.type === 'error') return errorOutcome(invocation, false, reply);
  const fault = replyFault('generate', reply, ['id']);
  if (fault !== undefined) return fault;
  const id = reply['id'];
  if (isJson(id)) return { type: 'ok', value: id };
  return badReply('answered a generate with an id that nests too deeply or holds a number too large');
}

function judge(events: readonly HistoryEvent[], { lineNumberOf }: JudgeOptions): Judgement {
  const pairs = pairsOf(events, lineNumberOf);
  const makers = new Map<string, OperationEvent[]>();
  let count = 0;
  for (const { completion } of pairs) {
    if (completion?.type !== 'ok') continue;
    count += 1;
    const id = canonical(completion.value);
    const known = makers.get(id);
    if (known === undefined) makers.set(id, [completion]);
    else known.push(completion);
  }
  const repeated = [...makers].filter(([, made]) => made.length > 1);
  const reason = repeated.length === 1 ? 'One id was given out' : `${repeated.length} ids were given out`;
  const shown = repeated.toSorted(([, left], [, right]) => right.length - left.length).slice(0, maxShown);
  return {
    verdict: repeated.length > 0 ? 'violated' : 'good',
    reasons: [repeated.length > 0 ? `${reason} more than once.` : 'every id that was given out is unique.'],
    explanation: [
      `unique-ids: ${pairs.length} asked for, ${count} given out, ${repeated.length} of them more than once`,
      ...shown.map(([id, made]) => describe(id, made)),
    ],
    results: {
      uniqueIds: {
        attempted: pairs.length,
        acknowledged: count,
        repeated: repeated.length,
        worst: shown.map(([id, made]) => ({ id: made[0]?.value, text: id, count: made.length })),
      },
    },
  };
}

function describe(id: string, made: readonly OperationEvent[]): string {
  const who = made.slice(0, 3).map(({ process, time }) => `process ${process} at ${(time / 1e9).toFixed(3)} s`);
  return `  ${id} was given out ${made.length} times: to ${who.join(', to ')}${made.length > 3 ? ', ...' : ''}`;
}
