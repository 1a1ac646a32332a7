import { IntegerList } from './integer-list.ts';

/** A binary heap of nodes, the lowest rank first. */
export class RankHeap {
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
