import type { FileSystem } from './file-system.ts';

export interface FreeSpaceOptions {
  readonly fileSystem: FileSystem;
  /** A directory on the disk in question. */
  readonly directory: string;
  readonly reserveBytes: number;
}

/**
 * The free space is asked for again when this share of the reserve has been written: often enough to notice a low disk
 * well before the reserve is gone, and rare enough to cost nothing.
 */
const shareBetweenChecks = 1 / 8;

/**
 * Tells whether less than the reserve is free on the disk. It asks from time to time, and never makes the node wait.
 */
export class FreeSpace {
  readonly #options: FreeSpaceOptions;
  #isLow: boolean;
  #usedSinceCheckBytes = 0;
  #isChecking = false;

  constructor(options: FreeSpaceOptions) {
    this.#options = options;
    this.#isLow = options.fileSystem.freeBytesSync(options.directory) < options.reserveBytes;
  }

  get isLow(): boolean {
    return this.#isLow;
  }

  /** Reports that so many bytes have been written. After enough of them the disk is asked again. */
  used(sizeBytes: number): void {
    this.#usedSinceCheckBytes += sizeBytes;
    const { reserveBytes } = this.#options;
    if (reserveBytes > 0 && this.#usedSinceCheckBytes >= reserveBytes * shareBetweenChecks) this.check();
  }

  check(): void {
    if (this.#isChecking) return;
    const { fileSystem, directory, reserveBytes } = this.#options;
    this.#isChecking = true;
    this.#usedSinceCheckBytes = 0;
    fileSystem.freeBytes(directory, (completion) => {
      this.#isChecking = false;
      // If the disk does not answer, the earlier answer stays, and the disk is asked again later.
      if (completion.kind === 'done') this.#isLow = completion.value < reserveBytes;
    });
  }
}
