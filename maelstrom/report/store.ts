import { closeSync, mkdirSync, openSync, renameSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { formatEdnEvent } from '../history/edn/writer.ts';
import type { HistoryEvent } from '../history/history.ts';
import { formatEvent } from '../history/history.ts';
import { historyTextLine } from '../history/text.ts';

/** The history is written in pieces of this many characters, so that a run that is cut short leaves most of it. */
const historyBufferLength = 64 * 1024;

/** What a person looks at first. */
export const reportName = 'report.html';

/** How many runs may begin in the same millisecond. */
const maxNameAttempts = 100;

/** Where a run leaves its files: `store/<workload>/<UTC time>/` below the current directory. */
export class Store {
  readonly directory: string;
  readonly historyFile: string;
  readonly nodeLogs: string;
  /** For the nodes, where they keep anything. */
  readonly dataDirectory: string;
  readonly #history: number;
  #unwritten = '';

  /** Makes the directories, and lets `latest` and `current` lead to this run. Throws where that cannot be written. */
  constructor(root: string, workload: string, startedAt: Date) {
    this.directory = makeFreshDirectory(join(root, workload), utcName(startedAt));
    this.historyFile = join(this.directory, 'history.jsonl');
    this.nodeLogs = join(this.directory, 'node-logs');
    mkdirSync(this.nodeLogs);
    this.dataDirectory = join(this.directory, 'data');
    this.clearData();
    this.#history = openSync(this.historyFile, 'w');
    // As in Jepsen's store.
    for (const link of [join(root, 'latest'), join(root, 'current'), join(root, workload, 'latest')]) {
      pointTo(link, this.directory);
    }
  }

  /** Adds a line to the history. It may be on disk only after `close`. */
  addEvent(event: HistoryEvent): void {
    this.#unwritten += `${formatEvent(event)}\n`;
    if (this.#unwritten.length >= historyBufferLength) this.#flush();
  }

  /** Leaves nothing in the nodes' data directory. */
  clearData(): void {
    rmSync(this.dataDirectory, { recursive: true, force: true });
    mkdirSync(this.dataDirectory);
  }

  /** Writes the history as Jepsen writes it: once for programs, once for people. */
  writeJepsenHistories(events: readonly HistoryEvent[]): void {
    this.#writeLines('history.edn', mapped(events, formatEdnEvent));
    this.#writeLines('history.txt', mapped(events, historyTextLine));
  }

  /** Leaves the results as Maelstrom has them. */
  writeEdnResults(text: string): void {
    writeFileSync(join(this.directory, 'results.edn'), text);
  }

  writeResults(results: unknown): void {
    writeFileSync(join(this.directory, 'results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  }

  /** Leaves the report, for a browser. */
  writeReport(page: string): void {
    writeFileSync(join(this.directory, reportName), page);
  }

  /** Leaves the messages of the run, a line each. */
  writeMessages(lines: Iterable<string>): void {
    this.#writeLines('messages.jsonl', lines);
  }

  #writeLines(name: string, lines: Iterable<string>): void {
    const file = openSync(join(this.directory, name), 'w');
    let unwritten = '';
    for (const line of lines) {
      unwritten += `${line}\n`;
      if (unwritten.length < historyBufferLength) continue;
      writeSync(file, unwritten);
      unwritten = '';
    }
    writeSync(file, unwritten);
    closeSync(file);
  }

  /** Writes the rest of the history. Nothing may be added afterwards. */
  close(): void {
    this.#flush();
    closeSync(this.#history);
  }

  #flush(): void {
    writeSync(this.#history, this.#unwritten);
    this.#unwritten = '';
  }
}

function* mapped<Item>(items: Iterable<Item>, text: (item: Item) => string): Iterable<string> {
  for (const item of items) yield text(item);
}

/** `20260131T235959.123Z`: sorts as text, and has no character that a file system minds. */
function utcName(date: Date): string {
  return date.toISOString().replaceAll(/[-:]/g, '');
}

function makeFreshDirectory(parent: string, name: string): string {
  mkdirSync(parent, { recursive: true });
  for (let attempt = 1; attempt <= maxNameAttempts; attempt += 1) {
    const directory = join(parent, attempt === 1 ? name : `${name}-${attempt}`);
    if (makeDirectory(directory)) return directory;
  }
  throw new Error(`${join(parent, name)} is taken ${maxNameAttempts} times`);
}

function makeDirectory(directory: string): boolean {
  try {
    mkdirSync(directory);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The link is made aside and moved into place, so that there is one at every moment. */
function pointTo(link: string, directory: string): void {
  const aside = join(dirname(link), `.${basename(link)}.${process.pid}`);
  rmSync(aside, { force: true });
  symlinkSync(relative(dirname(link), directory), aside);
  renameSync(aside, link);
}
