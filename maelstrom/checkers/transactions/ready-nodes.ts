import { RankHeap } from './rank-heap.ts';

/** What lets a node through only when its time has come. */
export interface Gate {
  /** What the node has to wait for; undefined where it may pass. */
  waitsFor(node: number): number | undefined;
  /** Says that a node has passed. Gives what need not be waited for any more. */
  pass(node: number): readonly number[];
}

/** Nodes that nothing comes before any more, the lowest rank first, those that a gate holds back after all others. */
export class ReadyNodes {
  readonly #gate: Gate | undefined;
  readonly #ready: RankHeap;
  /** Held back; some may have got through meanwhile. */
  readonly #held: RankHeap;
  readonly #heldFor = new Map<number, number[]>();
  readonly #isHeld = new Set<number>();

  constructor(rank: Float64Array, gate: Gate | undefined) {
    this.#gate = gate;
    this.#ready = new RankHeap(rank);
    this.#held = new RankHeap(rank);
  }

  add(node: number): void {
    this.#ready.push(node);
  }

  /** The next one, which is taken away; undefined where there is none. */
  next(): number | undefined {
    while (this.#ready.size > 0) {
      const node = this.#ready.pop();
      const reason = this.#gate?.waitsFor(node);
      if (reason === undefined) return this.#passed(node);
      this.#hold(node, reason);
    }
    while (this.#held.size > 0) {
      const node = this.#held.pop();
      if (this.#isHeld.delete(node)) return this.#passed(node);
    }
    return undefined;
  }

  #hold(node: number, reason: number): void {
    if (!this.#isHeld.has(node)) this.#held.push(node);
    this.#isHeld.add(node);
    const others = this.#heldFor.get(reason);
    if (others === undefined) this.#heldFor.set(reason, [node]);
    else others.push(node);
  }

  #passed(node: number): number {
    for (const reason of this.#gate?.pass(node) ?? []) {
      const waiting = this.#heldFor.get(reason) ?? [];
      this.#heldFor.delete(reason);
      for (const other of waiting) if (this.#isHeld.delete(other)) this.#ready.push(other);
    }
    return node;
  }
}
