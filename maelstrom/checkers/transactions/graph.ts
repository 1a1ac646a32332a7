/**
 * Dependencies between transactions, as a graph in flat arrays. Vertices below `transactionCount` are transactions, by
 * their place in the history; the others are junctions, which stand for no transaction but let few edges say what would
 * take many: an edge into a junction leads to all that the junction leads to, and keeps its kind.
 */
import { IntegerList } from './integer-list.ts';

/** Kinds of dependencies, as bits. Of `from -> to`, `to` ... */
export const edge = {
  /** wrote the version of a key that follows the one that `from` wrote. */
  ww: 1,
  /** read what `from` wrote. */
  wr: 2,
  /** wrote the version that follows the one that `from` read. */
  rw: 4,
  /** was begun by the same client, after `from` had ended. */
  process: 8,
  /** began after `from` had ended. */
  realTime: 16,
  /** As `ww` and `rw`, but what follows what is known only because one client met the versions in that order ... */
  wwByProcess: 32,
  rwByProcess: 64,
  /** ... or because a transaction had met the one and ended before a transaction began that met the other. */
  wwByTime: 128,
  rwByTime: 256,
} as const;

export type EdgeKind = (typeof edge)[keyof typeof edge];

export const antiDependencies = edge.rw | edge.rwByProcess | edge.rwByTime;

export class DependencyGraph {
  readonly transactionCount: number;
  readonly vertexCount: number;
  /** The edges from vertex `v` are those at the places `starts[v]` to `starts[v + 1]`, without the last. */
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  readonly kinds: Int32Array;
  /** The key that an edge is about; -1 for the orders of clients and of time. */
  readonly keys: Int32Array;

  constructor(transactionCount: number, vertexCount: number, sources: IntegerList, targets: IntegerList, labels: IntegerList) {
    this.transactionCount = transactionCount;
    this.vertexCount = vertexCount;
    const count = sources.length;
    this.starts = new Int32Array(vertexCount + 1);
    this.targets = new Int32Array(count);
    this.kinds = new Int32Array(count);
    this.keys = new Int32Array(count);
    for (let place = 0; place < count; place += 1) increment(this.starts, sources.at(place) + 1);
    for (let vertex = 0; vertex < vertexCount; vertex += 1) {
      this.starts[vertex + 1] = (this.starts[vertex + 1] ?? 0) + (this.starts[vertex] ?? 0);
    }
    const next = this.starts.slice();
    for (let place = 0; place < count; place += 1) {
      const slot = increment(next, sources.at(place));
      this.targets[slot] = targets.at(place);
      this.kinds[slot] = labels.at(2 * place);
      this.keys[slot] = labels.at(2 * place + 1);
    }
  }

  /** Where the edges from a vertex begin; those of the next one begin where they end. */
  start(vertex: number): number {
    return this.starts[vertex] ?? 0;
  }

  target(place: number): number {
    return this.targets[place] ?? -1;
  }

  kind(place: number): number {
    return this.kinds[place] ?? 0;
  }

  key(place: number): number {
    return this.keys[place] ?? -1;
  }

  isJunction(vertex: number): boolean {
    return vertex >= this.transactionCount;
  }
}

/** Takes edges in any order. An edge that leads from a vertex to itself is left out. */
export class GraphBuilder {
  readonly #transactionCount: number;
  #vertexCount: number;
  readonly #sources = new IntegerList();
  readonly #targets = new IntegerList();
  readonly #labels = new IntegerList();

  constructor(transactionCount: number) {
    this.#transactionCount = transactionCount;
    this.#vertexCount = transactionCount;
  }

  add(from: number, to: number, kind: EdgeKind, key = -1): void {
    if (from === to) return;
    this.#sources.push(from);
    this.#targets.push(to);
    this.#labels.push(kind);
    this.#labels.push(key);
  }

  junction(): number {
    this.#vertexCount += 1;
    return this.#vertexCount - 1;
  }

  build(): DependencyGraph {
    return new DependencyGraph(this.#transactionCount, this.#vertexCount, this.#sources, this.#targets, this.#labels);
  }
}

/** Adds one to a member and gives what it was. */
function increment(counts: Int32Array, place: number): number {
  const before = counts[place] ?? 0;
  counts[place] = before + 1;
  return before;
}
