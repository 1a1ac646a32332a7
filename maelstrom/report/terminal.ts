import type { Finding } from '../cluster/cluster.ts';
import type { Findings } from '../cluster/findings.ts';
import { statusIntervalMs } from '../cluster/monitor.ts';
import type { Verdict } from './verdict.ts';
import type { Composition } from './composition.ts';
import type { FaultSpan } from './faults.ts';
import type { Figures, OperationFigures, Quantiles } from './figures.ts';
import type { Stretch } from './stretch.ts';

/** Lines that show the figures of a run, for a terminal. */
export function figureLines(figures: Figures): readonly string[] {
  const { messages } = figures;
  const perOperation = messages.perOperation.toFixed(2);
  const serversPerOperation = messages.serversPerOperation.toFixed(2);
  return [
    ...operationTable(figures.operations),
    '',
    ...errorLines(figures.operations),
    labelled('throughput', `${figures.throughputPerSecond.toFixed(1)} successful operations a second`),
    labelled('messages', `${perOperation} per operation, ${serversPerOperation} of them between nodes`),
    labelled('', `${messages.servers} between nodes (${messages.lost} lost to cuts), ${messages.clients} with clients`),
    ...leaderLines(figures.leaderChanges),
    ...stretchLines(figures.longestStretchWithoutOk),
  ];
}

/** What nodes did wrong, each with what they said last. */
export function findingLines({ kept, omittedCount }: Findings): readonly string[] {
  if (kept.length === 0) return [];
  const more = omittedCount === 0 ? [] : [`  and ${omittedCount} more of the kind`];
  return ['', 'Findings:', ...kept.flatMap(oneFinding), ...more];
}

export function verdictLines(verdict: Verdict): readonly string[] {
  const [first = '', ...others] = verdict.reasons;
  const name = verdictNames[verdict.kind];
  return ['', `${name}: ${first}`, ...others.map((reason) => `     ${reason}`)];
}

const verdictNames = { good: 'Good', violated: 'Bad', undecided: 'Undecided' };

/** One finding, as it is shown when it happens and again at the end. */
export function oneFinding({ nodeId, atMs, what, line, stdoutTail = [], stderrTail }: Finding): readonly string[] {
  return [
    `  ${nodeId} ${what} (at ${seconds(atMs)})`,
    ...(line === undefined ? [] : [`    the line: ${line}`]),
    ...(stdoutTail.length === 0 ? [] : ['    last on its stdout:', ...stdoutTail.map((text) => `      ${text}`)]),
    ...(stderrTail.length === 0 ? [] : ['    last on its stderr:', ...stderrTail.map((text) => `      ${text}`)]),
  ];
}

function operationTable(operations: Figures['operations']): readonly string[] {
  const header = ['', 'ok', 'fail', 'info', 'p50', 'p95', 'p99', 'max'];
  const rows = Object.entries(operations).map(([name, { ok, fail, info, latencyMs }]) => {
    return [name, ok, fail, info, ...latencyCells(latencyMs)].map(String);
  });
  return [header, ...rows].map(([name = '', ...cells]) => {
    return `${name.padEnd(12)}${cells.map((cell) => cell.padStart(10)).join('')}`;
  });
}

function latencyCells(latencyMs: Quantiles | undefined): readonly string[] {
  if (latencyMs === undefined) return ['-', '-', '-', '-'];
  return [latencyMs.p50, latencyMs.p95, latencyMs.p99, latencyMs.max].map((ms) => `${ms.toFixed(1)} ms`);
}

/** Which errors ended operations, for each kind; nothing where there were none. */
function errorLines(operations: Readonly<Record<string, OperationFigures>>): readonly string[] {
  const texts = Object.entries(operations)
    .filter(([, { errors }]) => Object.keys(errors).length > 0)
    .map(([name, { errors }]) => {
      const counts = Object.entries(errors).toSorted(([, left], [, right]) => right - left);
      return `${name}: ${counts.map(([error, count]) => `${error} (${count})`).join(', ')}`;
    });
  return texts.map((text, position) => labelled(position === 0 ? 'errors' : '', text));
}

function leaderLines(changes: number | undefined): readonly string[] {
  if (changes === undefined) return [];
  return [labelled('leaders', `${changes === 1 ? '1 change' : `${changes} changes`} of leader seen`)];
}

function stretchLines(stretch: Stretch): readonly string[] {
  return stretchTexts(stretch).map((text, position) => labelled(position === 0 ? 'longest gap' : '', text));
}

/** The longest gap in words: how long it was, what it was made of, and which faults there were. */
export function stretchTexts({ fromMs, toMs, faults, withoutMajorityMs, composition }: Stretch): readonly string[] {
  return [
    `${seconds(toMs - fromMs)} without a success, from ${seconds(fromMs)} to ${seconds(toMs)}`,
    ...compositionTexts(composition),
    ...faultTexts(faults),
    ...(withoutMajorityMs > 0 ? [`the faults left no majority for ${seconds(withoutMajorityMs)} of it`] : []),
  ];
}

function faultTexts(faults: readonly FaultSpan[]): readonly string[] {
  if (faults.length === 0) return ['no fault then'];
  const texts = faults.map(({ fault, what, fromMs, toMs }) => {
    return `${fault} ${what} from ${seconds(fromMs)} to ${seconds(toMs)}`;
  });
  return texts.map((text, position) => `${position === 0 ? 'faults then: ' : '             '}${text}`);
}

function compositionTexts(composition: Composition): readonly string[] {
  switch (composition.kind) {
    case 'new-leader': {
      const { detectionMs, electionMs, firstCommitMs, leader, term } = composition;
      const [detection, election, firstCommit] = [detectionMs, electionMs, firstCommitMs].map(seconds);
      return [
        `made up of: detection ${detection}, election ${election}, first commit ${firstCommit}`,
        `(nodes are asked every ${statusIntervalMs} ms; the new leader is ${leader}, of term ${term})`,
      ];
    }
    case 'no-new-leader': {
      const { before } = composition;
      const who = before === null ? 'nobody had led' : `${before.leader} had led term ${before.term}`;
      return [`no new leader was elected in it (before it ${who})`];
    }
    case 'not-asked':
      return [];
    case 'not-told':
      return ['what it is made up of cannot be said: the nodes do not answer raft_status'];
    case 'not-kept':
      return ['what it is made up of cannot be said: too much happened to be kept'];
  }
}

function labelled(label: string, text: string): string {
  return `${label.padEnd(12)}${text}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
