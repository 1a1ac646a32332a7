/** A drawing of a few operations for a terminal: a bar for each, by process. */
import type { Operation } from '../../history/operations.ts';
import { seconds, what } from './describe.ts';

/** With an arrow, and four columns to the left, that makes 100. */
const width = 95;
const maxLabelWidth = 38;
/** At least so many columns between two events, however many there are. */
const minGap = 1;

/**
 * Lines of at most 96 columns, however many the operations are up to some 30: to the left who did what, to the right
 * from when to when. Events stand in their order, at equal distances, so what matters is seen: what came before what.
 * An arrow says that nobody knows the end, a cross that it failed. The culprit's bar is thick.
 */
export function timeline(operations: readonly Operation[], culprit: Operation): readonly string[] {
  const events = operations
    .flatMap(({ invoked, outcome, completed }) => (outcome === 'info' ? [invoked] : [invoked, completed]))
    .toSorted((left, right) => left.index - right.index);
  const labels = operations.map((operation) => `process ${operation.process}  ${what(operation)}`);
  const labelWidth = Math.min(maxLabelWidth, Math.max(...labels.map((label) => label.length)));
  const columns = width - labelWidth - 4;
  const gap = Math.max(minGap, Math.floor((columns - 1) / Math.max(1, events.length - 1)));
  const places = new Map(events.map(({ index }, place) => [index, place * gap]));
  const end = (events.length - 1) * gap;
  const rows = sorted(operations).map((operation) => {
    const label = `process ${operation.process}  ${what(operation)}`;
    const shown = label.length <= labelWidth ? label.padEnd(labelWidth) : `${label.slice(0, labelWidth - 1)}…`;
    const from = places.get(operation.invoked.index) ?? 0;
    const to = operation.outcome === 'info' ? undefined : places.get(operation.completed.index);
    const line = bar(from, to, end, operation === culprit);
    const drawn = operation.outcome === 'fail' ? line.replace('┤', '╳') : line;
    return `${shown}  ${' '.repeat(from)}${drawn}`.trimEnd();
  });
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return rows;
  const [begin, finish] = [seconds(first.timeNs), seconds(last.timeNs)];
  const finishWidth = Math.max(finish.length + 1, end + 1 - begin.length);
  return [...rows, `${' '.repeat(labelWidth + 2)}${begin}${finish.padStart(finishWidth)}`];
}

function bar(from: number, to: number | undefined, end: number, isCulprit: boolean): string {
  if (to === undefined) return `├${'╌'.repeat(end - from + 1)}▷`;
  const line = (isCulprit ? '━' : '─').repeat(Math.max(0, to - from - 1));
  return isCulprit ? `┣${line}┫` : `├${line}┤`;
}

/** By process, in the order in which the processes appear, and for each by time. */
function sorted(operations: readonly Operation[]): readonly Operation[] {
  const byTime = operations.toSorted((left, right) => left.invoked.index - right.invoked.index);
  const processes = [...new Set(byTime.map(({ process }) => process))];
  return processes.flatMap((process) => byTime.filter((operation) => operation.process === process));
}
