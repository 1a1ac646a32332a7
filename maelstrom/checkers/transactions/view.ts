/**
 * A graph as one isolation level looks at it: which edges count, and which sequences of them are a cycle. Levels are
 * Adya's: at `writes` a cycle of ww is forbidden, at `reads` one of ww and wr, at `snapshots` one in which no two rw
 * follow each other, at `all` any.
 */
import { antiDependencies, edge } from './graph.ts';
import type { DependencyGraph } from './graph.ts';
import type { Variant } from './anomalies.ts';

export const levels = ['writes', 'reads', 'snapshots', 'all'] as const;

export type Level = (typeof levels)[number];

const sessionEdges: Readonly<Record<Variant, number>> = {
  '': 0,
  '-process': edge.process,
  '-realtime': edge.process | edge.realTime,
};

/** Only where a level forbids to miss a write does it matter who met which version when. */
const derivedEdges: Readonly<Record<Variant, number>> = {
  '': 0,
  '-process': edge.wwByProcess | edge.rwByProcess,
  '-realtime': edge.wwByProcess | edge.rwByProcess | edge.wwByTime | edge.rwByTime,
};

function edgesOf(level: Level, variant: Variant): number {
  switch (level) {
    case 'writes':
      return edge.ww | sessionEdges[variant];
    case 'reads':
      return edge.ww | edge.wr | sessionEdges[variant];
    case 'snapshots':
    case 'all':
      return edge.ww | edge.wr | edge.rw | sessionEdges[variant] | derivedEdges[variant];
  }
}

/**
 * At `snapshots` each transaction is two nodes: its start, at which it takes its snapshot, and its commit. A
 * transaction that another depends on commits before that one starts; one that misses a write starts before that
 * write commits. So a cycle of nodes is a cycle of transactions in which no two rw follow each other (Cerone and Gotsman,
 * "Analysing Snapshot Isolation", PODC 2016). At the other levels a node is a vertex.
 */
export class View {
  readonly graph: DependencyGraph;
  readonly level: Level;
  readonly variant: Variant;
  readonly nodeCount: number;
  readonly #mask: number;
  readonly #isSplit: boolean;
  readonly #components: Int32Array;

  /** Edges between different components, which `components` numbers by vertex, are in no cycle and left out. */
  constructor(graph: DependencyGraph, level: Level, variant: Variant, components: Int32Array) {
    this.graph = graph;
    this.level = level;
    this.variant = variant;
    this.#mask = edgesOf(level, variant);
    this.#isSplit = level === 'snapshots';
    this.#components = components;
    this.nodeCount = this.#isSplit ? graph.vertexCount + graph.transactionCount : graph.vertexCount;
  }

  /** All nodes of a vertex. */
  nodesOf(vertex: number): readonly number[] {
    return this.#isSplit && !this.graph.isJunction(vertex) ? [vertex, this.#commitOf(vertex)] : [vertex];
  }

  /** The node from which an edge leaves a transaction; an rw edge leaves another one than others do. */
  exit(vertex: number, isAnti: boolean): number {
    return this.#isSplit && !isAnti ? this.#commitOf(vertex) : vertex;
  }

  /** The node at which an edge arrives at a transaction. */
  entry(vertex: number, isAnti: boolean): number {
    return this.#isSplit && isAnti ? this.#commitOf(vertex) : vertex;
  }

  vertexOf(node: number): number {
    return node < this.graph.vertexCount ? node : node - this.graph.vertexCount;
  }

  /** The steps from a node are those from `firstStep` to `endOfSteps`, without the last; some lead nowhere. */
  firstStep(node: number): number {
    const start = this.graph.start(this.vertexOf(node));
    return this.#isStart(node) ? start - 1 : start;
  }

  endOfSteps(node: number): number {
    return this.graph.start(this.vertexOf(node) + 1);
  }

  /** Whether a step is that of a transaction from its start to its own commit, and no edge. */
  isOwnStep(node: number, step: number): boolean {
    return this.#isStart(node) && step < this.graph.start(node);
  }

  /** The node to which a step leads; -1 where it is not in this view. */
  target(node: number, step: number): number {
    if (this.isOwnStep(node, step)) return this.#commitOf(node);
    const { graph } = this;
    const kind = graph.kind(step);
    if ((kind & this.#mask) === 0) return -1;
    const vertex = this.vertexOf(node);
    const to = graph.target(step);
    if (this.#components[vertex] !== this.#components[to]) return -1;
    if (!this.#isSplit) return to;
    const isAnti = (kind & antiDependencies) !== 0;
    if (!graph.isJunction(vertex) && isAnti !== this.#isStart(node)) return -1;
    return isAnti && !graph.isJunction(to) ? this.#commitOf(to) : to;
  }

  #isStart(node: number): boolean {
    return this.#isSplit && node < this.graph.transactionCount;
  }

  #commitOf(vertex: number): number {
    return this.graph.vertexCount + vertex;
  }
}
