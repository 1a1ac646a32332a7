import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parsedLines } from '../messages.ts';
import type { Envelope } from '../messages.ts';

/** The executable that is tested. */
export const raftBin = fileURLToPath(new URL('../../bin/raft', import.meta.url));

/** Flags for transcripts, which know no time: no tick falls between two lines, however slow the machine. */
export const withoutTicks = ['--heartbeat-ms', '60000', '--election-timeout-ms', '60000'];

/** How a process ended, and all that it wrote. */
export interface Ending {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly bin?: string;
  readonly flags?: readonly string[];
  readonly cwd?: string;
  /** A module's text that is run before the node. */
  readonly preload?: string;
}

/** A node as a real process. */
export class RaftProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #exit: Promise<Pick<Ending, 'exitCode' | 'signal'>>;
  readonly #ending: Promise<Ending>;
  #stdout = '';
  #stderr = '';
  #onOutput: () => void = () => {};
  #hasEnded = false;

  constructor({ bin = raftBin, flags = withoutTicks, cwd = process.cwd(), preload }: StartOptions = {}) {
    const nodeOptions = preload && { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` };
    this.#child = spawn(bin, [...flags], { cwd, env: { ...process.env, ...nodeOptions }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#onOutput();
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#onOutput();
    });
    // Written to a node that is gone: its ending says so.
    this.#child.stdin.on('error', () => {});
    this.#exit = new Promise((resolve) => {
      this.#child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    });
    this.#ending = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (exitCode, signal) => {
        this.#hasEnded = true;
        this.#onOutput();
        resolve({ exitCode, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
    killWhenDone(this.#child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Resolves when the bytes are on their way. */
  write(bytes: string | Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#child.stdin.write(bytes, () => resolve());
    });
  }

  /** Asks, and resolves to the body of the answer. `msgId` is to be used once. */
  async ask(msgId: number, body: object, src = 'c1'): Promise<unknown> {
    void this.write(`${JSON.stringify({ src, dest: 'n1', body: { msg_id: msgId, ...body } })}\n`);
    return this.answerTo(msgId, src);
  }

  /** The body of the answer to a client's message; waits for it. */
  async answerTo(msgId: number, src = 'c1'): Promise<unknown> {
    return this.#waitFor(() => {
      const answers = parsedLines(this.#stdout).map(({ dest, body }) => ({ dest, body }));
      return answers.find(({ dest, body }) => dest === src && body['in_reply_to'] === msgId)?.body;
    });
  }

  /** The first message of this type that it sends by itself; waits for it. */
  async message(type: string): Promise<Envelope> {
    return this.#waitFor(() => parsedLines(this.#stdout).find(({ body }) => body['type'] === type));
  }

  /** Waits until more than so many characters have come out. */
  async saysMoreThan(length: number): Promise<void> {
    await this.#waitFor(() => (this.#stdout.length > length ? true : undefined));
  }

  /** Waits until its log is longer than so many characters. */
  async logsMoreThan(length: number): Promise<void> {
    await this.#waitFor(() => (this.#stderr.length > length ? true : undefined));
  }

  /** Closes stdin, and waits until the process has ended. */
  async end(lastBytes: string | Buffer = ''): Promise<Ending> {
    this.#child.stdin.end(lastBytes);
    return this.#ending;
  }

  /** Waits until the process has ended by itself. */
  ended(): Promise<Ending> {
    return this.#ending;
  }

  /** Waits until the process has ended, though its output has not been read. */
  async exited(): Promise<Pick<Ending, 'exitCode' | 'signal'>> {
    return this.#exit;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Nobody reads its output any more. */
  closeStdout(): void {
    this.#child.stdout.destroy();
  }

  closeStderr(): void {
    this.#child.stderr.destroy();
  }

  /** Lets what it writes pile up, as a busy reader does, until `readOn`. */
  stopReading(): void {
    this.#child.stdout.pause();
  }

  readOn(): void {
    this.#child.stdout.resume();
  }

  stopReadingLog(): void {
    this.#child.stderr.pause();
  }

  readLogOn(): void {
    this.#child.stderr.resume();
  }

  #waitFor<Value>(find: () => Value | undefined): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#onOutput = () => {
        const value = find();
        if (value !== undefined) resolve(value);
        else if (this.#hasEnded) reject(new Error(`ended without an answer; its log:\n${this.#stderr}`));
      };
      this.#onOutput();
    });
  }
}

/** The processes that run now: whatever ends the tests, none of them outlives it. */
const running = new Set<ChildProcessByStdio<Writable, Readable, Readable>>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function killWhenDone(child: ChildProcessByStdio<Writable, Readable, Readable>): void {
  running.add(child);
  child.once('close', () => running.delete(child));
}
