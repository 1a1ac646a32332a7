import { randomInt } from 'node:crypto';
import { accessSync, constants, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkHistory, defaultBudget } from './checker/check.ts';
import type { Report } from './checker/check.ts';
import { explain } from './checker/explain.ts';
import { operationsOf } from './operations.ts';
import { parseTestOptions, UsageError } from './options.ts';
import type { TestOptions } from './options.ts';
import { computeFigures } from './report/figures.ts';
import type { Figures } from './report/figures.ts';
import { Progress } from './report/progress.ts';
import type { ProgressScreen } from './report/progress.ts';
import { figureLines, findingLines, verdictLines } from './report/terminal.ts';
import { Session } from './session.ts';
import { Store } from './store.ts';
import type { RunRecord } from './test-run.ts';
import { exitCode, judge } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** What the command needs of the program that it runs in. */
export interface Surroundings {
  /** Writes a line of the result. */
  readonly write: (line: string) => void;
  /** Shows progress and problems. */
  readonly screen: ProgressScreen;
  /** Aborted when the run is to be given up. */
  readonly interrupted: AbortSignal;
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
    return await runAndJudge(options, openStore(directory, options.workload.name), surroundings);
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
  const session = new Session(options, store, progress);
  const result = await session.play(interrupted).finally(() => session.stop());
  store.close();
  progress.end();
  if (result.kind === 'played') return conclude(options, session, result.record, store, { write, shownDirectory });
  progress.say(`eddy test: ${result.why}\nWhat the nodes wrote to stderr is in ${join(shownDirectory, 'node-logs')}`);
  store.writeResults({ ...described(options), exitCode: 2, why: result.why, findings: session.findings.kept });
  return 2;
}

/** Judges what was recorded, prints it and leaves it in the store. */
function conclude(
  options: TestOptions,
  { findings, network }: Session,
  { events, durationMs }: RunRecord,
  store: Store,
  { write, shownDirectory }: { readonly write: (line: string) => void; readonly shownDirectory: string },
): 0 | 1 | 2 {
  const figures = computeFigures(events, options.workload.operations, durationMs, network.counts);
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
  for (const line of [...lines, ...verdictLines(verdict), ...whereabouts(verdict, shownDirectory)]) write(line);
  return exitCode(verdict);
}

function heading({ workload, nodeIds, concurrency, seed }: TestOptions, { durationMs }: Figures): string {
  const seconds = (durationMs / 1000).toFixed(1);
  return `${workload.name}: ${nodeIds.length} nodes, ${concurrency} clients, ${seconds} s, seed ${seed}`;
}

function whereabouts(verdict: Verdict, shownDirectory: string): readonly string[] {
  const kept = `Everything is in ${shownDirectory}`;
  if (verdict.kind === 'good') return [kept];
  return [kept, `Judge it again: eddy check ${join(shownDirectory, 'history.jsonl')}`];
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
function checkExecutable(bin: string): void {
  const status = statSync(bin, { throwIfNoEntry: false });
  const advice = '--bin takes the path of your node\'s executable';
  if (status === undefined) throw new UsageError(`there is no file ${bin}; ${advice}`);
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
