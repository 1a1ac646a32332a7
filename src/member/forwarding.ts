import type { NodeId } from '../raft/messages.ts';
import type { Write } from './pending-writes.ts';

/** Forwards of one node that are remembered. Older ones count as seen, which is safe: they are not taken again. */
const rememberedPerNode = 4096;

/**
 * Which forwarded proposals this member has dealt with: the network may deliver them twice, but they are logged once.
 * A node's message ids grow, so of each node the newest are remembered, and all below those count as seen.
 */
export class SeenForwards {
  readonly #bound: number;
  readonly #byNode = new Map<NodeId, { readonly seen: Set<number>; lowest: number }>();

  constructor(bound: number = rememberedPerNode) {
    this.#bound = bound;
  }

  /** Whether this is the first time; from now on it is not. */
  isFirst(node: NodeId, msgId: number): boolean {
    const known = this.#byNode.get(node) ?? { seen: new Set<number>(), lowest: 0 };
    this.#byNode.set(node, known);
    if (msgId < known.lowest || known.seen.has(msgId)) return false;
    known.seen.add(msgId);
    if (known.seen.size > this.#bound) this.#forgetLowerHalf(known);
    return true;
  }

  #forgetLowerHalf(known: { readonly seen: Set<number>; lowest: number }): void {
    const ascending = [...known.seen].sort((left, right) => left - right);
    const forgotten = ascending.slice(0, Math.ceil(ascending.length / 2));
    for (const msgId of forgotten) known.seen.delete(msgId);
    known.lowest = Math.max(known.lowest, (forgotten.at(-1) ?? 0) + 1);
  }
}

/** A forwarded proposal holds, besides its command, `{"id":9007199254740991,"command":},` at most. */
const maxRequestOverheadBytes = 35;

/** What a write takes up in a `propose` line at most, in bytes of UTF-8. */
export function forwardSizeBytes({ sizeBytes }: Write<unknown>): number {
  return sizeBytes + maxRequestOverheadBytes;
}

/** As many items from the front as fit in `maxBytes` together; at least one, where there is one. */
export function fitting<Item>(
  items: readonly Item[],
  maxBytes: number,
  sizeBytesOf: (item: Item) => number,
): readonly Item[] {
  let bytes = 0;
  const end = items.findIndex((item, position) => {
    bytes += sizeBytesOf(item);
    return bytes > maxBytes && position > 0;
  });
  return end === -1 ? items : items.slice(0, end);
}
