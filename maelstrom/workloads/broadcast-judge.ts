/**
 * Judges a broadcast as Maelstrom does, by Jepsen's analysis of sets (jepsen.checker/set-full): what became of each
 * message, seen from the reads that came later.
 */
import { follow } from '../checkers/sets/elements.ts';
import { fateOf, latencyLine } from '../checkers/sets/fates.ts';
import type { Fate, Outcome } from '../checkers/sets/fates.ts';
import { setResults, stalest } from '../checkers/sets/results.ts';
import { counted, shown } from '../checkers/sets/words.ts';
import type { HistoryEvent } from '../history/history.ts';
import { pairsOf } from '../history/pairs.ts';
import type { JudgeOptions, Judgement } from './workload.ts';

export function judgeBroadcast(events: readonly HistoryEvent[], { lineNumberOf }: JudgeOptions): Judgement {
  const { elements: messages, unexpected } = follow(pairsOf(events, lineNumberOf), 'broadcast');
  const unasked = unexpected.map(({ value }) => value);
  const fates = messages.map(fateOf);
  const of = (outcome: Outcome) => fates.filter((fate) => fate.outcome === outcome);
  const [stable, lost, neverRead] = [of('stable'), of('lost'), of('never-read')];
  const stale = stable.filter(({ latencyMs }) => latencyMs > 0);
  const worst = stalest(fates);
  const reasons = [
    ...(lost.length > 0 ? [`${counted(lost.length, 'message')} lost: ${shown(lost.map(({ value }) => value))}.`] : []),
    ...(unasked.length > 0 ? [`Reads brought what nobody had broadcast: ${shown(unasked)}.`] : []),
  ];
  const counts = `${stable.length} stable, ${lost.length} lost, ${neverRead.length} never read`;
  return {
    ...verdictOf(reasons, stable.length),
    explanation: [
      `broadcast: ${messages.length} messages, ${counts}; ${stale.length} of the stable ones were stale for a while`,
      ...latencyLine('stable after', stable),
      ...latencyLine('lost after', lost),
      ...(worst.length === 0 ? [] : [`  stalest: ${worst.map(staleness).join(', ')}`]),
    ],
    results: {
      broadcast: { ...setResults(fates), unasked },
    },
  };
}

function verdictOf(reasons: readonly string[], stableCount: number): Pick<Judgement, 'verdict' | 'reasons'> {
  if (reasons.length > 0) return { verdict: 'violated', reasons };
  if (stableCount > 0) return { verdict: 'good', reasons: ['every message that was known to be taken stayed.'] };
  return { verdict: 'undecided', reasons: ['Not one message was read after it was taken, so nothing is shown.'] };
}

function staleness({ value, latencyMs: ms }: Fate): string {
  return `${JSON.stringify(value)} for ${ms} ms`;
}
