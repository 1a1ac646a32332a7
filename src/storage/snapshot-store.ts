import { join } from 'node:path';
import { assert } from '../raft/assert.ts';
import type { LogPlace } from '../raft/log.ts';
import type { ReceivedSnapshot, SnapshotDescription } from '../raft/snapshot.ts';
import type { FileSystem } from './file-system.ts';
import { snapshotName, StoredSnapshotFile } from './snapshot-file.ts';
import { SnapshotFileWriter } from './snapshot-writer.ts';
import type { SnapshotWriter } from './storage.ts';
import { unlessFailed } from './write-all.ts';

export interface SnapshotStoreOptions {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly onBytesWritten: (sizeBytes: number) => void;
  /** There is a newer snapshot, or a writer is ready again. */
  readonly onProgress: () => void;
  readonly onFailure: (error: Error) => void;
}

/** The snapshots in a directory: the current one, which is the newest, and those that are being written. */
export class SnapshotStore {
  readonly #options: SnapshotStoreOptions;
  #current: StoredSnapshotFile | undefined;
  #own: SnapshotFileWriter | undefined;
  #attempts = 0;
  #isClosed = false;

  constructor(options: SnapshotStoreOptions, current: StoredSnapshotFile | undefined) {
    this.#options = options;
    this.#current = current;
  }

  get current(): StoredSnapshotFile | undefined {
    return this.#current;
  }

  /** Begins a snapshot of this node's own state. */
  begin(lastIncluded: LogPlace): SnapshotWriter {
    assert(this.#own?.takesPieces !== true, 'a node writes one snapshot of its own at a time');
    const { onProgress } = this.#options;
    this.#own = this.#writer(lastIncluded, onProgress, onProgress);
    return this.#own;
  }

  /** Writes a snapshot that was received completely. */
  install({ description, pieces }: ReceivedSnapshot, then: () => void): void {
    const { lastIncludedIndex: index, lastIncludedTerm: term, totalBytes, checksum } = description;
    let written = 0;
    const writeNext = (): void => {
      const piece = pieces[written];
      written += 1;
      if (piece === undefined) writer.finish();
      else writer.write(piece);
    };
    const writer = this.#writer({ index, term }, writeNext, (stored) => {
      const isSame = stored.totalBytes === totalBytes && stored.checksum === checksum;
      assert(isSame, 'a snapshot that was received has been verified');
      then();
    });
  }

  close(): void {
    this.#isClosed = true;
    if (this.#own?.takesPieces === true) this.#own.abandon();
    this.#current?.release();
  }

  #writer(
    lastIncluded: LogPlace,
    onReady: () => void,
    onCurrent: (description: SnapshotDescription) => void,
  ): SnapshotFileWriter {
    const { fileSystem, directory, onBytesWritten, onFailure } = this.#options;
    assert(lastIncluded.index > this.#lastIncludedIndex, 'a snapshot is newer than the one before');
    const onWhole = (description: SnapshotDescription): void => {
      if (this.#isClosed) return;
      try {
        this.#takeOver(description);
      } catch (error) {
        return onFailure(error instanceof Error ? error : new Error(String(error)));
      }
      return onCurrent(description);
    };
    this.#attempts += 1;
    const attempt = this.#attempts;
    const own = { lastIncluded, attempt, onReady, onWhole };
    return new SnapshotFileWriter({ fileSystem, directory, onBytesWritten, onFailure, ...own });
  }

  get #lastIncludedIndex(): number {
    return this.#current?.description.lastIncludedIndex ?? 0;
  }

  /**
   * Makes the newer of two snapshots current and removes the older one. A reader of the older one can continue until it
   * releases it. Throws if the new one cannot be opened.
   */
  #takeOver(description: SnapshotDescription): void {
    const { fileSystem, directory, onFailure } = this.#options;
    const before = this.#current;
    // If this node received a snapshot while it finished its own, the received one is the newer one.
    const isNewest = description.lastIncludedIndex > this.#lastIncludedIndex;
    if (isNewest) this.#current = new StoredSnapshotFile(fileSystem, directory, description);
    const olderPath = isNewest ? before?.path : join(directory, snapshotName(description.lastIncludedIndex));
    if (olderPath !== undefined) fileSystem.removeFile(olderPath, unlessFailed(onFailure, () => {}));
  }
}
