import type { HistoryEvent } from '../../history/history.ts';
import { pairsOf } from '../../history/pairs.ts';
import type { LineNumberOf } from '../../history/pairs.ts';
import type { Judgement } from '../judgement.ts';
import { follow } from './elements.ts';
import type { Element, Occurrence } from './elements.ts';
import { fateOf, latencyLine } from './fates.ts';
import type { Outcome } from './fates.ts';
import { setResults, stalest } from './results.ts';
import { counted, seconds, shown } from './words.ts';

/**
 * Judges a grow-only set, whose operations are `add` and `read`. As Maelstrom, it is bad that an element that was
 * known to be there is not seen by the last reads (lost). In two things it is stricter, for a set does neither: a read
 * that brings an element twice (duplicated; Jepsen counts that, but by a slip never finds it), and one that brings what
 * was not being added by then (unexpected). Elements that were stale for a while are told, and are no fault.
 */
export function checkSet(events: readonly HistoryEvent[], lineNumberOf?: LineNumberOf): Judgement {
  const { elements, unexpected, duplicated } = follow(pairsOf(events, lineNumberOf), 'add');
  const judged = elements.map((element) => ({ element, fate: fateOf(element) }));
  const of = (outcome: Outcome) => judged.filter(({ fate }) => fate.outcome === outcome);
  const [stable, lost, neverRead] = [of('stable'), of('lost'), of('never-read')];
  const stale = stable.filter(({ fate }) => fate.latencyMs > 0);
  const valuesOf = (some: typeof judged) => some.map(({ fate }) => fate.value);
  const fatesOf = (some: typeof judged) => some.map(({ fate }) => fate);
  const worst = stalest(fatesOf(judged));
  const reasons = [
    ...(lost.length > 0 ? [`Lost: ${counted(lost.length, 'element')} added and then not there: ${shown(valuesOf(lost))}.`] : []),
    ...(duplicated.length > 0 ? [`Duplicated: ${counted(duplicated.length, 'element')} more than once in one read: ${shown(values(duplicated))}.`] : []),
    ...(unexpected.length > 0 ? [`Unexpected: ${counted(unexpected.length, 'element')} read and had not been added: ${shown(values(unexpected))}.`] : []),
  ];
  return {
    ...verdictOf(reasons, stable.length),
    explanation: [
      `g-set: ${elements.length} elements, ${stable.length} stable, ${lost.length} lost, ${neverRead.length} never read; ` +
        `${stale.length} of the stable ones were stale for a while`,
      ...latencyLine('stable after', fatesOf(stable)),
      ...latencyLine('lost after', fatesOf(lost)),
      ...(worst.length === 0 ? [] : [`  stalest: ${worst.map(({ value, latencyMs }) => `${JSON.stringify(value)} for ${latencyMs} ms`).join(', ')}`]),
      ...lost.slice(0, 1).map(({ element }) => `  ${lossOf(element)}`),
      ...duplicated.slice(0, 1).map((occurrence) => `  ${duplication(occurrence)}`),
      ...unexpected.slice(0, 1).map((occurrence) => `  ${surprise(occurrence)}`),
    ],
    results: {
      set: {
        ...setResults(fatesOf(judged)),
        duplicatedCount: duplicated.length,
        duplicated: duplicated.map(({ value, count }) => [value, count]),
        unexpected: values(unexpected),
      },
    },
  };
}

function verdictOf(reasons: readonly string[], stableCount: number): Pick<Judgement, 'verdict' | 'reasons'> {
  if (reasons.length > 0) return { verdict: 'violated', reasons };
  if (stableCount > 0) return { verdict: 'good', reasons: ['every element that was known to be added stayed.'] };
  return { verdict: 'undecided', reasons: ['Not one element was read after it was added, so nothing is shown.'] };
}

function values(occurrences: readonly Occurrence[]) {
  return occurrences.map(({ value }) => value);
}

function lossOf({ value, known, lastPresent, lastAbsent, missedAtEnd }: Element): string {
  const missing = missedAtEnd ?? lastAbsent;
  if (known === undefined || missing === undefined) throw new Error('assertion: what is lost was known, and missed');
  const how = known.f === 'add' ? `its add was acknowledged to process ${known.process}` : `process ${known.process} read it`;
  const seen = lastPresent === undefined ? 'no read saw it' : `the last read that saw it began at ${seconds(lastPresent.time)}`;
  const missed = `a read of process ${missing.process}, begun at ${seconds(missing.time)}, did not bring it`;
  return `${JSON.stringify(value)} was lost: ${how} at ${seconds(known.time)}, ${seen}, and ${missed}`;
}

function duplication({ value, read, count }: Occurrence): string {
  return `${JSON.stringify(value)} was ${count} times in what process ${read.process} read at ${seconds(read.time)}`;
}

function surprise({ value, read }: Occurrence): string {
  return `${JSON.stringify(value)} was in what process ${read.process} read at ${seconds(read.time)}, and no add of it had begun`;
}
