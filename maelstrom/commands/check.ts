/** `eddy check FILE...`: judges histories that were recorded before, by `eddy test` or by any program that writes its format. */
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import type { Budget } from '../checkers/register/check.ts';
import { readEdnHistory } from '../history/edn/history.ts';
import { EdnError } from '../history/edn/reader.ts';
import { HistoryError, readEvents } from '../history/history.ts';
import type { HistoryEvent } from '../history/history.ts';
import { verdictLines } from '../report/terminal.ts';
import { exitCode } from '../report/verdict.ts';
import { operationNames, workloadOf, workloads } from '../workloads/all.ts';
import { linKv } from '../workloads/lin-kv.ts';
import type { Workload } from '../workloads/workload.ts';
import { historiesIn } from './check-files.ts';
import { parseCheckOptions } from './check-options.ts';
import type { CheckOptions } from './check-options.ts';
import { UsageError } from './flags.ts';
import { configured } from './settings.ts';

/** 0: good. 1: a property is violated. 2: could not be decided. */
export type ExitCode = 0 | 1 | 2;

/** What the command needs of the program that it runs in. */
export interface CheckSurroundings {
  /** Writes a line of the result. */
  readonly write: (line: string) => void;
  /** Shows problems. */
  readonly screen: { readonly write: (text: string) => void };
}

/** `eddy check` with the arguments after it. */
export async function checkFile(argv: readonly string[], { write, screen }: CheckSurroundings): Promise<ExitCode> {
  try {
    return await runCheck(parseCheckOptions(argv), processorMs, write);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    screen.write(`eddy check: ${error.message}\n`);
    return 2;
  }
}

/** The processor time that this program has taken, in milliseconds: what else the machine does is not charged. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Judges histories and writes counts and verdict of each, line by line. A file that cannot be read, or is no history of
 * anything that can be judged, is told in the same way, with the line and the field that are wrong. Of several, each
 * begins with its name, and one line at the end counts them; one that is bad makes the whole bad.
 */
export async function runCheck(options: CheckOptions, nowMs: () => number, write: (line: string) => void): Promise<ExitCode> {
  const files = options.paths.flatMap((path) => historiesIn(path));
  const [file] = files;
  if (file === undefined) {
    write(`cannot check ${options.paths.join(', ')}: there is no history in it (files that end in .jsonl or .edn)`);
    return 2;
  }
  if (files.length === 1) return checkOne(file, options, nowMs, write);
  const codes: ExitCode[] = [];
  for (const each of files) {
    write(`${each}:`);
    codes.push(await checkOne(each, options, nowMs, (line) => write(line === '' ? '' : `  ${line}`)));
  }
  const of = (code: ExitCode): number => codes.filter((other) => other === code).length;
  write(`${files.length} histories: ${of(0)} good, ${of(1)} bad, ${of(2)} not decided`);
  return of(1) > 0 ? 1 : of(2) > 0 ? 2 : 0;
}

async function checkOne(
  file: string,
  { reportFile, initial, workload: chosen, settings, timeMs, cacheBytes }: CheckOptions,
  nowMs: () => number,
  write: (line: string) => void,
): Promise<ExitCode> {
  try {
    const { events, lineNumbers } = file.endsWith('.edn') ? readEdn(file) : await readJsonLines(file);
    if (!events.some(({ process }) => process !== 'nemesis')) {
      write(`cannot check ${file}: it holds no operations (a history is one event a line; see eddy check --help)`);
      return 2;
    }
    const lineNumberOf = (place: number) => lineNumbers[place] ?? 0;
    const known = chosen ?? workloadOf(events);
    const workload = known === undefined ? undefined : configured(known, settings);
    if (workload === undefined || (initial !== undefined && workload !== linKv)) {
      write(`cannot check ${file}: ${workload === undefined ? whatIsJudged(events) : noInitial(workload)}`);
      return 2;
    }
    const budget: Budget = { nowMs, timeMs, cacheBytes };
    const judgement = workload.judge(events, { budget, lineNumberOf, ...(initial === undefined ? {} : { initial }) });
    write(counts(events));
    judgement.explanation.forEach(write);
    // What is said of registers begins with the verdict.
    if (judgement.registers === undefined) verdictLines({ ...judgement, kind: judgement.verdict }).forEach(write);
    if (reportFile === undefined) return exitCode({ kind: judgement.verdict });
    const { historyReport } = await import('../report/html/history-report.ts');
    const page = historyReport(file, events, workload, judgement);
    return leaveReport(reportFile, page, write) ? exitCode({ kind: judgement.verdict }) : 2;
  } catch (error) {
    write(`cannot check ${file}: ${whyNot(error)}`);
    return 2;
  }
}

function whatIsJudged(events: readonly HistoryEvent[]): string {
  const judged = workloads.map(({ name, operations }) => `${name} (${operations.join(', ')})`);
  return `its operations are ${operationNames(events).join(', ')}; what can be judged is ${judged.join(', ')}`;
}

function noInitial({ name }: Workload): string {
  return `--initial is what registers hold at first, and this is a history of ${name}, which has none`;
}

/** Returns whether the page could be written. */
function leaveReport(file: string, page: string, write: (line: string) => void): boolean {
  try {
    writeFileSync(file, page);
  } catch (error) {
    write(`cannot write ${file}: ${whyNot(error)}`);
    return false;
  }
  write(`To be looked at in a browser: ${file}`);
  return true;
}

interface Recorded {
  readonly events: readonly HistoryEvent[];
  /** Where they stand, from 1. */
  readonly lineNumbers: readonly number[];
}

async function readJsonLines(file: string): Promise<Recorded> {
  const events: HistoryEvent[] = [];
  const lineNumbers: number[] = [];
  await readEvents(createReadStream(file), (event, lineNumber) => {
    events.push(event);
    lineNumbers.push(lineNumber);
  });
  return { events, lineNumbers };
}

function readEdn(file: string): Recorded {
  return readEdnHistory(readFileSync(file, 'utf8'));
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
};

/** The mistakes of a user in words; anything else is a fault of this program and goes up. */
function whyNot(error: unknown): string {
  if (error instanceof HistoryError || error instanceof EdnError || error instanceof UsageError) return error.message;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return reasons[error.code] ?? error.message;
  }
  throw error;
}

/** What was not answered counts as info. */
function counts(events: readonly HistoryEvent[]): string {
  const ofClients = events.filter(({ process }) => process !== 'nemesis');
  const of = (type: HistoryEvent['type']): number => ofClients.filter((event) => event.type === type).length;
  const [count, ok, fail] = [of('invoke'), of('ok'), of('fail')];
  const noun = count === 1 ? 'operation' : 'operations';
  return `${count} ${noun}: ${ok} ok, ${fail} fail, ${count - ok - fail} info`;
}
