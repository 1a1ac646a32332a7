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
  /**
   * The highest index of all entries in it, including those that later entries replaced. 0 if nothing in it is needed.
   */
  highestIndex: number;
}

/** The end of the log, where writing continues. */
export interface LogTail {
  /**
   * Sequence number and checksum of the newest batch on the disk, over all incarnations. Both are 0 if there is none.
   */
  readonly sequence: number;
  readonly checksum: number;
  /** The index of the last entry, as the disk has it so far. */
  readonly lastIndex: number;
  /** Whether there is a snapshot. Without one the log is needed from its beginning. */
  readonly hasSnapshot: boolean;
  /** A snapshot that has taken the place of the log, if the log does not say so yet. */
  readonly replacedBy: LogPlace | undefined;
  /** In the order of the log. */
  readonly segments: readonly Segment[];
  /** The last segment, open for writing. Undefined if there is none, or it must not be continued. */
  readonly file: OpenFile | undefined;
}

export interface LogWriterOptions {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly encodeEntry: (entry: Entry) => string;
  /** When a segment has this size, the next batch begins a new one. */
  readonly segmentBytes: number;
  readonly onBytesWritten: (sizeBytes: number) => void;
  readonly onFailure: (error: Error) => void;
}

/**
 * Appends batches to the last segment of the log, with one sync for each batch, and removes the oldest segments when
 * they are no longer needed.
 */
export class LogWriter {
  readonly #options: LogWriterOptions;
  /** In the order of the log. The last one is written to. */
  readonly #segments: Segment[];
  #file: OpenFile | undefined;
  /** The hard state of the newest batch. Each segment begins with it. */
  #hardState: HardState | undefined;
  #sequence: number;
  #checksum: number;
  #lastIndex: number;
  #replacedBy: LogPlace | undefined;
  /** Entries up to this index are no longer needed. Undefined if there is no snapshot, and the whole log is needed. */
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

  /** Writes one batch, and calls `then` when it is synced. One batch at a time. */
  append({ hardState, entries }: BatchContents, then: () => void): void {
    this.#hardState = hardState ?? this.#hardState;
    this.#withSegment((segment, file) => {
      const ownHardState = hasBatch(segment) ? hardState : this.#hardState;
      const replacedBy = this.#replacedBy;
      const head = { ...(ownHardState && { hardState: ownHardState }), ...(replacedBy && { replacedBy }) };
      this.#write(segment, file, { ...head, entries }, then);
    });
  }

  /** As `append`, where a snapshot on the disk takes the place of all entries so far. */
  replace(replacedBy: LogPlace, entries: readonly Entry[], then: () => void): void {
    this.#replacedBy = replacedBy;
    this.#compactedIndex ??= 0;
    this.append({ entries }, then);
  }

  /**
   * Entries up to and including `index` are no longer needed. The next batch begins a new segment. Otherwise a small
   * segment would stay in use, and could not be removed, however far the snapshots move on.
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
      // Nothing before the snapshot is needed any more.
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

  /** Begins a new segment. It may take a batch only after its header and its name are on the disk. */
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
   * Removes segments that are not needed, the oldest first. Each removal is synced before the next, so that a crash
   * leaves no gap. At least one segment with a batch must follow the one that is removed, because each begins with the
   * hard state. While the log does not yet say that a snapshot has taken its place, nothing is removed: recovery needs
   * the entries to see that they contradict the snapshot.
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

  /** After a failed operation the batch is never reported as persisted. */
  #unlessFailed<Value>(then: (value: Value) => void): Done<Value> {
    return unlessFailed(this.#options.onFailure, then);
  }
}

function hasBatch(segment: Segment): boolean {
  return segment.sizeBytes > segmentHeaderBytes;
}
