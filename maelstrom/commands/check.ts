/** `eddy check FILE`: judges a history that was recorded before, by `eddy test` or by anybody who writes its format. */
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { defaultBudget } from '../checkers/register/check.ts';
import type { Budget } from '../checkers/register/check.ts';
import { readEdnHistory } from '../history/edn/history.ts';
import { EdnError } from '../history/edn/reader.ts';
import { HistoryError, readEvents } from '../history/history.ts';
import type { HistoryEvent } from '../history/history.ts';
import { historyReport } from '../report/html/history-report.ts';
import { verdictLines } from '../report/terminal.ts';
import { exitCode } from '../report/verdict.ts';
import { operationNames, workloadOf, workloads } from '../workloads/all.ts';
import { linKv } from '../workloads/lin-kv.ts';
import type { Workload } from '../workloads/workload.ts';
import { parseCheckOptions } from './check-options.ts';
import type { CheckOptions } from './check-options.ts';
import { UsageError } from './flags.ts';

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
    return await runCheck(parseCheckOptions(argv), { nowMs: () => performance.now(), ...defaultBudget }, write);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    screen.write(`eddy check: ${error.message}\n`);
    return 2;
  }
}

/**
 * Reads a history, judges it and writes counts and verdict, line by line. A file that cannot be read, or is no history
 * of anything that can be judged, is told in the same way, with the line and the field that are wrong.
 */
export async function runCheck(
  { file, reportFile, initial }: CheckOptions,
  budget: Budget,
  write: (line: string) => void,
): Promise<ExitCode> {
  try {
    const { events, lineNumbers } = file.endsWith('.edn') ? readEdn(file) : await readJsonLines(file);
    if (!events.some(({ process }) => process !== 'nemesis')) {
      write(`cannot check ${file}: it holds no operations (a history is one event a line; see eddy check --help)`);
      return 2;
    }
    const lineNumberOf = (place: number) => lineNumbers[place] ?? 0;
    const workload = workloadOf(events);
    if (workload === undefined || (initial !== undefined && workload !== linKv)) {
      write(`cannot check ${file}: ${workload === undefined ? whatIsJudged(events) : noInitial(workload)}`);
      return 2;
    }
    const judgement = workload.judge(events, { budget, lineNumberOf, ...(initial === undefined ? {} : { initial }) });
    write(counts(events));
    judgement.explanation.forEach(write);
    // What is said of registers begins with the verdict.
    if (judgement.registers === undefined) verdictLines({ ...judgement, kind: judgement.verdict }).forEach(write);
    if (reportFile === undefined) return exitCode({ kind: judgement.verdict });
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
  EISDIR: 'it is a directory; give the history.jsonl or history.edn in it',
  EACCES: 'it may not be read',
};

/** The mistakes of a user in words; anything else is a fault of this program and goes up. */
function whyNot(error: unknown): string {
  if (error instanceof HistoryError || error instanceof EdnError) return error.message;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return reasons[error.code] ?? error.message;
  }
  throw error;
}

/** What nobody answered counts as info. */
function counts(events: readonly HistoryEvent[]): string {
  const ofClients = events.filter(({ process }) => process !== 'nemesis');
  const of = (type: HistoryEvent['type']): number => ofClients.filter((event) => event.type === type).length;
  const [count, ok, fail] = [of('invoke'), of('ok'), of('fail')];
  const noun = count === 1 ? 'operation' : 'operations';
  return `${count} ${noun}: ${ok} ok, ${fail} fail, ${count - ok - fail} info`;
}
