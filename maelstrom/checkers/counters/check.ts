import type { HistoryEvent } from '../../history/history.ts';
import { pairsOf } from '../../history/pairs.ts';
import type { LineNumberOf } from '../../history/pairs.ts';
import type { Judgement } from '../judgement.ts';
import { addsAndReads } from './adds-and-reads.ts';
import type { Read } from './adds-and-reads.ts';
import { includes, possibleSums } from './sums.ts';
import type { PossibleSums } from './sums.ts';

const maxShown = 8;

/**
 * Judges a counter, whose operations are `add` and `read`. As under Maelstrom, each of the last reads (`final`) must
 * bring the sum of all adds that were acknowledged and any of those in doubt. Two things are stricter: every other read
 * is held against what was possible by then, that is no more than all positive and no less than all negative adds that
 * had begun; and where no read is a last one nothing is decided, while Maelstrom calls that valid.
 */
export function checkCounter(events: readonly HistoryEvent[], lineNumberOf?: LineNumberOf): Judgement {
  const { addCount, onlyGrows, certain, doubtful, reads } = addsAndReads(pairsOf(events, lineNumberOf));
  const sums = possibleSums(certain, doubtful);
  const last = reads.filter(({ isFinal }) => isFinal);
  const wrong = last.filter(({ value }) => !includes(sums, value));
  const impossible = reads.filter(({ value, low, high }) => value < low || high < value);
  const reasons = [...endReasons(last.length, wrong, sums, onlyGrows), ...impossibleReasons(impossible)];
  return {
    ...verdictOf(reasons, last.length, certain),
    explanation: [
      `counter: ${addCount} adds, ${doubtful.length} of them in doubt, ${reads.length} reads, ${last.length} of them last ones`,
      `  at the end it is ${shownSums(sums)}; the last reads brought ${shownValues(last)}`,
    ],
    results: {
      counter: {
        adds: addCount,
        inDoubt: doubtful.length,
        acceptable: sums.ranges.slice(0, maxShown).map(({ low, high }) => [low, high]),
        finalReads: last.map(({ value }) => value),
        errors: wrong.map(({ value }) => value),
        impossibleReads: impossible.length,
      },
    },
  };
}

function verdictOf(reasons: readonly string[], lastCount: number, certain: number): Pick<Judgement, 'verdict' | 'reasons'> {
  if (!Number.isSafeInteger(certain)) {
    return { verdict: 'undecided', reasons: ['The sum goes beyond 2^53 - 1, and cannot be told exactly.'] };
  }
  if (reasons.length > 0) return { verdict: 'violated', reasons };
  if (lastCount > 0) return { verdict: 'good', reasons: ['every last read brought the sum of what was added.'] };
  return { verdict: 'undecided', reasons: ['No last read succeeded ("final":true, or :final? true), so nothing is shown of the sum.'] };
}

/** Each with the first read that shows it. Where a counter only grows, it is known how it can be too low or too high. */
function endReasons(
  lastCount: number,
  wrong: readonly Read[],
  sums: PossibleSums,
  onlyGrows: boolean,
): readonly string[] {
  const [lowName, highName] = onlyGrows ? ['Adds lost', 'Adds counted twice'] : ['Too low', 'Too high'];
  const lowest = sums.ranges[0]?.low ?? 0;
  const highest = sums.ranges.at(-1)?.high ?? 0;
  const reason = (what: string, reads: readonly Read[]): readonly string[] => {
    const [first] = reads;
    if (first === undefined) return [];
    const { event, value } = first;
    const example = `process ${event.process} read ${value} at ${seconds(event)}, and it is ${shownSums(sums)}`;
    return [`${what}, in ${reads.length} of ${lastCount} last reads: ${example}.`];
  };
  return [
    ...reason(lowName, wrong.filter(({ value }) => value < lowest)),
    ...reason(highName, wrong.filter(({ value }) => value > highest)),
    ...reason('No possible sum', wrong.filter(({ value }) => lowest <= value && value <= highest)),
  ];
}

function impossibleReasons(impossible: readonly Read[]): readonly string[] {
  const [first] = impossible;
  if (first === undefined) return [];
  const { event, value, low, high } = first;
  const bound = value > high ? `all that had been added by then was ${high}` : `no less than ${low} had been added by then`;
  const count = impossible.length === 1 ? '1 read' : `${impossible.length} reads`;
  return [`Unexpected, in ${count}: process ${event.process} read ${value} at ${seconds(event)}, when ${bound}.`];
}

function shownSums({ ranges, isExact }: PossibleSums): string {
  const texts = ranges.slice(0, maxShown).map(({ low, high }) => (low === high ? `${low}` : `${low} to ${high}`));
  const all = ranges.length > maxShown ? `${texts.join(', ')} or more (${ranges.length} ranges)` : texts.join(', ');
  return isExact ? all : `about ${all}`;
}

function shownValues(reads: readonly Read[]): string {
  const values = [...new Set(reads.map(({ value }) => value))].toSorted((left, right) => left - right);
  if (values.length === 0) return 'nothing';
  const shown = values.slice(0, maxShown).join(', ');
  return values.length > maxShown ? `${shown} and ${values.length - maxShown} other numbers` : shown;
}

function seconds({ time }: HistoryEvent): string {
  return `${(time / 1e9).toFixed(3)} s`;
}
