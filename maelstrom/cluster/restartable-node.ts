import type { Line } from '../../src/wire/lines.ts';
import { NodeProcess } from './node-process.ts';
import type { NodeCommand, NodeListener } from './node-process.ts';

export interface RestartableNodeListener extends NodeListener {
  /** A new process runs; what is written to the node from now on is for that one. */
  readonly onRestart: () => void;
}

/** A node that may be killed and run again: one process after the other, never two at a time, by the same command. */
export class RestartableNode {
  readonly #command: NodeCommand;
  readonly #listener: RestartableNodeListener;
  /** The latest one. */
  #process: NodeProcess;
  /** `killed`: it has been sent the signal and has not gone yet. */
  #state: 'up' | 'killed' | 'ended' = 'up';
  #restartsWhenEnded = false;
  #isPaused = false;
  /** It was paused, and what it left unread meanwhile is still too much. */
  #isBehind = false;
  #isStopping = false;
  #lineCount = 0;

  /** Starts the first process. `onEnd` is called for one that ends by itself, not for one that was killed. */
  constructor(command: NodeCommand, listener: RestartableNodeListener) {
    this.#command = command;
    this.#listener = listener;
    this.#process = this.#start();
  }

  /** False from the moment it is killed. It may still be heard then: what it wrote before is on its way. */
  get isUp(): boolean {
    return this.#state === 'up';
  }

  /** Whether it is up and not paused. */
  get isFree(): boolean {
    return this.isUp && !this.#isPaused;
  }

  /** Lines on stdout, of all its processes. */
  get lineCount(): number {
    return this.#lineCount;
  }

  /** The last lines on stdout of the latest process, oldest first. */
  get stdoutTail(): readonly string[] {
    return this.#process.stdoutTail;
  }

  /** The last lines on stderr of the latest process, oldest first. */
  get stderrTail(): readonly string[] {
    return this.#process.stderrTail;
  }

  /**
   * Writes a line, which is lost where the node is down. Returns false, and drops the line, when the node has left too
   * much unread and was free to read.
   */
  writeLine(text: string): boolean {
    if (!this.isUp) return true;
    const isTaken = this.#process.writeLine(text);
    if (isTaken && !this.#isPaused) this.#isBehind = false;
    return isTaken || this.#isBehind;
  }

  kill(): void {
    this.#restartsWhenEnded = false;
    if (!this.isUp) return;
    this.#state = 'killed';
    this.#process.kill();
  }

  /** Runs the node again, as soon as the process that was there has gone: what that one held is free then. */
  restart(): void {
    this.kill();
    if (this.#state === 'ended') this.#startAgain();
    else this.#restartsWhenEnded = true;
  }

  /** Returns whether it did: one that is down is not paused. */
  pause(): boolean {
    if (!this.isUp || !this.#process.pause()) return false;
    this.#isPaused = true;
    this.#isBehind = true;
    return true;
  }

  resume(): void {
    if (!this.isUp || !this.#isPaused) return;
    this.#isPaused = false;
    this.#process.resume();
  }

  /** Ends the node for good. Resolves when its process is gone. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#process.stop();
  }

  #start(): NodeProcess {
    const { onStderrLine } = this.#listener;
    const onLine = (line: Line) => {
      this.#lineCount += 1;
      this.#listener.onLine(line);
    };
    return new NodeProcess(this.#command, { onLine, onStderrLine, onEnd: (how) => this.#onEnd(how) });
  }

  #onEnd(how: string): void {
    const wasKilled = this.#state === 'killed';
    this.#state = 'ended';
    if (!wasKilled) this.#listener.onEnd(how);
    if (this.#restartsWhenEnded) this.#startAgain();
  }

  #startAgain(): void {
    if (this.#isStopping) return;
    this.#restartsWhenEnded = false;
    this.#state = 'up';
    this.#isPaused = false;
    this.#process = this.#start();
    this.#listener.onRestart();
  }
}
