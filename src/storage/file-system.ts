/**
 * The operations that a storage needs from a disk. Every error says which file it is about, and what could not be done.
 *
 * Operations of a running node call `done` once, and never before the method has returned. Operations that only a
 * starting node needs end in `Sync`: they return their result, and throw if they fail.
 *
 * After a file is synced, its bytes and its size survive a crash. Its name does only after its directory is synced.
 */
export interface FileSystem {
  /** Creates a directory, and the directories above it, where they are missing. Syncs their names. */
  createDirectorySync(path: string): void;

  /** The names in a directory, in no order. */
  listSync(directory: string): readonly string[];

  readFileSync(path: string): Buffer;

  removeFileSync(path: string): void;

  /** Opens a file that exists, for writing. */
  openSync(path: string): OpenFile;

  /** Opens an existing file for reading. Reading works even after the file has lost its name. */
  openForReadingSync(path: string): ReadableFile;

  /** Creates an empty file and opens it for writing. Fails if the file exists. */
  createSync(path: string): OpenFile;

  /** Renames a file, atomically. It replaces a file that has the new name. */
  renameSync(from: string, to: string): void;

  syncDirectorySync(path: string): void;

  /** As `createSync`. */
  create(path: string, done: Done<OpenFile>): void;

  syncDirectory(path: string, done: Done<void>): void;

  /** As `renameSync`. */
  rename(from: string, to: string, done: Done<void>): void;

  removeFile(path: string, done: Done<void>): void;

  /** How many bytes can still be written to the disk that holds `path`. */
  freeBytes(path: string, done: Done<number>): void;

  /** As `freeBytes`, at once. */
  freeBytesSync(path: string): number;
}

/** A file that is open for writing. It takes one operation at a time. */
export interface OpenFile {
  /** Reports how many bytes were written. These may be fewer than were given. */
  write(bytes: Uint8Array, position: number, done: Done<number>): void;

  /** As `write`, at once. */
  writeSync(bytes: Uint8Array, position: number): number;

  /**
   * Syncs the file. It also fails if the file's name leads to another file or to none: the next start would not find
   * it.
   */
  sync(done: Done<void>): void;

  syncSync(): void;

  truncateSync(sizeBytes: number): void;

  close(): void;
}

/** A file that is open for reading. No process writes to it. */
export interface ReadableFile {
  readonly sizeBytes: number;

  /**
   * Up to `maxBytes` bytes from `position` on. It may return fewer than there are, but none only at the end of the
   * file.
   */
  readSync(position: number, maxBytes: number): Buffer;

  close(): void;
}

/** The result of an operation. */
export type Completion<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'failed'; readonly error: Error };

export type Done<Value> = (completion: Completion<Value>) => void;
