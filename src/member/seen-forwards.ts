import type { NodeId } from '../raft/messages.ts';
import { lifeOf } from './request-ids.ts';

/** Forwards of one life that are remembered. Older ones count as seen, which is safe: they are not taken again. */
const rememberedPerLife = 4096;

/** Lives of one node that may still forward something. Of those before them everything counts as seen. */
const openLives = 4;

/** Lives that are known to be over. One that is forgotten here has been over for so many starts of that node. */
const closedLives = 4096;

/**
 * Which forwards this member has dealt with: the network may deliver one twice, but its proposals are logged once. A
 * forward is known by the request id of its first proposal. Of several lives of one node the order is not known.
 */
export class SeenForwards {
  readonly #byNode = new Map<NodeId, Lives>();

  /** Whether this is the first time; from now on it is not. */
  isFirst(node: NodeId, firstId: number): boolean {
    const known = this.#byNode.get(node) ?? new Lives();
    this.#byNode.set(node, known);
    return known.isFirst(firstId);
  }
}

class Lives {
  /** The life used last comes last. */
  readonly #open = new Map<number, SeenIds>();
  readonly #closed = new Set<number>();

  isFirst(id: number): boolean {
    const life = lifeOf(id);
    if (this.#closed.has(life)) return false;
    const seen = this.#open.get(life) ?? new SeenIds();
    this.#open.delete(life);
    this.#open.set(life, seen);
    if (this.#open.size > openLives) this.#closeOldest();
    return seen.isFirst(id);
  }

  #closeOldest(): void {
    const [oldest] = this.#open.keys();
    if (oldest === undefined) return;
    this.#open.delete(oldest);
    this.#closed.add(oldest);
    const [oldestClosed] = this.#closed;
    if (oldestClosed !== undefined && this.#closed.size > closedLives) this.#closed.delete(oldestClosed);
  }
}

/** Of numbers that grow the newest are remembered, and all below those count as seen. */
export class SeenIds {
  readonly #bound: number;
  readonly #seen = new Set<number>();
  #lowest = 0;

  constructor(bound: number = rememberedPerLife) {
    this.#bound = bound;
  }

  isFirst(id: number): boolean {
    if (id < this.#lowest || this.#seen.has(id)) return false;
    this.#seen.add(id);
    if (this.#seen.size > this.#bound) this.#forgetLowerHalf();
    return true;
  }

  #forgetLowerHalf(): void {
    const ascending = [...this.#seen].sort((left, right) => left - right);
    const forgotten = ascending.slice(0, Math.ceil(ascending.length / 2));
    for (const id of forgotten) this.#seen.delete(id);
    this.#lowest = Math.max(this.#lowest, (forgotten.at(-1) ?? 0) + 1);
  }
}
