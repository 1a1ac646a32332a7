import { assert } from '../raft/assert.ts';
import type { Batch } from '../raft/durability.ts';
import type { Entry } from '../raft/messages.ts';
import { placeOf } from '../raft/snapshot.ts';
import type { FileSystem } from './file-system.ts';
import { FreeSpace } from './free-space.ts';
import { LogWriter } from './log-writer.ts';
import { recover } from './recovery.ts';
import { SnapshotStore } from './snapshot-store.ts';
import type { Recovered, SnapshotWriter, Storage, StoredSnapshot } from './storage.ts';

/** A segment is removed only as a whole: a small one frees space early, a large one costs fewer files and syncs. */
const defaultSegmentBytes = 4 * 1024 * 1024;

export interface DiskStorageOptions {
  readonly fileSystem: FileSystem;
  /** The directory of this node alone; created if it is missing. `takeLock` keeps other processes out. */
  readonly directory: string;
  /** Encodes an entry as JSON, in one line. */
  readonly encodeEntry: (entry: Entry) => string;
  /** `isNearlyFull` is true while the disk has fewer free bytes than this. */
  readonly reserveBytes: number;
  /**
   * Called when a batch has become persisted, a snapshot current, or a snapshot's writer ready. It is never called
   * before the method that started this has returned.
   */
  readonly onProgress: () => void;
  /**
   * Called when a write or a sync has failed. Nothing is persisted after that, and the node must stop. After a failed
   * sync, what was written since the last successful one may be lost, even if a later sync succeeds.
   */
  readonly onFailure: (error: Error) => void;
  /**
   * Whether a previous owner may still write to the last file of the log. Then its contents are copied, and new records
   * go to another file. Default: false.
   */
  readonly startsInFreshFile?: boolean;
  /** Called when the storage will write nothing more. */
  readonly onClosed?: () => void;
  /** For tests: as in {@link LogWriter}'s options. */
  readonly segmentBytes?: number;
}

/**
 * Keeps hard state, log and snapshot in a directory. Batches are appended to the log. A snapshot is a file of its own.
 */
export class DiskStorage implements Storage {
  /** What recovery cut off or removed, as sentences for the log of the node. */
  readonly notes: readonly string[];
  readonly #onProgress: () => void;
  readonly #onClosed: () => void;
  readonly #freeSpace: FreeSpace;
  readonly #log: LogWriter;
  readonly #snapshots: SnapshotStore;
  #recovered: Recovered | undefined;
  #persistedBatch = 0;
  #isWriting = false;

  /** Reads the directory. Throws if it cannot be read, or is damaged. */
  constructor(options: DiskStorageOptions) {
    const { fileSystem, directory, encodeEntry, segmentBytes = defaultSegmentBytes, onProgress, onFailure } = options;
    fileSystem.createDirectorySync(directory);
    const { startsInFreshFile = false, onClosed = () => {} } = options;
    const { hardState, snapshot, entries, tail, notes } = recover(fileSystem, directory, startsInFreshFile);
    this.notes = notes;
    this.#onProgress = onProgress;
    this.#onClosed = onClosed;
    this.#freeSpace = new FreeSpace(options);
    const onBytesWritten = (sizeBytes: number): void => this.#freeSpace.used(sizeBytes);
    const disk = { fileSystem, directory, onBytesWritten, onFailure };
    this.#log = new LogWriter({ ...disk, encodeEntry, segmentBytes }, hardState, tail);
    this.#snapshots = new SnapshotStore({ ...disk, onProgress }, snapshot);
    this.#recovered = hardState && { hardState, ...(snapshot && { snapshot: snapshot.description }), entries };
  }

  /** Undefined again after the first write, so that it does not keep entries in memory that the log has removed. */
  get recovered(): Recovered | undefined {
    return this.#recovered;
  }

  get persistedBatch(): number {
    return this.#persistedBatch;
  }

  get isNearlyFull(): boolean {
    return this.#freeSpace.isLow;
  }

  get snapshot(): StoredSnapshot | undefined {
    return this.#snapshots.current;
  }

  /** Whether a batch is on its way to the disk. */
  get isWriting(): boolean {
    return this.#isWriting;
  }

  /**
   * Asks again how much space is free. It has to be called from time to time, since other programs may fill the disk.
   */
  checkFreeSpace(): void {
    this.#freeSpace.check();
  }

  /**
   * Writes in this order: the hard state, whose term is at least the snapshot's; the snapshot; and the batch that tells
   * the log of the snapshot. After a crash in between, recovery finds a snapshot that the log does not know, and
   * reaches the same state from the two.
   */
  write({ number, hardState, snapshot, entries }: Batch): void {
    const isNext = number === this.#persistedBatch + 1;
    assert(isNext && !this.#isWriting, 'batches are written in order, one at a time');
    this.#recovered = undefined;
    this.#isWriting = true;
    const done = (): void => this.#persisted(number);
    if (snapshot === undefined) return this.#log.append({ ...(hardState && { hardState }), entries }, done);
    const install = (): void => {
      this.#snapshots.install(snapshot, () => this.#log.replace(placeOf(snapshot.description), entries, done));
    };
    if (hardState === undefined) return install();
    return this.#log.append({ hardState, entries: [] }, install);
  }

  beginSnapshot(lastIncludedIndex: number, lastIncludedTerm: number): SnapshotWriter {
    return this.#snapshots.begin({ index: lastIncludedIndex, term: lastIncludedTerm });
  }

  compact(index: number): void {
    const coveredIndex = this.snapshot?.description.lastIncludedIndex ?? 0;
    assert(index <= coveredIndex, 'only what the snapshot covers is removed from the log');
    this.#log.compact(index);
  }

  /** Must not be called while a batch is being written. A snapshot that is not finished is abandoned. */
  close(): void {
    assert(!this.#isWriting, 'a batch is finished before its file is closed');
    this.#log.close();
    this.#snapshots.close();
    this.#onClosed();
  }

  #persisted(batchNumber: number): void {
    this.#persistedBatch = batchNumber;
    this.#isWriting = false;
    this.#onProgress();
  }
}
