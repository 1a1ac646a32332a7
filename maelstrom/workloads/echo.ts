import { canonical, isJson } from '../../src/services/json.ts';
import type { Body } from '../cluster/cluster.ts';
import type { HistoryEvent } from '../history/history.ts';
import { pairsOf } from '../history/pairs.ts';
import type { Pair } from '../history/pairs.ts';
import { badReply, errorOutcome, openOutcome, replyFault } from './reply.ts';
import type { BadReply, Invocation, JudgeOptions, Judgement, Outcome, Workload } from './workload.ts';

const maxShown = 5;

export interface EchoInvocation extends Invocation {
  readonly f: 'echo';
}

/** Maelstrom's echo, for those who start: the answer has to bring back what was sent. */
export const echo: Workload<EchoInvocation> = {
  name: 'echo',
  operations: ['echo'],
  isForRaft: false,
  threadsPerGroup: () => 1,
  timeoutMs: () => 5000,
  generator: ({ random }) => ({ next: () => ({ f: 'echo', value: `Please echo ${random.integer(128)}` }) }),
  request: ({ value }) => ({ type: 'echo', echo: value }),
  outcome,
  unanswered: (_, reason) => openOutcome(false, reason),
  judge,
};

function outcome(invocation: EchoInvocation, reply: Body): Outcome | BadReply {
  if (reply.type === 'error') return errorOutcome(invocation, false, reply);
  const fault = replyFault('echo', reply, ['echo']);
  if (fault !== undefined) return fault;
  const value = reply['echo'];
  return isJson(value) ? { type: 'ok', value } : badReply('answered an echo with what nests too deeply');
}

/**
 * Every echo has to come back as it was sent. One that does not come back at all is wrong as well, as under Maelstrom,
 * except where nodes were killed or paused.
 */
function judge(events: readonly HistoryEvent[], { lineNumberOf }: JudgeOptions): Judgement {
  const pairs = pairsOf(events, lineNumberOf).filter(({ completion }) => completion !== undefined);
  const answered = pairs.filter(({ completion }) => completion?.type === 'ok');
  const wrong = answered.filter(({ invocation, completion }) => {
    return canonical(invocation.value) !== canonical(completion?.value ?? null);
  });
  const unanswered = pairs.length - answered.length;
  const mayMiss = events.some(({ process, f }) => process === 'nemesis' && /^start-(kill|pause)$/.test(f));
  const reasons = [
    ...(wrong.length > 0 ? [`${wrong.length} of ${pairs.length} echoes came back changed.`] : []),
    ...(unanswered > 0 && !mayMiss ? [`${unanswered} of ${pairs.length} echoes did not come back.`] : []),
  ];
  const count = `echo: ${pairs.length} sent, ${answered.length - wrong.length} came back as they were`;
  return {
    verdict: reasons.length > 0 ? 'violated' : 'good',
    reasons: reasons.length > 0 ? reasons : ['every echo that was answered came back as it was sent.'],
    explanation: [`${count}, ${wrong.length} changed, ${unanswered} not at all`, ...wrong.slice(0, maxShown).map(describe)],
    results: { echo: { sent: pairs.length, changed: wrong.length, unanswered } },
  };
}

function describe({ invocation, completion }: Pair): string {
  const [sent, got] = [invocation.value, completion?.value].map((value) => JSON.stringify(value));
  return `  process ${invocation.process} sent ${sent} at ${(invocation.time / 1e9).toFixed(3)} s and got ${got}`;
}
