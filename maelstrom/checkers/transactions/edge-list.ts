import { IntegerList } from './integer-list.ts';
import { ReadyNodes } from './ready-nodes.ts';
import type { Gate } from './ready-nodes.ts';

/** No decision made this edge. */
export const undecided = -1;

/** Edges between nodes, to which more can be added and taken away again. */
export class EdgeList {
  readonly nodeCount: number;
  readonly #sources = new IntegerList();
  readonly #targets = new IntegerList();
  readonly #tags = new IntegerList();

  constructor(nodeCount: number) {
    this.nodeCount = nodeCount;
  }

  get length(): number {
    return this.#sources.length;
  }

  /** `tag` tells which decision an edge is there for. */
  add(from: number, to: number, tag: number): void {
    this.#sources.push(from);
    this.#targets.push(to);
    this.#tags.push(tag);
  }

  /** Takes away all edges but the first ones. */
  cut(length: number): void {
    while (this.#sources.length > length) {
      this.#sources.pop();
      this.#targets.pop();
      this.#tags.pop();
    }
  }

  /**
   * Puts the nodes in an order in which every edge leads forwards; of nodes that may come next, the one with the lowest
   * rank does, if the gate lets it through; if it lets none through, it is not asked. Where there are circles, gives
   * some that have no node in common.
   */
  sort(rank: Float64Array, gate?: Gate): SortResult {
    const starts = this.#starts();
    const targets = new Int32Array(this.length);
    const tags = new Int32Array(this.length);
    const waits = new Int32Array(this.nodeCount);
    const next = starts.slice();
    for (let place = 0; place < this.length; place += 1) {
      const [source, target] = [this.#sources.at(place), this.#targets.at(place)];
      const slot = next[source] ?? 0;
      next[source] = slot + 1;
      targets[slot] = target;
      tags[slot] = this.#tags.at(place);
      waits[target] = (waits[target] ?? 0) + 1;
    }
    const positions = new Int32Array(this.nodeCount).fill(-1);
    const ready = new ReadyNodes(rank, gate);
    for (let node = 0; node < this.nodeCount; node += 1) if (waits[node] === 0) ready.add(node);
    let count = 0;
    for (let node = ready.next(); node !== undefined; node = ready.next()) {
      positions[node] = count;
      count += 1;
      for (let slot = starts[node] ?? 0, end = starts[node + 1] ?? 0; slot < end; slot += 1) {
        const target = targets[slot] ?? 0;
        const left = (waits[target] ?? 0) - 1;
        waits[target] = left;
        if (left === 0) ready.add(target);
      }
    }
    if (count === this.nodeCount) return { isSorted: true, positions, starts, targets, tags };
    return { isSorted: false, circles: circlesAmong(starts, targets, tags, positions) };
  }

  #starts(): Int32Array {
    const starts = new Int32Array(this.nodeCount + 1);
    for (let place = 0; place < this.length; place += 1) {
      const after = this.#sources.at(place) + 1;
      starts[after] = (starts[after] ?? 0) + 1;
    }
    for (let node = 0; node < this.nodeCount; node += 1) starts[node + 1] = (starts[node + 1] ?? 0) + (starts[node] ?? 0);
    return starts;
  }
}

/** Nodes in an order in which every edge leads forwards, and the edges by the node that they leave. */
export interface SortedEdges {
  /** By node. */
  readonly positions: Int32Array;
  /** The edges from a node lead to the targets from the place of its start to that of the next node's. */
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  readonly tags: Int32Array;
}

export type SortResult =
  | ({ readonly isSorted: true } & SortedEdges)
  | { readonly isSorted: false; /** At least one. */ readonly circles: readonly Circle[] };

export interface Circle {
  readonly nodes: readonly number[];
  /** Those of its edges. */
  readonly tags: readonly number[];
}

/** Circles among the nodes that were not sorted, depth first and without recursion. There is one at least. */
function circlesAmong(starts: Int32Array, targets: Int32Array, tags: Int32Array, positions: Int32Array): readonly Circle[] {
  const circles: Circle[] = [];
  const done = new Uint8Array(positions.length);
  const onPath = new Int32Array(positions.length).fill(-1);
  for (let start = 0; start < positions.length; start += 1) {
    if (positions[start] !== -1 || done[start] === 1) continue;
    const path = [{ node: start, slot: starts[start] ?? 0 }];
    onPath[start] = 0;
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      if (top.slot === (starts[top.node + 1] ?? 0)) {
        done[top.node] = 1;
        onPath[top.node] = -1;
        path.pop();
        continue;
      }
      const target = targets[top.slot] ?? 0;
      top.slot += 1;
      const back = onPath[target] ?? -1;
      if (back !== -1) {
        // The circle is left out of what follows.
        const circle = path.splice(back);
        circles.push({ nodes: circle.map(({ node }) => node), tags: circle.map(({ slot }) => tags[slot - 1] ?? undecided) });
        for (const { node } of circle) {
          done[node] = 1;
          onPath[node] = -1;
        }
      } else if (positions[target] === -1 && done[target] === 0) {
        onPath[target] = path.length;
        path.push({ node: target, slot: starts[target] ?? 0 });
      }
    }
  }
  if (circles.length === 0) throw new Error('nodes that cannot be sorted are in no circle');
  return circles;
}
