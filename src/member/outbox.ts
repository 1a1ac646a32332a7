/** What leaves once the disk has batch `afterBatch`. */
export interface Waiting {
  readonly afterBatch: number;
}

export interface OutboxOptions<Item> {
  /** What waits may take up so many bytes together; what comes past that is dropped. */
  readonly maxBytes: number;
  /** How much room an item takes up while it waits. */
  readonly sizeBytesOf: (item: Item) => number;
}

/** The batch that holds the boot count, which makes every message of this life a new one. Nothing leaves before it. */
const firstBatch = 1;

/**
 * Everything that leaves a member, in the order in which it was decided: the only queue that waits for the disk. What is
 * dropped because the disk has stopped answering is lost as on a network: a peer is sent it again, a client is in doubt.
 */
export class Outbox<Item extends Waiting> {
  readonly #maxBytes: number;
  readonly #sizeBytesOf: (item: Item) => number;
  #fresh: Item[] = [];
  #waiting: Held<Item>[] = [];
  #waitingBytes = 0;
  #dropped = 0;

  constructor({ maxBytes, sizeBytesOf }: OutboxOptions<Item>) {
    this.#maxBytes = maxBytes;
    this.#sizeBytesOf = sizeBytesOf;
  }

  add(item: Item): void {
    this.#fresh.push(item);
  }

  /** Those that may leave now that the disk has come as far as `persistedBatch`. */
  release(persistedBatch: number): readonly Item[] {
    const mayLeave = ({ afterBatch }: Item): boolean => Math.max(afterBatch, firstBatch) <= persistedBatch;
    const fresh = this.#fresh;
    this.#fresh = [];
    if (this.#waiting.length === 0 && fresh.every(mayLeave)) return fresh;
    const leaving: Item[] = [];
    const waiting: Held<Item>[] = [];
    for (const held of this.#waiting) {
      if (!mayLeave(held.item)) {
        waiting.push(held);
        continue;
      }
      leaving.push(held.item);
      this.#waitingBytes -= held.sizeBytes;
    }
    for (const item of fresh) {
      if (mayLeave(item)) leaving.push(item);
      else this.#hold(item, waiting);
    }
    this.#waiting = waiting;
    return leaving;
  }

  /** How many items have been dropped since this was asked last. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  #hold(item: Item, waiting: Held<Item>[]): void {
    const sizeBytes = this.#sizeBytesOf(item);
    if (this.#waitingBytes + sizeBytes > this.#maxBytes) {
      this.#dropped += 1;
      return;
    }
    this.#waitingBytes += sizeBytes;
    waiting.push({ item, sizeBytes });
  }
}

interface Held<Item> {
  readonly item: Item;
  readonly sizeBytes: number;
}
