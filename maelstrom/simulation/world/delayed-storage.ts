import { MemoryStorage } from '../../../src/index.ts';
import type { Batch, MemoryContents, SnapshotWriter, Storage, StoredSnapshot } from '../../../src/index.ts';

/**
 * A disk that takes its time: a batch is persisted when `finishWrite` is called, and lost where the node crashes
 * before that. What is persisted outlives the node.
 */
export class DelayedStorage implements Storage {
  readonly recovered: MemoryContents | undefined;
  readonly isNearlyFull = false;
  readonly #persisted: MemoryStorage;
  readonly #onWrite: (batch: Batch) => void;
  #inFlight: Batch | undefined;

  /** @param onWrite called when a write begins; the simulation then decides when it is finished */
  constructor(recovered: MemoryContents | undefined, onWrite: (batch: Batch) => void) {
    this.recovered = recovered;
    this.#persisted = new MemoryStorage(recovered);
    this.#onWrite = onWrite;
  }

  get persistedBatch(): number {
    return this.#persisted.persistedBatch;
  }

  /** What a node would find that started on this disk now. */
  get contents(): MemoryContents | undefined {
    return this.#persisted.contents;
  }

  get snapshot(): StoredSnapshot | undefined {
    return this.#persisted.snapshot;
  }

  beginSnapshot(lastIncludedIndex: number, lastIncludedTerm: number): SnapshotWriter {
    return this.#persisted.beginSnapshot(lastIncludedIndex, lastIncludedTerm);
  }

  compact(index: number): void {
    this.#persisted.compact(index);
  }

  write(batch: Batch): void {
    this.#inFlight = batch;
    this.#onWrite(batch);
  }

  finishWrite(): void {
    if (this.#inFlight !== undefined) this.#persisted.write(this.#inFlight);
    this.#inFlight = undefined;
  }
}
