import { assert } from './assert.ts';
import type { HardState } from './hard-state.ts';
import type { RaftLog } from './log.ts';
import type { Entry } from './messages.ts';
import type { ReceivedSnapshot } from './snapshot.ts';

/**
 * One write to the disk. Batches are numbered from 1 and written one at a time. Its parts go to the disk in the order in
 * which they stand here, so that whatever part of it survives a crash is consistent.
 */
export interface Batch {
  readonly number: number;
  readonly hardState?: HardState;
  /** Takes the place of the whole log: the disk drops all entries that it holds. */
  readonly snapshot?: ReceivedSnapshot;
  /** Where the first has an index that the disk already holds, the disk drops that entry and all behind it. */
  readonly entries: readonly Entry[];
}

/**
 * What of this node's state is on its disk. The disk reports whole batches, never an index alone: entries that were in
 * flight may have been truncated and replaced before they arrived.
 */
export class Durability {
  readonly #log: RaftLog;
  readonly #maxBatchBytes: number;
  #lastTaken = 0;
  #lastPersisted = 0;
  #hardStateIsUnsaved = true;
  #hardStateBatch = 1;
  /** The highest batch that something may wait for. It comes, if need be empty. */
  #lastAwaited = 0;
  /** What is to take the place of the log on the disk, and is not on its way there yet. */
  #unsavedSnapshot: ReceivedSnapshot | undefined;
  /** Entries up to here are on the disk or in the batch in flight. */
  #takenIndex: number;
  /** Entries up to here are on the disk once the batch in flight is. */
  #inFlightIndex: number;
  /** Entries up to here are on the disk. */
  #persistedIndex: number;

  /**
   * Of the given log all is on the disk already; the hard state is not, as each start counts itself in it.
   *
   * @param maxBatchBytes how large the entries of a batch are together at most; a single larger one goes alone
   */
  constructor(log: RaftLog, maxBatchBytes: number = Infinity) {
    this.#log = log;
    this.#maxBatchBytes = maxBatchBytes;
    this.#takenIndex = log.lastIndex;
    this.#inFlightIndex = log.lastIndex;
    this.#persistedIndex = log.lastIndex;
  }

  /** The last index of the log that is on this node's own disk. */
  get persistedIndex(): number {
    return this.#persistedIndex;
  }

  /** The batch that holds, or will hold, the hard state as it is now. */
  get batchOfHardState(): number {
    return this.#hardStateBatch;
  }

  /** The batch that holds, or will hold, everything that has been decided so far. */
  get batchOfEverything(): number {
    let batches = 0;
    for (let taken = this.#takenIndex; taken < this.#log.lastIndex; batches += 1) taken = this.#endOfBatch(taken);
    const isOtherUnsaved = this.#hardStateIsUnsaved || this.#unsavedSnapshot !== undefined;
    return this.#lastTaken + Math.max(batches, isOtherUnsaved ? 1 : 0);
  }

  hasPersisted(batchNumber: number): boolean {
    return this.#lastPersisted >= batchNumber;
  }

  hardStateChanged(): void {
    this.#hardStateIsUnsaved = true;
    this.#hardStateBatch = this.#lastTaken + 1;
  }

  /** The entry at `index` and all behind it are about to go. */
  truncatesFrom(index: number): void {
    this.#lastAwaited = Math.max(this.#lastAwaited, this.batchOfEverything);
    this.#takenIndex = Math.min(this.#takenIndex, index - 1);
    this.#inFlightIndex = Math.min(this.#inFlightIndex, index - 1);
    this.#persistedIndex = Math.min(this.#persistedIndex, index - 1);
  }

  /** The log is about to begin anew behind a snapshot. Until that is on the disk, nothing there counts. */
  replacesLog(snapshot: ReceivedSnapshot): void {
    this.#lastAwaited = Math.max(this.#lastAwaited, this.batchOfEverything);
    this.#unsavedSnapshot = snapshot;
    this.#takenIndex = snapshot.description.lastIncludedIndex;
    this.#inFlightIndex = 0;
    this.#persistedIndex = 0;
  }

  /**
   * What is not on its way to the disk yet, as far as it fits, or undefined where there is nothing. The caller writes it
   * then. Where batches are cut does not depend on what comes behind them.
   */
  takeBatch(hardState: HardState): Batch | undefined {
    assert(this.#lastTaken === this.#lastPersisted, 'at most one batch is in flight');
    if (this.#lastTaken >= Math.max(this.batchOfEverything, this.#lastAwaited)) return undefined;
    const lastIndex = this.#endOfBatch(this.#takenIndex);
    const entries = this.#log.slice(this.#takenIndex + 1, lastIndex);
    const snapshot = this.#unsavedSnapshot;
    const parts = { ...(this.#hardStateIsUnsaved && { hardState }), ...(snapshot && { snapshot }), entries };
    this.#hardStateIsUnsaved = false;
    this.#unsavedSnapshot = undefined;
    this.#takenIndex = lastIndex;
    this.#inFlightIndex = lastIndex;
    return { number: ++this.#lastTaken, ...parts };
  }

  /** The disk has the batch in flight. What was truncated since it was taken is not counted. */
  persisted(batchNumber: number): void {
    const isInFlight = batchNumber === this.#lastTaken && batchNumber > this.#lastPersisted;
    assert(isInFlight, 'the disk reports the batch in flight');
    this.#lastPersisted = batchNumber;
    this.#persistedIndex = this.#inFlightIndex;
  }

  /** The last entry of the batch that begins behind `takenIndex`. */
  #endOfBatch(takenIndex: number): number {
    return this.#log.lastIndexWithin(takenIndex + 1, this.#maxBatchBytes);
  }
}
