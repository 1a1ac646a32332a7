import type { FileSystem } from './file-system.ts';

export interface FreeSpaceOptions {
  readonly fileSystem: FileSystem;
  /** Any place on the disk in question. */
  readonly directory: string;
  readonly reserveBytes: number;
}

/** Of the reserve, the share that may be used up between two looks at the disk. */
const shareBetweenChecks = 1 / 8;

/** Whether a disk has become so full that only a reserve is left. Looks now and then, and never waits. */
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

  /** So much has been written; enough of it has the disk looked at again. */
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
      // A disk that does not tell is asked again, and believed to be as it was.
      if (completion.kind === 'done') this.#isLow = completion.value < reserveBytes;
    });
  }
}
