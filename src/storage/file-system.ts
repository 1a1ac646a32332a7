/**
 * What a disk has to be able to do. Every error says which file it is about, and what could not be done with it. What happens while a node runs is asked for and reports back by a call, once, and
 * never before the method has returned; what happens only when a node starts is done at once (`Sync`) and throws where
 * it fails. A synced file has its bytes and its size on the disk; its name is there when its directory is synced.
 */
export interface FileSystem {
  /** Creates a directory and those above it where they are missing. Their names are synced. */
  createDirectorySync(path: string): void;

  /** The names in a directory, in no order. */
  listSync(directory: string): readonly string[];

  readFileSync(path: string): Buffer;

  removeFileSync(path: string): void;

  /** Opens a file that exists, for writing. */
  openSync(path: string): OpenFile;

  /** Opens a file that exists, for reading, which goes on when its name is gone. */
  openForReadingSync(path: string): ReadableFile;

  /** Creates an empty file, which must not exist, and opens it for writing. */
  createSync(path: string): OpenFile;

  /** Gives a file another name, as a whole or not at all. A file that had that name is gone. */
  renameSync(from: string, to: string): void;

  syncDirectorySync(path: string): void;

  /** As `createSync`. */
  create(path: string, done: Done<OpenFile>): void;

  syncDirectory(path: string, done: Done<void>): void;

  /** As `renameSync`. */
  rename(from: string, to: string, done: Done<void>): void;

  removeFile(path: string, done: Done<void>): void;

  /** How many bytes may still be written to the disk that holds `path`. */
  freeBytes(path: string, done: Done<number>): void;

  /** As `freeBytes`, at once. */
  freeBytesSync(path: string): number;
}

/** A file that is open for writing. One operation at a time. */
export interface OpenFile {
  /** Reports how many of the bytes were written, which may be fewer than given. */
  write(bytes: Uint8Array, position: number, done: Done<number>): void;

  /** As `write`, at once. */
  writeSync(bytes: Uint8Array, position: number): number;

  /** Fails also where its name leads to this file no longer: the next start would not find it. */
  sync(done: Done<void>): void;

  syncSync(): void;

  truncateSync(sizeBytes: number): void;

  close(): void;
}

/** A file that is open for reading, and that nobody writes to. */
export interface ReadableFile {
  readonly sizeBytes: number;

  /** The bytes from `position` on, at most so many: perhaps fewer than there are, none only at the end. */
  readSync(position: number, maxBytes: number): Buffer;

  close(): void;
}

/** What came of an operation. */
export type Completion<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'failed'; readonly error: Error };

export type Done<Value> = (completion: Completion<Value>) => void;
