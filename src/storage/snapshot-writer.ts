import { join } from 'node:path';
import { assert } from '../raft/assert.ts';
import type { LogPlace } from '../raft/log.ts';
import type { SnapshotDescription } from '../raft/snapshot.ts';
import { Crc32c } from './crc32c.ts';
import type { Done, FileSystem, OpenFile } from './file-system.ts';
import { encodeTrailer, partialSnapshotName, snapshotName } from './snapshot-file.ts';
import type { SnapshotWriter } from './storage.ts';
import { unlessFailed, writeAll } from './write-all.ts';

export interface SnapshotWriterOptions {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly lastIncluded: LogPlace;
  /** Makes the name of the partial file one of its own. */
  readonly attempt: number;
  /** So many bytes more are in the file. */
  readonly onBytesWritten: (sizeBytes: number) => void;
  /** It takes something again. */
  readonly onReady: () => void;
  /** It would survive a crash, under its final name. */
  readonly onWhole: (description: SnapshotDescription) => void;
  readonly onFailure: (error: Error) => void;
}

/**
 * Writes a snapshot beside the log, one operation at a time, into a file that is taken for nothing until all of it is
 * on the disk: only then it gets its final name.
 */
export class SnapshotFileWriter implements SnapshotWriter {
  readonly #options: SnapshotWriterOptions;
  readonly #partialPath: string;
  readonly #checksum = new Crc32c();
  #totalBytes = 0;
  /** Undefined until it is created. */
  #file: OpenFile | undefined;
  #isBusy = true;
  #state: 'taking pieces' | 'finishing' | 'abandoned' = 'taking pieces';

  constructor(options: SnapshotWriterOptions) {
    const { fileSystem, directory, lastIncluded, attempt } = options;
    this.#options = options;
    this.#partialPath = join(directory, partialSnapshotName(lastIncluded.index, attempt));
    fileSystem.create(this.#partialPath, this.#unlessFailed((file) => {
      this.#file = file;
      this.#becomeReady();
    }));
  }

  get isReady(): boolean {
    return this.takesPieces && !this.#isBusy;
  }

  /** Whether its text is not complete, and still wanted. */
  get takesPieces(): boolean {
    return this.#state === 'taking pieces';
  }

  write(piece: string): void {
    assert(Buffer.byteLength(piece) === piece.length, 'the text of a snapshot is ASCII');
    const bytes = Buffer.from(piece, 'latin1');
    this.#writeAll(bytes, () => {
      this.#checksum.add(bytes);
      this.#totalBytes += bytes.length;
      this.#becomeReady();
    });
  }

  finish(): void {
    const { index, term } = this.#options.lastIncluded;
    const description = {
      lastIncludedIndex: index,
      lastIncludedTerm: term,
      totalBytes: this.#totalBytes,
      checksum: this.#checksum.text,
    };
    const file = this.#writeAll(encodeTrailer(description), () => {
      file.sync(this.#unlessFailed(() => {
        file.close();
        this.#takeFinalName(() => this.#options.onWhole(description));
      }));
    });
    this.#state = 'finishing';
  }

  abandon(): void {
    assert(this.takesPieces, 'a snapshot is given up before it is finished');
    this.#state = 'abandoned';
    if (!this.#isBusy) this.#remove();
  }

  #writeAll(bytes: Buffer, then: () => void): OpenFile {
    const file = this.#file;
    assert(file !== undefined && this.isReady, 'a snapshot takes one piece at a time');
    this.#isBusy = true;
    writeAll(file, bytes, this.#totalBytes, this.#unlessFailed(() => {
      this.#options.onBytesWritten(bytes.length);
      then();
    }));
    return file;
  }

  #becomeReady(): void {
    this.#isBusy = false;
    if (this.#state === 'abandoned') this.#remove();
    else this.#options.onReady();
  }

  #takeFinalName(then: () => void): void {
    const { fileSystem, directory, lastIncluded } = this.#options;
    const path = join(directory, snapshotName(lastIncluded.index));
    fileSystem.rename(this.#partialPath, path, this.#unlessFailed(() => {
      fileSystem.syncDirectory(directory, this.#unlessFailed(then));
    }));
  }

  /** What a crash leaves of it is removed by the next life. */
  #remove(): void {
    this.#file?.close();
    this.#options.fileSystem.removeFile(this.#partialPath, this.#unlessFailed(() => {}));
  }

  #unlessFailed<Value>(then: (value: Value) => void): Done<Value> {
    return unlessFailed(this.#options.onFailure, then);
  }
}
