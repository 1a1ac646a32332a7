/**
 * What is to happen later, soonest first; what is due at the same time keeps the order in which it was added. A binary
 * heap: adding and taking cost the logarithm of what waits.
 */
export class Schedule<Item> {
  readonly #heap: Planned<Item>[] = [];
  #nextSequence = 0;

  get size(): number {
    return this.#heap.length;
  }

  add(atMs: number, item: Item): void {
    const planned = { atMs, sequence: this.#nextSequence, item };
    this.#nextSequence += 1;
    let place = this.#heap.length;
    this.#heap.push(planned);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#heap[parent];
      if (above === undefined || isBefore(above, planned)) break;
      this.#heap[place] = above;
      this.#heap[parent] = planned;
      place = parent;
    }
  }

  /** When the soonest item is due; undefined when nothing waits. */
  nextAtMs(): number | undefined {
    return this.#heap[0]?.atMs;
  }

  /** Takes the soonest item if it is due by `nowMs`. */
  takeDue(nowMs: number): Item | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.atMs > nowMs) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) this.#sinkFromTop(last);
    return first.item;
  }

  #sinkFromTop(planned: Planned<Item>): void {
    let place = 0;
    for (;;) {
      const child = this.#soonerChild(place);
      const below = this.#heap[child];
      if (below === undefined || isBefore(planned, below)) break;
      this.#heap[place] = below;
      place = child;
    }
    this.#heap[place] = planned;
  }

  #soonerChild(place: number): number {
    const left = this.#heap[2 * place + 1];
    const right = this.#heap[2 * place + 2];
    return left !== undefined && right !== undefined && isBefore(right, left) ? 2 * place + 2 : 2 * place + 1;
  }
}

interface Planned<Item> {
  readonly atMs: number;
  readonly sequence: number;
  readonly item: Item;
}

function isBefore<Item>(a: Planned<Item>, b: Planned<Item>): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
}
