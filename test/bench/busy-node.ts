import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const raft = join(import.meta.dirname, '..', '..', 'bin', 'raft');

/** The only node of its cluster, a real process, fed as fast as it answers. */
export class BusyNode {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #unread = '';
  #nextId = 1;
  #onAnswer: () => void = () => {};
  #answersLeft = 0;

  constructor(flags: readonly string[]) {
    this.#process = spawn(raft, [...flags], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#ended = once(this.#process, 'exit');
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text));
  }

  /** Resolves when it answers `init`. */
  async init(): Promise<void> {
    await this.ask([{ type: 'init', node_id: 'n1', node_ids: ['n1'] }]);
  }

  /** Sends requests at once. Resolves when all are answered; throws where one is answered with an error. */
  async ask(bodies: readonly object[]): Promise<void> {
    this.#answersLeft = bodies.length;
    const answered = new Promise<void>((settle) => {
      this.#onAnswer = settle;
    });
    let lines = '';
    for (const body of bodies) {
      lines += `${JSON.stringify({ src: 'c1', dest: 'n1', body: { ...body, msg_id: this.#nextId } })}\n`;
      this.#nextId += 1;
    }
    this.#process.stdin?.write(lines);
    await Promise.race([answered, this.#ended.then(() => Promise.reject(new Error('the node has ended')))]);
  }

  /** Of its resident memory: now, and at its highest. */
  memoryBytes(): { readonly now: number; readonly peak: number } {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    const kibibytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]);
    return { now: 1024 * kibibytes('VmRSS'), peak: 1024 * kibibytes('VmHWM') };
  }

  async stop(): Promise<void> {
    this.#process.stdin?.end();
    await this.#ended;
  }

  #read(text: string): void {
    const lines = `${this.#unread}${text}`.split('\n');
    this.#unread = lines.pop() ?? '';
    for (const line of lines) {
      if (line.includes('"type":"error"')) throw new Error(`the node answered ${line}`);
      this.#answersLeft -= 1;
      if (this.#answersLeft === 0) this.#onAnswer();
    }
  }
}

/** What the files of a directory, and of those in it, take up. */
export function bytesIn(directory: string, isCounted: (name: string) => boolean = () => true): number {
  return readdirSync(directory, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sum + bytesIn(path, isCounted);
    // A segment may go between the two calls.
    const size = isCounted(entry.name) ? (statSync(path, { throwIfNoEntry: false })?.size ?? 0) : 0;
    return sum + size;
  }, 0);
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
