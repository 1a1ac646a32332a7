/** `eddy check FILE`: judges a history that was recorded before, by `eddy test` or by anybody who writes its format. */
import { createReadStream, writeFileSync } from 'node:fs';
import { checkHistory } from './checker/check.ts';
import type { Budget, Verdict } from './checker/check.ts';
import { explain } from './checker/explain.ts';
import { HistoryError, readEvents } from './history.ts';
import type { HistoryEvent } from './history.ts';
import { Pairing } from './operations.ts';
import type { Operation } from './operations.ts';
import { historyReport } from './report/html/history-report.ts';

/** 0: good. 1: a property is violated. 2: could not be decided. */
export type ExitCode = 0 | 1 | 2;

const exitCodes: Readonly<Record<Verdict, ExitCode>> = { linearizable: 0, 'not-linearizable': 1, unknown: 2 };

/**
 * Reads the history in `file`, judges it and writes counts and verdict, line by line. A file that cannot be read, or is
 * no history, is told in the same way, with the line and the field that are wrong. Leaves a report for the browser in
 * `reportFile` where one is named.
 */
export async function runCheck(
  file: string,
  budget: Budget,
  write: (line: string) => void,
  reportFile?: string,
): Promise<ExitCode> {
  const pairing = new Pairing();
  const events: HistoryEvent[] = [];
  try {
    await readEvents(createReadStream(file), (event, lineNumber) => {
      pairing.add(event, lineNumber);
      if (reportFile !== undefined) events.push(event);
    });
  } catch (error) {
    write(`cannot check ${file}: ${whyNot(error)}`);
    return 2;
  }
  const operations = pairing.operations();
  if (operations.length === 0) {
    write(`cannot check ${file}: it holds no operations (a history is one event a line; see eddy check --help)`);
    return 2;
  }
  write(counts(operations));
  const report = checkHistory(operations, { budget });
  explain(report).forEach(write);
  if (reportFile !== undefined) {
    try {
      writeFileSync(reportFile, historyReport(file, events, report));
    } catch (error) {
      write(`cannot write ${reportFile}: ${whyNot(error)}`);
      return 2;
    }
    write(`To be looked at in a browser: ${reportFile}`);
  }
  return exitCodes[report.verdict];
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory; give the history.jsonl in it',
  EACCES: 'it may not be read',
};

/** The mistakes of a user in words; anything else is a fault of this program and goes up. */
function whyNot(error: unknown): string {
  if (error instanceof HistoryError) return error.message;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return reasons[error.code] ?? error.message;
  }
  throw error;
}

function counts(operations: readonly Operation[]): string {
  const of = (outcome: Operation['outcome']): string =>
    `${operations.filter((operation) => operation.outcome === outcome).length} ${outcome}`;
  const noun = operations.length === 1 ? 'operation' : 'operations';
  return `${operations.length} ${noun}: ${of('ok')}, ${of('fail')}, ${of('info')}`;
}
