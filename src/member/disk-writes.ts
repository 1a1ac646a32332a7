import { assert } from '../raft/assert.ts';
import type { Raft } from '../raft/raft.ts';
import type { Storage } from '../storage/storage.ts';

/** A turn writes what there is, in batches of bounded size, and what that decided (a term, then its first entry). */
const maxBatchesPerTurn = 1000;

/** What a core has for the disk, on its way there: at most one batch is being written at a time. */
export class DiskWrites {
  readonly #raft: Raft;
  readonly #storage: Storage;
  #batchInFlight: number | undefined;

  constructor(raft: Raft, storage: Storage) {
    this.#raft = raft;
    this.#storage = storage;
  }

  /** Hands the disk what there is, as often as it is done at once. */
  advance(nowMs: number): void {
    for (let batches = 0; ; batches += 1) {
      assert(batches < maxBatchesPerTurn, 'a turn comes to an end');
      if (this.#batchInFlight !== undefined) {
        if (this.#storage.persistedBatch < this.#batchInFlight) return;
        this.#raft.persisted(this.#batchInFlight, nowMs);
        this.#batchInFlight = undefined;
      }
      const batch = this.#raft.takeBatch();
      if (batch === undefined) return;
      this.#storage.write(batch);
      this.#batchInFlight = batch.number;
    }
  }
}
