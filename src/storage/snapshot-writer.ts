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
  /** A number that makes the name of the partial file unique. */
  readonly attempt: number;
  /** Called when so many more bytes are in the file. */
  readonly onBytesWritten: (sizeBytes: number) => void;
  /** Called when the writer is ready for the next piece. */
  readonly onReady: () => void;
  /** Called when the snapshot has its final name and would survive a crash. */
  readonly onWhole: (description: SnapshotDescription) => void;
  readonly onFailure: (error: Error) => void;
}

/**
 * Writes a snapshot to a file beside the log, one operation at a time. Recovery ignores the file until it has its final
 * name. It gets that name only after all of it is on the disk.
 */
export class SnapshotFileWriter implements SnapshotWriter {
  readonly #options: SnapshotWriterOptions;
  readonly #partialPath: string;
  readonly #checksum = new Crc32c();
  #totalBytes = 0;
  /** Undefined until the file is created. */
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

  /** Whether its text is not complete yet, and the snapshot has not been abandoned. */
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

  /** If a crash prevents this, the next incarnation removes the file. */
  #remove(): void {
    this.#file?.close();
    this.#options.fileSystem.removeFile(this.#partialPath, this.#unlessFailed(() => {}));
  }

  #unlessFailed<Value>(then: (value: Value) => void): Done<Value> {
    return unlessFailed(this.#options.onFailure, then);
  }
}
