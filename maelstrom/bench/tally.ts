import { Histogram } from './histogram.ts';

/** Latencies at one node. */
interface AtNode {
  readonly reads: Histogram;
  readonly writes: Histogram;
}

/** What came of the operations that ended in some stretch of time. */
export class Tally {
  /** By the place of the node that was asked. */
  readonly nodes: readonly AtNode[];
  succeeded = 0;
  /** Reads, among those, that found no such key. */
  notFound = 0;
  /** Answers that were errors, by their code. */
  readonly errors = new Map<number, number>();
  /** Operations that were given up without an answer. */
  timeouts = 0;

  constructor(nodeCount: number) {
    this.nodes = Array.from({ length: nodeCount }, () => ({ reads: new Histogram(), writes: new Histogram() }));
  }

  get failed(): number {
    return this.timeouts + [...this.errors.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Of all nodes together. */
  latencies(type: 'reads' | 'writes' | 'all'): Histogram {
    const sum = new Histogram();
    for (const { reads, writes } of this.nodes) {
      if (type !== 'writes') sum.addAll(reads);
      if (type !== 'reads') sum.addAll(writes);
    }
    return sum;
  }

  addSuccess(node: number, type: 'read' | 'write', latencyMs: number): void {
    const latencies = this.nodes[node];
    if (latencies === undefined) throw new Error(`there is no node at place ${node}`);
    (type === 'read' ? latencies.reads : latencies.writes).add(latencyMs);
    this.succeeded += 1;
  }

  addError(code: number): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }
}
