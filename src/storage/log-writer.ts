import { join } from 'node:path';
import type { HardState } from '../raft/hard-state.ts';
import type { LogPlace } from '../raft/log.ts';
import type { Entry } from '../raft/messages.ts';
import { encodeBatch } from './batch-codec.ts';
import type { BatchContents } from './batch-codec.ts';
import type { Done, FileSystem, OpenFile } from './file-system.ts';
import { checksumOf, encodeRecord } from './record.ts';
import { encodeHeader, segmentHeaderBytes, segmentName } from './segments.ts';
import { unlessFailed, writeAll } from './write-all.ts';

/** A file of the log. */
export interface Segment {
  readonly path: string;
  sizeBytes: number;
  /** Of all entries in it, whether they still count or not; 0 where nothing in it is needed. */
  highestIndex: number;
}

/** Where the log ends and goes on. */
export interface LogTail {
  /** Of the newest batch on the disk, over all incarnations; both 0 where there is none. */
  readonly sequence: number;
  readonly checksum: number;
  /** The last entry, by what the disk says so far. */
  readonly lastIndex: number;
  /** Whether there is a snapshot: without one, the log is needed from its beginning. */
  readonly hasSnapshot: boolean;
  /** The snapshot that has taken the place of the log, where the log does not say so yet. */
  readonly replacedBy: LogPlace | undefined;
  /** In order. */
  readonly segments: readonly Segment[];
  /** The last of the segments; undefined where there is none, or it cannot go on. */
  readonly file: OpenFile | undefined;
}

export interface LogWriterOptions {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly encodeEntry: (entry: Entry) => string;
  /** A segment that has grown to this size is the last but one when the next batch comes. */
  readonly segmentBytes: number;
  readonly onBytesWritten: (sizeBytes: number) => void;
  readonly onFailure: (error: Error) => void;
}

/** Appends batches to the last of a row of files, one sync a batch, and removes the first ones when they have served. */
export class LogWriter {
  readonly #options: LogWriterOptions;
  /** In order; the last is written to. */
  readonly #segments: Segment[];
  #file: OpenFile | undefined;
  /** As in the newest batch: each segment begins with it. */
  #hardState: HardState | undefined;
  #sequence: number;
  #checksum: number;
  #lastIndex: number;
  #replacedBy: LogPlace | undefined;
  /** Nobody needs entries up to here; undefined where there is no snapshot, and all of the log is needed. */
  #compactedIndex: number | undefined;
  #startsSegment = false;
  #isRemoving = false;

  constructor(options: LogWriterOptions, hardState: HardState | undefined, tail: LogTail) {
    this.#options = options;
    this.#hardState = hardState;
    this.#segments = [...tail.segments];
    this.#file = tail.file;
    this.#sequence = tail.sequence;
    this.#checksum = tail.checksum;
    this.#lastIndex = tail.lastIndex;
    this.#replacedBy = tail.replacedBy;
    this.#compactedIndex = tail.hasSnapshot ? 0 : undefined;
  }

  /** One batch; `then` is called when it is synced. One at a time. */
  append({ hardState, entries }: BatchContents, then: () => void): void {
    this.#hardState = hardState ?? this.#hardState;
    this.#withSegment((segment, file) => {
      const ownHardState = hasBatch(segment) ? hardState : this.#hardState;
      const replacedBy = this.#replacedBy;
      const head = { ...(ownHardState && { hardState: ownHardState }), ...(replacedBy && { replacedBy }) };
      this.#write(segment, file, { ...head, entries }, then);
    });
  }

  /** As `append`, where a snapshot that is on the disk takes the place of all entries so far. */
  replace(replacedBy: LogPlace, entries: readonly Entry[], then: () => void): void {
    this.#replacedBy = replacedBy;
    this.#compactedIndex ??= 0;
    this.append({ entries }, then);
  }

  /**
   * Entries up to and including `index` are needed no more. What is written next goes into a new segment, so that this
   * one can go as soon as the snapshots have moved on, however small it is.
   */
  compact(index: number): void {
    if (index <= (this.#compactedIndex ?? 0)) return;
    this.#compactedIndex = index;
    this.#startsSegment = true;
    this.#removeObsolete();
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #write(segment: Segment, file: OpenFile, contents: BatchContents, then: () => void): void {
    const lines = encodeBatch(contents, this.#options.encodeEntry);
    const record = encodeRecord({ sequence: this.#sequence + 1, predecessor: this.#checksum }, lines);
    this.#writeAndSync(file, record, segment.sizeBytes, () => {
      const lastIndex = contents.entries.at(-1)?.index;
      // What was before the snapshot is not even looked at any more.
      if (contents.replacedBy !== undefined) for (const before of this.#segments) before.highestIndex = 0;
      segment.highestIndex = Math.max(segment.highestIndex, lastIndex ?? 0);
      segment.sizeBytes += record.length;
      this.#sequence += 1;
      this.#checksum = checksumOf(record);
      this.#lastIndex = lastIndex ?? contents.replacedBy?.index ?? this.#lastIndex;
      this.#replacedBy = undefined;
      this.#removeObsolete();
      then();
    });
  }

  #withSegment(then: (segment: Segment, file: OpenFile) => void): void {
    const last = this.#segments.at(-1);
    const isDue = this.#startsSegment || this.#replacedBy !== undefined;
    const isFull = last === undefined || last.sizeBytes >= this.#options.segmentBytes;
    if (last === undefined || this.#file === undefined || (hasBatch(last) && (isFull || isDue))) {
      this.#startSegment(then);
    } else {
      then(last, this.#file);
    }
  }

  /** A segment takes a batch only once its header and its name are on the disk. */
  #startSegment(then: (segment: Segment, file: OpenFile) => void): void {
    const { fileSystem, directory } = this.#options;
    const sequence = this.#sequence + 1;
    const header = { sequence, predecessor: this.#checksum, lastIndex: this.#lastIndex };
    const segment = { path: join(directory, segmentName(sequence)), sizeBytes: segmentHeaderBytes, highestIndex: 0 };
    this.close();
    fileSystem.create(segment.path, this.#unlessFailed((file) => {
      this.#writeAndSync(file, encodeHeader(header), 0, () => {
        fileSystem.syncDirectory(directory, this.#unlessFailed(() => {
          this.#file = file;
          this.#segments.push(segment);
          this.#startsSegment = false;
          then(segment, file);
        }));
      });
    }));
  }

  /**
   * Removes what nobody needs, oldest first, each for good before the next: whatever a crash leaves is without gaps.
   * The hard state is at the beginning of every segment, so one with a batch in it must follow. And while the log does
   * not say yet that a snapshot has taken its place, it must show that it contradicts the snapshot.
   */
  #removeObsolete(): void {
    const { fileSystem, directory } = this.#options;
    const [oldest, next] = this.#segments;
    if (this.#isRemoving || oldest === undefined || next === undefined || !hasBatch(next)) return;
    if (this.#compactedIndex === undefined || oldest.highestIndex > this.#compactedIndex) return;
    if (this.#replacedBy !== undefined) return;
    this.#isRemoving = true;
    fileSystem.removeFile(oldest.path, this.#unlessFailed(() => {
      fileSystem.syncDirectory(directory, this.#unlessFailed(() => {
        this.#isRemoving = false;
        this.#segments.shift();
        this.#removeObsolete();
      }));
    }));
  }

  #writeAndSync(file: OpenFile, bytes: Uint8Array, position: number, then: () => void): void {
    const synced = this.#unlessFailed(() => {
      this.#options.onBytesWritten(bytes.length);
      then();
    });
    writeAll(file, bytes, position, this.#unlessFailed(() => file.sync(synced)));
  }

  /** Where an operation has failed the batch stays on its way for ever. */
  #unlessFailed<Value>(then: (value: Value) => void): Done<Value> {
    return unlessFailed(this.#options.onFailure, then);
  }
}

function hasBatch(segment: Segment): boolean {
  return segment.sizeBytes > segmentHeaderBytes;
}
