import type { Measurement } from './measure.ts';
import { median, medianOf, medianRatio } from './rounds.ts';
import type { CellResult } from './rounds.ts';

type Rounds = readonly Measurement[];

interface Column {
  readonly title: string;
  readonly figure: (measurement: Measurement) => number | undefined;
  readonly format: (value: number) => string;
  /** Whether a ratio of it says anything. */
  readonly hasRatio: boolean;
}

const columns: readonly Column[] = [
  { title: 'op/s', figure: (of) => of.operationsPerSecond, format: grouped, hasRatio: true },
  { title: 'p50 ms', figure: (of) => of.p50Ms, format: threeDigits, hasRatio: true },
  { title: 'p99 ms', figure: (of) => of.p99Ms, format: threeDigits, hasRatio: true },
  { title: 'msg/op', figure: (of) => of.messagesPerOperation, format: threeDigits, hasRatio: true },
  { title: 'bytes/op', figure: (of) => of.bytesPerOperation, format: threeDigits, hasRatio: true },
  { title: 'cpu', figure: (of) => of.cpuMsPer1000Operations, format: threeDigits, hasRatio: true },
  { title: 'MiB', figure: (of) => of.peakBytes && of.peakBytes / 2 ** 20, format: grouped, hasRatio: true },
  { title: 'router busy', figure: (of) => of.routerBusy, format: percent, hasRatio: false },
  { title: 'share', figure: (of) => of.routerShare, format: percent, hasRatio: false },
];

const unknown = '-';

/** The share of the machine from which on it is said that others had it. */
const worthTelling = 0.05;

/**
 * One cell: a row for each entrant, and the ratios of the first to the others.
 *
 * @param latencyMs of messages between nodes; where there is any, what a read and a write cost at each node is told in
 *   units of it
 */
export function cellLines({ cell, entrants }: CellResult, latencyMs: number): readonly string[] {
  const [first, ...others] = entrants;
  if (first === undefined) return [];
  const rows = entrants.map(({ name, rounds }) => [name, ...columns.map((column) => valueOf(column, rounds))]);
  const ratios = others.map(({ name, rounds }) => {
    return [`${first.name} / ${name}`, ...columns.map((column) => ratioOf(column, first.rounds, rounds))];
  });
  return [
    `${plural(cell.nodeCount, 'node')}, ${plural(cell.clientCount, 'client')}`,
    ...aligned([['', ...columns.map(({ title }) => title)], ...rows, ...ratios]),
    ...(latencyMs === 0 ? [] : entrants.flatMap(({ name, rounds }) => delayLines(name, rounds, latencyMs))),
    ...entrants.flatMap(({ name, rounds }) => failureLines(name, rounds)),
    ...disturbanceLines(entrants.flatMap(({ rounds }) => rounds)),
  ];
}

/** Operations a second of all cells side by side: the whole picture at a glance. */
export function summaryLines(results: readonly CellResult[]): readonly string[] {
  const [firstCell] = results;
  const [firstName] = firstCell?.entrants ?? [];
  if (firstCell === undefined || firstName === undefined) return [];
  const header = ['op/s', ...results.map(({ cell }) => `${cell.nodeCount}n ${cell.clientCount}c`)];
  const rows = firstCell.entrants.map(({ name }, place) => {
    return [name, ...results.map(({ entrants }) => valueOf(throughput, entrants[place]?.rounds ?? []))];
  });
  const ratios = firstCell.entrants.slice(1).map(({ name }, place) => {
    const cells = results.map(({ entrants }) => {
      return ratioOf(throughput, entrants[0]?.rounds ?? [], entrants[place + 1]?.rounds ?? []);
    });
    return [`${firstName.name} / ${name}`, ...cells];
  });
  return aligned([header, ...rows, ...ratios]);
}

const throughput: Column = {
  title: 'op/s',
  figure: (of) => of.operationsPerSecond,
  format: grouped,
  hasRatio: true,
};

function valueOf({ figure, format }: Column, rounds: Rounds): string {
  const value = medianOf(rounds, figure);
  return value === undefined ? unknown : format(value);
}

function ratioOf({ figure, hasRatio }: Column, rounds: Rounds, others: Rounds): string {
  const ratio = hasRatio ? medianRatio(rounds, others, figure) : undefined;
  if (ratio === undefined) return hasRatio ? unknown : '';
  return ratio.toFixed(2);
}

/**
 * The medians of reads and of writes in units of the delay between nodes. Of each round the nodes are sorted by what a
 * write costs: the first is the one that led.
 */
function delayLines(name: string, rounds: Rounds, latencyMs: number): readonly string[] {
  const sorted = rounds.map(({ nodes }) => nodes.toSorted((left, right) => left.writeP50Ms - right.writeP50Ms));
  const inDelays = (kind: 'writeP50Ms' | 'readP50Ms', place: number): string => {
    const value = median(sorted.map((nodes) => nodes[place]?.[kind]));
    return value === undefined || Number.isNaN(value) ? unknown : (value / latencyMs).toFixed(1);
  };
  const places = [...(sorted[0] ?? []).keys()];
  const list = (kind: 'writeP50Ms' | 'readP50Ms') => places.map((place) => inDelays(kind, place)).join(' ');
  return [`  ${name}, medians at each node in delays, quickest first: write ${list('writeP50Ms')}, read ${list('readP50Ms')}`];
}

/** What failed, over all rounds; nothing where nothing did. */
function failureLines(name: string, rounds: Rounds): readonly string[] {
  const failed = rounds.reduce((sum, round) => sum + round.failed, 0);
  if (failed === 0) return [];
  const codes = new Set(rounds.flatMap(({ errors }) => Object.keys(errors)));
  const counts = [...codes].map((code) => {
    return `error ${code}: ${rounds.reduce((sum, { errors }) => sum + (errors[code] ?? 0), 0)}`;
  });
  const timeouts = rounds.reduce((sum, round) => sum + round.timeouts, 0);
  const all = [...counts, ...(timeouts === 0 ? [] : [`no answer: ${timeouts}`])];
  return [`${name}: ${plural(failed, 'operation')} failed (${all.join(', ')})`];
}

/** Says that the machine had more to do, where that may have changed the figures. */
function disturbanceLines(rounds: Rounds): readonly string[] {
  const share = medianOf(rounds, (round) => round.othersShare) ?? 0;
  if (share < worthTelling) return [];
  return [`other programs took ${percent(share)} of the machine meanwhile: look at ratios rather than at figures`];
}

/** Columns as wide as what is in them: the first to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, place) => Math.max(...rows.map((row) => row[place]?.length ?? 0)));
  return rows.map((row) => {
    const cells = row.map((cell, place) => (place === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[place] ?? 0)));
    return `  ${cells.join('   ')}`.trimEnd();
  });
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Three digits that count, of what may be small or large. */
function threeDigits(value: number): string {
  if (Number.isNaN(value)) return unknown;
  if (value >= 1000) return grouped(value);
  const decimals = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(value)));
  return value.toFixed(Math.min(3, decimals));
}

function percent(value: number): string {
  return `${Math.round(100 * value)} %`;
}
