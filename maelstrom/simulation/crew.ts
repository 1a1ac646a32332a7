import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SeedReport, Task } from './seed-report.ts';

/** Of what a run makes most dies at once: with room for it, a tenth less time goes into collecting garbage. */
const youngMebibytes = 48;

/** Those who play seeds, each one at a time and all of them side by side. */
export interface Crew {
  /** Plays the seed as soon as a thread is free. Throws where the simulator itself fails in it. */
  play(seed: number): Promise<SeedReport>;
  /** They stop at once, whatever they do. */
  end(): void;
}

/** What a worker answers: a report, or why there is none. */
export type Answer = { readonly report: SeedReport } | { readonly failure: string };

interface Request {
  readonly seed: number;
  readonly resolve: (report: SeedReport) => void;
  readonly reject: (error: Error) => void;
}

/** A crew of threads. Each seed is still played by one thread alone: it is the same run in each of them. */
export class ThreadCrew implements Crew {
  readonly #threads: readonly Worker[];
  readonly #free: Worker[] = [];
  readonly #busy = new Map<Worker, Request>();
  readonly #waiting: Request[] = [];

  constructor(task: Task, size: number) {
    // Compiled or not, the worker is called as this file is.
    const file = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
    this.#threads = Array.from({ length: size }, () => {
      const thread = new Worker(file, { workerData: task, resourceLimits: { maxYoungGenerationSizeMb: youngMebibytes } });
      thread.on('message', (answer: Answer) => this.#answered(thread, answer));
      thread.on('error', (error) => this.#busy.get(thread)?.reject(error));
      return thread;
    });
    this.#free.push(...this.#threads);
  }

  play(seed: number): Promise<SeedReport> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ seed, resolve, reject });
      this.#assign();
    });
  }

  end(): void {
    for (const thread of this.#threads) void thread.terminate();
  }

  #assign(): void {
    for (;;) {
      const thread = this.#waiting.length === 0 ? undefined : this.#free.pop();
      const request = thread === undefined ? undefined : this.#waiting.shift();
      if (thread === undefined || request === undefined) return;
      this.#busy.set(thread, request);
      thread.postMessage(request.seed);
    }
  }

  #answered(thread: Worker, answer: Answer): void {
    const request = this.#busy.get(thread);
    this.#busy.delete(thread);
    this.#free.push(thread);
    if ('report' in answer) request?.resolve(answer.report);
    else request?.reject(new Error(`seed ${request.seed}: ${answer.failure}`));
    this.#assign();
  }
}
