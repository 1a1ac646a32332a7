import { randomInt } from 'node:crypto';
import { join, relative } from 'node:path';
import { defaultBudget } from '../checkers/register/check.ts';
import { journalLines } from '../network/journal/journal-lines.ts';
import { afterRun, insteadOfRun } from '../report/advice.ts';
import { availabilityLines, availabilityReasons, okFraction, successShare } from '../report/availability.ts';
import { computeFigures } from '../report/figures.ts';
import type { Figures } from '../report/figures.ts';
import { runReport, runTitle } from '../report/html/run-report.ts';
import { Progress } from '../report/progress.ts';
import type { ProgressScreen } from '../report/progress.ts';
import { Store } from '../report/store.ts';
import { figureLines, findingLines, verdictLines } from '../report/terminal.ts';
import { resultsEdn } from '../report/results-edn.ts';
import { exitCode, judge, judgeCutShort } from '../report/verdict.ts';
import type { TestOptions } from '../session/options.ts';
import { Session } from '../session/session.ts';
import type { SessionResult } from '../session/session.ts';
import type { RunRecord } from '../session/test-run.ts';
import { checkExecutable } from './check-executable.ts';
import { UsageError } from './flags.ts';
import { nodeArguments } from './node-arguments.ts';
import { parseTestOptions } from './test-options.ts';

/** What the command needs of the program that it runs in. */
export interface Surroundings {
  /** Writes a line of the result. */
  readonly write: (line: string) => void;
  /** Shows progress and problems. */
  readonly screen: ProgressScreen;
  /** Aborted when the run is to be given up. */
  readonly interrupted: AbortSignal;
  /** Called before the first node of a run is started. */
  readonly onNodesStart: () => void;
  /** Called when no node is left. What follows may be long and is not interrupted, but needs no orderly end either. */
  readonly onNodesStopped: () => void;
  /** `store/` is made here. */
  readonly directory: string;
}

/**
 * `eddy test`: runs a cluster of real processes and judges it. Resolves to the exit code: 0 good, 1 violated, 2 not run
 * or not decided. No process is left then.
 */
export async function runTest(argv: readonly string[], surroundings: Surroundings): Promise<0 | 1 | 2> {
  const { screen } = surroundings;
  try {
    const options = parseTestOptions(argv, () => randomInt(2 ** 32));
    checkExecutable(options.bin);
    return await runAll(options, surroundings);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    screen.write(`eddy test: ${error.message}\n`);
    return 2;
  }
}

/** One run after the other. The first that is not good is the last. */
async function runAll(options: TestOptions, surroundings: Surroundings): Promise<0 | 1 | 2> {
  const { screen, directory, onNodesStart } = surroundings;
  for (let place = 0; place < options.testCount; place += 1) {
    if (options.testCount > 1) screen.write(`run ${place + 1} of ${options.testCount}\n`);
    const store = openStore(directory, options.workload.name);
    const seed = (options.seed + place) % 2 ** 32;
    onNodesStart();
    const run = { ...options, seed, nodeArguments: nodeArguments(options, store.dataDirectory) };
    const code = await runAndJudge(run, store, surroundings);
    if (code !== 0) return code;
  }
  return 0;
}

async function runAndJudge(options: TestOptions, store: Store, surroundings: Surroundings): Promise<0 | 1 | 2> {
  const { write, screen, interrupted, directory } = surroundings;
  const shownDirectory = relative(directory, store.directory);
  const progress = new Progress(screen, options.timeLimitMs);
  progress.say(`starting ${options.nodeIds.join(', ')}, seed ${options.seed}, store ${shownDirectory}`);
  const { session, result } = await play(options, store, progress, interrupted);
  store.close();
  surroundings.onNodesStopped();
  progress.end();
  const record = result.kind === 'not-up' ? undefined : result.record;
  if (record !== undefined) {
    const isCutShort = result.kind === 'interrupted';
    screen.write(`${isCutShort ? 'interrupted; ' : ''}judging ${record.events.length} events\n`);
    return conclude(options, session, record, store, { write, shownDirectory, isCutShort });
  }
  if (result.kind === 'played') throw new Error('assertion: what was played was recorded');
  const why = result.kind === 'interrupted' ? 'interrupted before clients began; nothing was judged' : result.why;
  progress.say([`eddy test: ${why}`, ...insteadOfRun(result.kind, options, shownDirectory, { lateNodes: session.lateNodes, why })].join('\n'));
  store.writeResults({ ...described(options), exitCode: 2, why, findings: session.findings.kept });
  return 2;
}

/** Plays the run, and again on fresh nodes where the first ones could not bear to be asked for their status. */
async function play(
  options: TestOptions,
  store: Store,
  progress: Progress,
  interrupted: AbortSignal,
): Promise<{ readonly session: Session; readonly result: Exclude<SessionResult, { readonly kind: 'upset' }> }> {
  for (const asksStatus of [true, false]) {
    const session = new Session(options, store, progress);
    const result = await session.play(asksStatus, interrupted).finally(() => session.stop());
    if (result.kind !== 'upset') return { session, result };
    progress.say('the nodes cannot be asked for raft_status, which they need not know; starting them again, unasked');
  }
  throw new Error('nodes that are not asked cannot be upset by it');
}

interface Conclusion {
  readonly write: (line: string) => void;
  readonly shownDirectory: string;
  readonly isCutShort: boolean;
}

/** Judges what was recorded, prints it and leaves it in the store. */
function conclude(
  options: TestOptions,
  { findings, network, journal: { record: journal } }: Session,
  { events, durationMs, statuses }: RunRecord,
  store: Store,
  { write, shownDirectory, isCutShort }: Conclusion,
): 0 | 1 | 2 {
  const { workload, nodeIds } = options;
  const load = events.filter(({ time }) => time <= Math.ceil(durationMs * 1e6));
  const figures = computeFigures(load, nodeIds, workload.operations, durationMs, network.counts, statuses);
  store.writeJepsenHistories(events);
  const share = successShare(events, workload.operations);
  const judgement = workload.judge(events, { budget: { nowMs: () => performance.now(), ...defaultBudget } });
  const verdict = isCutShort
    ? judgeCutShort(judgement, findings, figures, workload.last !== undefined)
    : judge(judgement, findings, figures, availabilityReasons(share, options.availability));
  store.writeResults({
    ...described(options),
    exitCode: exitCode(verdict),
    verdict,
    ...judgement.results,
    availability: { ...share, okFraction: okFraction(share) },
    figures,
    findings: findings.kept,
    findingsOmitted: findings.omittedCount,
  });
  store.writeEdnResults(resultsEdn({ verdict, judgement, figures, share, availability: options.availability }));
  const { explanation, registers: report } = judgement;
  store.writeMessages(journalLines(journal));
  const recorded = { events, durationMs, statuses, report, journal };
  store.writeReport(runReport(options, recorded, { verdict, figures, findings, explanation }));
  const figuresAndFindings = [
    ...figureLines(figures),
    ...availabilityLines(share, options.availability),
    ...findingLines(findings),
  ];
  const lines = [heading(options, figures), '', ...figuresAndFindings, '', ...explanation];
  const advice = afterRun(judgement.verdict, { hasFindings: findings.kept.length > 0 }, shownDirectory);
  for (const line of [...lines, ...verdictLines(verdict), ...advice]) write(line);
  return exitCode(verdict);
}

function heading(options: TestOptions, { durationMs }: Figures): string {
  const seconds = (durationMs / 1000).toFixed(1);
  return `${runTitle(options)}, ${seconds} s, seed ${options.seed}`;
}

function described({ workload, ...options }: TestOptions): object {
  return { workload: workload.name, options };
}

function openStore(directory: string, workload: string): Store {
  try {
    return new Store(join(directory, 'store'), workload, new Date());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot write below ${join(directory, 'store')}: ${reason}`);
  }
}
