import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { maxLineBytes } from '../../src/wire/limits.ts';
import { LineSplitter } from '../../src/wire/lines.ts';
import type { Line } from '../../src/wire/lines.ts';
import { guard, release } from './watchdog.ts';

/** Longer lines on stderr are kept in the log file only. */
const maxStderrLineBytes = 64 * 1024;
const stderrTailLines = 10;
const stdoutTailLines = 3;
/** What may wait for a node that does not read. Past it messages to that node are dropped. */
export const maxUnreadBytes = 64 * 1024 * 1024;
/** How long a node may take to end by itself after its stdin ends, and again after SIGTERM. */
const graceMs = 1000;

export interface NodeCommand {
  /** Absolute path of the executable. */
  readonly bin: string;
  readonly arguments: readonly string[];
  /** Everything that the node writes to stderr is added to it. */
  readonly logFile: string;
}

export interface NodeListener {
  /** A line on stdout. */
  readonly onLine: (line: Line) => void;
  /** Takes what is on stdout as it comes. Where it is given there are no lines. */
  readonly onBytes?: (chunk: Buffer) => void;
  readonly onStderrLine: (text: string) => void;
  /** It is gone, and all that it wrote has been handed on. `how` is a clause: `exited with code 1`. */
  readonly onEnd: (how: string) => void;
}

/** The processes that are alive now. None of them outlives this program (watchdog.ts sees to it where this cannot). */
const alive = new Set<NodeProcess>();
process.on('exit', () => {
  for (const node of alive) node.kill();
});

/**
 * One node as a process, in the system's temporary directory, as under Maelstrom. It leads a process group of its own:
 * an executable is often a script that starts the real node, and both have to go; and Ctrl-C in the terminal is for us
 * alone to handle.
 */
export class NodeProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #listener: NodeListener;
  readonly #ended: Promise<void>;
  readonly #stdoutTail: string[] = [];
  readonly #stderrTail: string[] = [];
  readonly #logFile: number;
  #outbox: string[] = [];
  #letGo: NodeJS.Timeout | undefined;

  constructor(command: NodeCommand, listener: NodeListener) {
    this.#listener = listener;
    this.#logFile = openSync(command.logFile, 'a');
    this.#child = spawn(command.bin, [...command.arguments], {
      cwd: tmpdir(),
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    alive.add(this);
    if (this.#child.pid !== undefined) guard(this.#child.pid);
    this.#readStdout();
    this.#readStderr();
    // A node that is gone or has closed its stdin shows in other ways; what was written to it is lost.
    this.#child.stdin.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#end(`could not be started: ${whyNotStarted(error)}`, resolve));
      this.#child.once('close', (code, signal) => {
        this.#end(code === null ? `was killed by ${signal}` : `exited with code ${code}`, resolve);
      });
    });
  }

  /** The last lines on stdout, oldest first. */
  get stdoutTail(): readonly string[] {
    return [...this.#stdoutTail];
  }

  /** The last lines on stderr, oldest first. */
  get stderrTail(): readonly string[] {
    return [...this.#stderrTail];
  }

  /** The process group of the node and of what it started; undefined where it could not be started. */
  get groupId(): number | undefined {
    return this.#child.pid;
  }

  /** What has been written to the node and is still in this process's memory. */
  get unreadBytes(): number {
    return this.#child.stdin.writableLength;
  }

  /**
   * Writes a line; what is written in one turn of the event loop goes out at once. Returns false, and drops the line,
   * when the node has left too much unread.
   */
  writeLine(text: string): boolean {
    if (this.#child.stdin.writableLength > maxUnreadBytes) return false;
    if (this.#outbox.length === 0) queueMicrotask(() => this.#flush());
    this.#outbox.push(text);
    return true;
  }

  /** Writes whole lines at once. The buffer may be used again when `unreadBytes` is 0. */
  writeBytes(lines: Buffer): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(lines);
  }

  /** Ends the node: by ending its stdin, by SIGTERM if it stays, by SIGKILL if it still stays. */
  async stop(): Promise<void> {
    this.resume();
    this.#child.stdin.end();
    const terminate = setTimeout(() => this.#signal('SIGTERM'), graceMs);
    const kill = setTimeout(() => this.kill(), 2 * graceMs);
    await this.#ended;
    clearTimeout(terminate);
    clearTimeout(kill);
  }

  /** Ends the node by SIGKILL. `onEnd` follows when all that it had written has been handed on. */
  kill(): void {
    if (!alive.has(this)) return;
    this.#signal('SIGKILL');
    // A process that left the process group may still hold these open. That must not delay the end.
    this.#letGo ??= setTimeout(() => {
      this.#child.stdout.destroy();
      this.#child.stderr.destroy();
    }, graceMs);
  }

  /** Pauses the node by SIGSTOP. What is written to it waits. Returns false where it is gone. */
  pause(): boolean {
    return alive.has(this) && this.#signal('SIGSTOP');
  }

  /** Lets it go on, by SIGCONT; does nothing to one that was not paused. */
  resume(): void {
    if (alive.has(this)) this.#signal('SIGCONT');
  }

  /** Sends a signal to the node and to everything that it started. Returns false where the whole group is gone already. */
  #signal(signal: NodeJS.Signals): boolean {
    const { pid } = this.#child;
    if (pid === undefined) return false;
    try {
      return process.kill(-pid, signal);
    } catch {
      return false;
    }
  }

  #flush(): void {
    const lines = this.#outbox;
    this.#outbox = [];
    if (this.#child.stdin.writable) this.#child.stdin.write(`${lines.join('\n')}\n`);
  }

  #readStdout(): void {
    const { onBytes } = this.#listener;
    if (onBytes !== undefined) {
      this.#child.stdout.on('data', onBytes);
      return;
    }
    const splitter = new LineSplitter(maxLineBytes);
    const takeLine = (line: Line) => {
      if (line.kind === 'text') keepLast(this.#stdoutTail, line.text, stdoutTailLines);
      this.#listener.onLine(line);
    };
    this.#child.stdout.on('data', (chunk: Buffer) => splitter.push(chunk).forEach(takeLine));
    this.#child.stdout.on('end', () => splitter.end().forEach(takeLine));
  }

  #readStderr(): void {
    const splitter = new LineSplitter(maxStderrLineBytes);
    const takeLine = (line: Line) => {
      const text = line.kind === 'text' ? line.text : `(${line.sizeBytes} bytes; see the log)`;
      keepLast(this.#stderrTail, text, stderrTailLines);
      this.#listener.onStderrLine(text);
    };
    this.#child.stderr.on('data', (chunk: Buffer) => {
      writeSync(this.#logFile, chunk);
      splitter.push(chunk).forEach(takeLine);
    });
    this.#child.stderr.on('end', () => splitter.end().forEach(takeLine));
  }

  #end(how: string, resolve: () => void): void {
    if (!alive.delete(this)) return;
    clearTimeout(this.#letGo);
    this.#signal('SIGKILL');
    if (this.#child.pid !== undefined) release(this.#child.pid);
    closeSync(this.#logFile);
    this.#listener.onEnd(how);
    resolve();
  }
}

function keepLast(lines: string[], line: string, count: number): void {
  lines.push(line);
  if (lines.length > count) lines.shift();
}

/** The file was there, and executable, when it was looked at; what else the system may object to is hard to guess. */
function whyNotStarted(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'the interpreter that its first line names (after #!) does not exist';
  if (code === 'ENOEXEC') return 'it is not a program for this machine, nor a script that names its interpreter (#!)';
  return error.message;
}
