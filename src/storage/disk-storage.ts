import { join } from 'node:path';
import { assert } from '../raft/assert.ts';
import type { Batch } from '../raft/durability.ts';
import type { HardState } from '../raft/hard-state.ts';
import type { Entry } from '../raft/messages.ts';
import type { Completion, Done, FileSystem, OpenFile } from './file-system.ts';
import { FreeSpace } from './free-space.ts';
import { encodeBatch } from './batch-codec.ts';
import { checksumOf, encodeRecord } from './record.ts';
import { recoverLog } from './recovery.ts';
import { encodeHeader, segmentHeaderBytes, segmentName } from './segments.ts';
import type { Recovered, SnapshotWriter, Storage, StoredSnapshot } from './storage.ts';
import { writeAll } from './write-all.ts';

/** A segment that has grown to this size is the last but one when the next batch comes. */
const defaultSegmentBytes = 4 * 1024 * 1024;

export interface DiskStorageOptions {
  readonly fileSystem: FileSystem;
  /** This node's own; made where it is missing. Nobody else writes here (see `takeLock`). */
  readonly directory: string;
  /** An entry's JSON, in one line. */
  readonly encodeEntry: (entry: Entry) => string;
  /** Free bytes on the disk below which `isNearlyFull` holds. */
  readonly reserveBytes: number;
  /** A batch has become persisted. Called later than the `write` that began it. */
  readonly onPersisted: () => void;
  /**
   * A write or a sync has failed, and nothing will be persisted any more. The node must stop: after a failed sync it
   * cannot be known what of all that was written since the last is on the disk, whatever a later sync says.
   */
  readonly onFailure: (error: Error) => void;
  /** For tests: as `defaultSegmentBytes`. */
  readonly segmentBytes?: number;
}

/** The segment that is written to. */
interface Segment {
  readonly path: string;
  readonly file: OpenFile;
  sizeBytes: number;
}

/** Hard state and log in a directory, as a row of files to which batches are appended; one sync a batch. */
export class DiskStorage implements Storage {
  /** What recovery had to cut off, in words. */
  readonly notes: readonly string[];
  readonly #options: DiskStorageOptions;
  readonly #segmentBytes: number;
  readonly #freeSpace: FreeSpace;
  #recovered: Recovered | undefined;
  /** As in the newest batch: each segment begins with it. */
  #hardState: HardState | undefined;
  #segment: Segment | undefined;
  /** Of the newest batch on the disk, over all incarnations. */
  #sequence: number;
  #checksum: number;
  #persistedBatch = 0;
  #isWriting = false;

  /** Reads what is there. Throws where that cannot be read or is damaged. */
  constructor(options: DiskStorageOptions) {
    const { fileSystem, directory, segmentBytes = defaultSegmentBytes } = options;
    fileSystem.createDirectorySync(directory);
    const { hardState, entries, tail, notes } = recoverLog(fileSystem, directory);
    this.notes = notes;
    this.#options = options;
    this.#segmentBytes = segmentBytes;
    this.#freeSpace = new FreeSpace(options);
    this.#recovered = hardState && { hardState, entries };
    this.#hardState = hardState;
    this.#segment = tail.segment && { ...tail.segment };
    this.#sequence = tail.sequence;
    this.#checksum = tail.checksum;
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

  /** Whether a batch is on its way to the disk. */
  get isWriting(): boolean {
    return this.#isWriting;
  }

  /** Looks again how much room there is; to be called now and then, as others may fill the disk. */
  checkFreeSpace(): void {
    this.#freeSpace.check();
  }

  write(batch: Batch): void {
    const isNext = batch.number === this.#persistedBatch + 1;
    assert(isNext && !this.#isWriting, 'batches are written in order, one at a time');
    this.#recovered = undefined;
    this.#isWriting = true;
    this.#hardState = batch.hardState ?? this.#hardState;
    if (this.#segment === undefined || this.#segment.sizeBytes >= this.#segmentBytes) {
      this.#startSegment((segment) => this.#append(segment, batch, this.#hardState));
    } else {
      this.#append(this.#segment, batch, batch.hardState);
    }
  }

  get snapshot(): StoredSnapshot | undefined {
    return undefined;
  }

  beginSnapshot(): SnapshotWriter {
    throw new Error('not written yet');
  }

  compact(): void {}

  /** Not to be called while a batch is on its way. */
  close(): void {
    assert(!this.#isWriting, 'a batch is finished before its file is closed');
    this.#segment?.file.close();
    this.#segment = undefined;
  }

  #append(segment: Segment, { number, entries }: Batch, hardState: HardState | undefined): void {
    const lines = encodeBatch({ ...(hardState && { hardState }), entries }, this.#options.encodeEntry);
    const record = encodeRecord({ sequence: this.#sequence + 1, predecessor: this.#checksum }, lines);
    this.#writeAndSync(segment.file, record, segment.sizeBytes, () => {
      segment.sizeBytes += record.length;
      this.#freeSpace.used(record.length);
      this.#sequence += 1;
      this.#checksum = checksumOf(record);
      this.#persistedBatch = number;
      this.#isWriting = false;
      this.#options.onPersisted();
    });
  }

  /** A segment takes a batch only once its header and its name are on the disk. */
  #startSegment(then: (segment: Segment) => void): void {
    const { fileSystem, directory } = this.#options;
    const header = { sequence: this.#sequence + 1, predecessor: this.#checksum };
    const path = join(directory, segmentName(header.sequence));
    this.#segment?.file.close();
    this.#segment = undefined;
    fileSystem.create(path, this.#unlessFailed((file) => {
      this.#writeAndSync(file, encodeHeader(header), 0, () => {
        fileSystem.syncDirectory(directory, this.#unlessFailed(() => {
          this.#segment = { path, file, sizeBytes: segmentHeaderBytes };
          then(this.#segment);
        }));
      });
    }));
  }

  #writeAndSync(file: OpenFile, bytes: Uint8Array, position: number, then: () => void): void {
    writeAll(file, bytes, position, this.#unlessFailed(() => file.sync(this.#unlessFailed(then))));
  }

  /** Goes on where an operation has succeeded. Where it has failed the batch stays on its way for ever. */
  #unlessFailed<Value>(then: (value: Value) => void): Done<Value> {
    return (completion: Completion<Value>) => {
      if (completion.kind === 'done') return then(completion.value);
      return this.#options.onFailure(completion.error);
    };
  }
}
