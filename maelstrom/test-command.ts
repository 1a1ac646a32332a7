import { randomInt } from 'node:crypto';
import { accessSync, constants, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkHistory, defaultBudget } from './checker/check.ts';
import type { Report } from './checker/check.ts';
import { explain } from './checker/explain.ts';
import { nodeArguments } from './node-arguments.ts';
import { operationsOf } from './operations.ts';
import { parseTestOptions, UsageError } from './options.ts';
import type { TestOptions } from './options.ts';
import { afterRun, insteadOfRun } from './report/advice.ts';
import { computeFigures } from './report/figures.ts';
import type { Figures } from './report/figures.ts';
import { Progress } from './report/progress.ts';
import type { ProgressScreen } from './report/progress.ts';
import { figureLines, findingLines, verdictLines } from './report/terminal.ts';
import { Session } from './session.ts';
import type { SessionResult } from './session.ts';
import { Store } from './store.ts';
import type { RunRecord } from './test-run.ts';
import { exitCode, judge } from './verdict.ts';

/** What the command needs of the program that it runs in. */
export interface Surroundings {
  /** Writes a line of the result. */
  readonly write: (line: string) => void;
  /** Shows progress and problems. */
  readonly screen: ProgressScreen;
  /** Aborted when the run is to be given up. */
  readonly interrupted: AbortSignal;
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
  const { screen, directory } = surroundings;
  try {
    const options = parseTestOptions(argv, () => randomInt(2 ** 32));
    checkExecutable(options.bin);
    const store = openStore(directory, options.workload.name);
    const run = { ...options, nodeArguments: nodeArguments(options, store.dataDirectory) };
    return await runAndJudge(run, store, surroundings);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    screen.write(`eddy test: ${error.message}\n`);
    return 2;
  }
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
  if (result.kind === 'played') {
    screen.write(`judging ${result.record.events.length} events\n`);
    return conclude(options, session, result.record, store, { write, shownDirectory });
  }
  const why = result.kind === 'interrupted' ? 'interrupted; nothing was judged' : result.why;
  progress.say([`eddy test: ${why}`, ...insteadOfRun(result.kind, options, shownDirectory)].join('\n'));
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

/** Judges what was recorded, prints it and leaves it in the store. */
function conclude(
  options: TestOptions,
  { findings, network }: Session,
  { events, durationMs, statuses }: RunRecord,
  store: Store,
  { write, shownDirectory }: { readonly write: (line: string) => void; readonly shownDirectory: string },
): 0 | 1 | 2 {
  const { workload, nodeIds } = options;
  const figures = computeFigures(events, nodeIds, workload.operations, durationMs, network.counts, statuses);
  const report = checkHistory(operationsOf(events), { budget: { nowMs: () => performance.now(), ...defaultBudget } });
  const verdict = judge(report, findings, figures);
  const explanation = explain(report);
  store.writeResults({
    ...described(options),
    exitCode: exitCode(verdict),
    verdict,
    linearizability: linearizabilityResult(report, explanation),
    figures,
    findings: findings.kept,
    findingsOmitted: findings.omittedCount,
  });
  const lines = [heading(options, figures), '', ...figureLines(figures), ...findingLines(findings), '', ...explanation];
  for (const line of [...lines, ...verdictLines(verdict), ...afterRun(verdict, shownDirectory)]) write(line);
  return exitCode(verdict);
}

function heading({ workload, nodeIds, concurrency, seed }: TestOptions, { durationMs }: Figures): string {
  const seconds = (durationMs / 1000).toFixed(1);
  return `${workload.name}: ${nodeIds.length} nodes, ${concurrency} clients, ${seconds} s, seed ${seed}`;
}

function linearizabilityResult({ verdict, keys }: Report, explanation: readonly string[]): unknown {
  const shownKeys = keys.map(({ key, verdict: ofKey, operations, configurations }) => {
    return { key, verdict: ofKey, operations: operations.length, configurations };
  });
  return { verdict, explanation, keys: shownKeys };
}

function described({ workload, ...options }: TestOptions): object {
  return { workload: workload.name, options };
}

/** Says what is wrong with the executable while that is still easy to see. */
export function checkExecutable(bin: string): void {
  const status = statSync(bin, { throwIfNoEntry: false });
  const advice = '--bin takes the path of your node\'s executable';
  if (status === undefined) {
    const onPath = bin.includes('/') ? '' : `; for one on the PATH that is --bin "$(command -v ${bin})"`;
    throw new UsageError(`there is no file ${bin}; ${advice}${onPath}`);
  }
  if (!status.isFile()) throw new UsageError(`${bin} is not a file; ${advice}`);
  try {
    accessSync(bin, constants.X_OK);
  } catch {
    throw new UsageError(`${bin} is not executable; try: chmod +x ${bin}`);
  }
}

function openStore(directory: string, workload: string): Store {
  try {
    return new Store(join(directory, 'store'), workload, new Date());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot write below ${join(directory, 'store')}: ${reason}`);
  }
}
