import { Histogram } from './histogram.ts';

/** What came of the operations that ended in some stretch of time. */
export class Tally {
  readonly reads = new Histogram();
  readonly writes = new Histogram();
  readonly all = new Histogram();
  /** Reads, among those above, that found no such key. */
  notFound = 0;
  /** Answers that were errors, by their code. */
  readonly errors = new Map<number, number>();
  /** Operations that were given up without an answer. */
  timeouts = 0;

  get failed(): number {
    return this.timeouts + [...this.errors.values()].reduce((sum, count) => sum + count, 0);
  }

  addSuccess(type: 'read' | 'write', latencyMs: number): void {
    this.all.add(latencyMs);
    (type === 'read' ? this.reads : this.writes).add(latencyMs);
  }

  addError(code: number): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }
}
