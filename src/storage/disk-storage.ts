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

const defaultSegmentBytes = 4 * 1024 * 1024;

export interface DiskStorageOptions {
  readonly fileSystem: FileSystem;
  /** This node's own; made where it is missing. Nobody else writes here (see `takeLock`). */
  readonly directory: string;
  /** An entry's JSON, in one line. */
  readonly encodeEntry: (entry: Entry) => string;
  /** Free bytes on the disk below which `isNearlyFull` holds. */
  readonly reserveBytes: number;
  /**
   * A batch has become persisted, a snapshot current, or a snapshot's writer ready. Called later than whatever began
   * it.
   */
  readonly onProgress: () => void;
  /**
   * A write or a sync has failed, and nothing will be persisted any more. The node must stop: after a failed sync it
   * cannot be known what of all that was written since the last is on the disk, whatever a later sync says.
   */
  readonly onFailure: (error: Error) => void;
  /**
   * Whether the file of the log that was written last is left to an owner before this one, who may still write to it: its
   * contents are copied, and what is new goes into another file.
   */
  readonly startsInFreshFile?: boolean;
  /** Called when nothing will be written any more. */
  readonly onClosed?: () => void;
  /** For tests: as in {@link LogWriter}'s options. */
  readonly segmentBytes?: number;
}

/** Hard state, log and snapshot in a directory. Batches are appended to the log; a snapshot is a file beside it. */
export class DiskStorage implements Storage {
  /** What recovery had to cut off or drop, in words. */
  readonly notes: readonly string[];
  readonly #onProgress: () => void;
  readonly #onClosed: () => void;
  readonly #freeSpace: FreeSpace;
  readonly #log: LogWriter;
  readonly #snapshots: SnapshotStore;
  #recovered: Recovered | undefined;
  #persistedBatch = 0;
  #isWriting = false;

  /** Reads what is there. Throws where that cannot be read or is damaged. */
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

  /** Undefined again after the first write: nothing keeps in memory then what the log has let go. */
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

  /** Looks again how much room there is; to be called now and then, as others may fill the disk. */
  checkFreeSpace(): void {
    this.#freeSpace.check();
  }

  /**
   * A snapshot becomes current between the hard state, which has a term no lower than its own, and the batch that tells
   * the log of it. Where a crash comes between, recovery draws the same conclusion from the two.
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

  /** Not to be called while a batch is on its way. A snapshot that is not finished is given up. */
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
