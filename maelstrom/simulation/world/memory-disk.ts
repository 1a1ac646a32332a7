import type { Batch, MemoryContents } from '../../../src/index.ts';
import { DelayedStorage } from './delayed-storage.ts';
import type { DiskUser, MachineDisk } from './machine-disk.ts';
import type { VirtualTime } from './virtual-time.ts';

/** When a write is finished: before it returns, when `finishWrite` is called, or after so many milliseconds, drawn anew. */
export type WriteTiming = 'at once' | 'by hand' | (() => number);

/** The in-memory twin of a disk: a batch is there or not, nothing is torn, and a power cut is no worse than a kill. */
export class MemoryDisk implements MachineDisk {
  timing: WriteTiming;
  readonly #time: VirtualTime;
  readonly #onWrite: (batch: Batch) => void;
  #contents: MemoryContents | undefined;
  #storage: DelayedStorage | undefined;
  #isWriting = false;

  /** @param onWrite called when a batch begins to be written */
  constructor(time: VirtualTime, timing: WriteTiming, onWrite: (batch: Batch) => void = () => {}) {
    this.#time = time;
    this.timing = timing;
    this.#onWrite = onWrite;
  }

  /** What a node would find that started on this disk now. */
  get contents(): MemoryContents | undefined {
    return this.#storage === undefined ? this.#contents : this.#storage.contents;
  }

  /** The index that the snapshot on it covers; 0 where there is none. */
  get snapshotIndex(): number {
    return this.#storage?.snapshot?.description.lastIncludedIndex ?? 0;
  }

  /** Whether a batch is being written. */
  get isWriting(): boolean {
    return this.#isWriting;
  }

  open(user: DiskUser): DelayedStorage {
    const storage: DelayedStorage = new DelayedStorage(this.#contents, (batch) => this.#begin(storage, batch, user));
    this.#storage = storage;
    return storage;
  }

  /** What is being written is there; the node may not know it yet. */
  finishWrite(): void {
    this.#isWriting = false;
    this.#storage?.finishWrite();
  }

  detach(): void {
    this.#contents = this.contents;
    this.#storage = undefined;
    this.#isWriting = false;
  }

  cutPower(): void {}

  /** Puts something else on it, for the next process to find. */
  replace(contents: MemoryContents | undefined): void {
    this.detach();
    this.#contents = contents;
  }

  #begin(storage: DelayedStorage, batch: Batch, user: DiskUser): void {
    this.#isWriting = true;
    this.#onWrite(batch);
    if (this.timing === 'at once') return this.finishWrite();
    if (this.timing === 'by hand') return undefined;
    const lastsMs = this.timing();
    this.#time.after(lastsMs, () => {
      if (!user.isUp()) return;
      this.finishWrite();
      user.onProgress(storage);
    });
    user.onBegin(lastsMs);
    return undefined;
  }
}
