import { assert } from '../raft/assert.ts';
import type { Batch } from '../raft/durability.ts';
import type { HardState } from '../raft/hard-state.ts';
import type { Entry } from '../raft/messages.ts';
import type { Recovered, Storage } from './storage.ts';

/**
 * The in-memory twin of the disk: a batch is persisted as soon as it is written. It survives a node that is made anew
 * in the same process (tests), and nothing else.
 */
export class MemoryStorage implements Storage {
  readonly recovered: Recovered | undefined;
  readonly isNearlyFull = false;
  readonly #entries: Entry[];
  #hardState: HardState | undefined;
  #persistedBatch = 0;

  /** @param recovered what an earlier incarnation left; omitted for a node that has never run */
  constructor(recovered?: Recovered) {
    this.recovered = recovered;
    this.#hardState = recovered?.hardState;
    this.#entries = [...(recovered?.entries ?? [])];
  }

  get persistedBatch(): number {
    return this.#persistedBatch;
  }

  /** What a node would find that started on this storage now. */
  get contents(): Recovered | undefined {
    return this.#hardState && { hardState: this.#hardState, entries: [...this.#entries] };
  }

  write({ number, hardState, entries }: Batch): void {
    assert(number === this.#persistedBatch + 1, 'batches are written in order, one at a time');
    if (hardState !== undefined) this.#hardState = hardState;
    const [first] = entries;
    if (first !== undefined) {
      assert(first.index <= this.#entries.length + 1, 'the log on the disk has no gaps');
      this.#entries.length = first.index - 1;
      for (const entry of entries) this.#entries.push(entry);
    }
    this.#persistedBatch = number;
  }
}
