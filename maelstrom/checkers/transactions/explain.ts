import { anomalyTitles, cycleAnomalies } from './anomalies.ts';
import type { Anomaly } from './anomalies.ts';
import type { TransactionReport } from './check.ts';
import { drawCycle } from './draw.ts';
import type { Finding, FindingGroup } from './finding.ts';
import { Words } from './words.ts';

/** How many cases of each anomaly are told. */
const shownCases = 2;

/** What was found, as lines for a terminal: the anomalies, the gravest first, and the models that they rule out. */
export function explain(report: TransactionReport): readonly string[] {
  const words = new Words(report.history);
  const { transactions } = report.history;
  const committed = transactions.filter(({ outcome }) => outcome === 'ok').length;
  const lines = [`transactions: ${transactions.length} asked for, ${committed} committed, ${report.history.keys.length} keys`];
  for (const group of report.forbidden) lines.push('', ...explainGroup(group, words));
  if (report.allowed.length > 0) {
    const allowed = report.allowed.map(({ anomaly, count }) => `${anomaly} (${count})`).join(', ');
    lines.push('', `Found too, and allowed by ${report.models.join(', ')}: ${allowed}`);
  }
  return [...lines, ...explainModels(report)];
}

/** `G1a: aborted read: a read saw a write of a transaction that failed` */
export function anomalyTitle(anomaly: Anomaly): string {
  return `${anomaly}: ${titleOf(anomaly)}`;
}

const titles: ReadonlyMap<string, string> = new Map(Object.entries(anomalyTitles));

function titleOf(anomaly: Anomaly): string {
  for (const kind of cycleAnomalies) {
    if (anomaly === `${kind}-realtime`) return realTimeTitle(kind);
    if (anomaly === `${kind}-process`) return processTitle(kind);
    if (anomaly === kind) return anomalyTitles[kind];
  }
  return titles.get(anomaly) ?? '';
}

function realTimeTitle(kind: (typeof cycleAnomalies)[number]): string {
  if (kind === 'G-single-item') return 'stale read: a read missed a write that had ended before it began';
  return `${anomalyTitles[kind]}, given what ended before what began`;
}

function processTitle(kind: (typeof cycleAnomalies)[number]): string {
  if (kind === 'G-single-item') return 'stale read: a read missed a write that its own client had made or seen before';
  return `${anomalyTitles[kind]}, given the order in which one client did things`;
}

function explainGroup({ anomaly, count, cases }: FindingGroup, words: Words): readonly string[] {
  const shown = cases.slice(0, shownCases);
  const more = count > shown.length ? `${count} cases, of which ${shown.length}:` : '';
  const heading = `${anomalyTitle(anomaly)}${more === '' ? '' : ` (${more.replace(/:$/, '')})`}`;
  return [heading, ...shown.flatMap((finding, place) => [...(place === 0 ? [] : ['']), ...explainCase(finding, words)])];
}

function explainCase({ sentences, transactions, cycle }: Finding, words: Words): readonly string[] {
  const drawing = cycle === undefined ? [] : drawCycle(cycle, words);
  return [
    ...transactions.map((place) => `  ${words.steps(place)}`),
    ...sentences.map((sentence) => `  ${sentence}`),
    ...drawing.map((line) => `    ${line}`),
  ];
}

function explainModels({ boundary, violated, models }: TransactionReport): readonly string[] {
  if (boundary.not.length === 0) return [];
  const alsoNot = boundary.alsoNot.length === 0 ? '' : ` So not ${boundary.alsoNot.join(', ')} either.`;
  const strongest = boundary.strongest.length === 0 ? 'none' : boundary.strongest.join(', ');
  return [
    '',
    `Not ${boundary.not.join(', ')}.${alsoNot}`,
    `The strongest models that nothing was found against: ${strongest}.`,
    ...(violated.length === 0 && models.length > 0 ? [`What was asked for, ${models.join(', ')}, allows that.`] : []),
  ];
}
