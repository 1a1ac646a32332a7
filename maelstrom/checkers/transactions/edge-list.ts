import { IntegerList } from './integer-list.ts';
import type { View } from './view.ts';

/** No decision made this edge. */
export const undecided = -1;

/** Edges between nodes of a view, to which more can be added and taken away again. */
export class EdgeList {
  readonly nodeCount: number;
  readonly #sources = new IntegerList();
  readonly #targets = new IntegerList();
  readonly #tags = new IntegerList();

  constructor(view: View) {
    this.nodeCount = view.nodeCount;
    for (let node = 0; node < view.nodeCount; node += 1) {
      for (let step = view.firstStep(node), end = view.endOfSteps(node); step < end; step += 1) {
        const target = view.target(node, step);
        if (target !== -1) this.add(node, target, undecided);
      }
    }
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
   * rank does. Where there is a circle, gives the tags and the nodes of one.
   */
  sort(rank: Float64Array): SortResult {
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
    const ready = new RankHeap(rank);
    for (let node = 0; node < this.nodeCount; node += 1) if (waits[node] === 0) ready.push(node);
    let count = 0;
    for (; ready.size > 0; count += 1) {
      const node = ready.pop();
      positions[node] = count;
      for (let slot = starts[node] ?? 0, end = starts[node + 1] ?? 0; slot < end; slot += 1) {
        const target = targets[slot] ?? 0;
        const left = (waits[target] ?? 0) - 1;
        waits[target] = left;
        if (left === 0) ready.push(target);
      }
    }
    if (count === this.nodeCount) return { isSorted: true, positions };
    return { isSorted: false, ...circleAmong(starts, targets, tags, positions) };
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

export type SortResult =
  | { readonly isSorted: true; /** By node. */ readonly positions: Int32Array }
  | { readonly isSorted: false; readonly tags: readonly number[]; readonly nodes: readonly number[] };

/** A circle among the nodes that were not sorted, depth first and without recursion. There is one. */
function circleAmong(starts: Int32Array, targets: Int32Array, tags: Int32Array, positions: Int32Array) {
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
        const circle = path.slice(back);
        return { nodes: circle.map(({ node }) => node), tags: circle.map(({ slot }) => tags[slot - 1] ?? undecided) };
      }
      if (positions[target] !== -1 || done[target] === 1) continue;
      onPath[target] = path.length;
      path.push({ node: target, slot: starts[target] ?? 0 });
    }
  }
  throw new Error('nodes that cannot be sorted are in no circle');
}

/** A binary heap of nodes, the lowest rank first. */
class RankHeap {
  readonly #rank: Float64Array;
  readonly #nodes = new IntegerList();

  constructor(rank: Float64Array) {
    this.#rank = rank;
  }

  get size(): number {
    return this.#nodes.length;
  }

  push(node: number): void {
    this.#nodes.push(node);
    let place = this.#nodes.length - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#swapIfLower(place, parent)) break;
      place = parent;
    }
  }

  pop(): number {
    const top = this.#nodes.at(0);
    const last = this.#nodes.pop();
    if (this.size === 0) return top;
    this.#nodes.set(0, last);
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      if (left >= this.size) return top;
      const child = right < this.size && this.#rankAt(right) < this.#rankAt(left) ? right : left;
      if (!this.#swapIfLower(child, place)) return top;
      place = child;
    }
  }

  #swapIfLower(place: number, parent: number): boolean {
    if (this.#rankAt(place) >= this.#rankAt(parent)) return false;
    const node = this.#nodes.at(place);
    this.#nodes.set(place, this.#nodes.at(parent));
    this.#nodes.set(parent, node);
    return true;
  }

  #rankAt(place: number): number {
    return this.#rank[this.#nodes.at(place)] ?? 0;
  }
}
