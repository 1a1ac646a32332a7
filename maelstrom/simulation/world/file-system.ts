import type { Random } from '../../../src/index.ts';
import type { Completion, Done, FileSystem, OpenFile, ReadableFile } from '../../../src/storage/file-system.ts';
import { chance, exponential } from './draw.ts';
import type { Platter, PlatterFile } from './platter.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How a disk behaves at the moment. Faults change it while it is in use. */
export interface DiskCondition {
  /** How long an operation takes, on average. */
  meanMs: number;
  /** The share of operations that fail with EIO. */
  failureRate: number;
  /** The share of writes that take only a part of what they are given, and of reads that give only a part. */
  shortWriteRate: number;
  /** How many bytes may be written until the disk is full. */
  freeBytes: number;
}

/** A failure of the simulated disk. Whatever else a storage reports is a fault of its own. */
export class DiskFailure extends Error {}

export interface FileSystemOptions {
  readonly platter: Platter;
  readonly condition: DiskCondition;
  readonly time: VirtualTime;
  readonly random: Random;
  /** Called when an operation that changes something begins, with the time that it will take. */
  readonly onBegin: (lastsMs: number) => void;
  /** The storage threw something when it was told that an operation had ended. */
  readonly onThrow: (error: unknown) => void;
}

interface InFlight {
  /** What a process that ends in the middle of it leaves done. */
  readonly interrupt: () => void;
}

/**
 * The file system of one process in virtual time. An operation takes effect when it reports back; one that is interrupted by
 * the end of its process has taken effect in part.
 */
export class SimulatedFileSystem implements FileSystem {
  readonly #options: FileSystemOptions;
  readonly #inFlight = new Set<InFlight>();
  #isDetached = false;

  constructor(options: FileSystemOptions) {
    this.#options = options;
  }

  /** The process is gone. Nothing is reported any more. */
  detach(): void {
    this.#isDetached = true;
    for (const { interrupt } of this.#inFlight) interrupt();
    this.#inFlight.clear();
  }

  // At once, when a process starts ------------------------------------------------------------------------------------

  createDirectorySync(): void {}

  listSync(directory: string): readonly string[] {
    return this.#options.platter.list(directory);
  }

  readFileSync(path: string): Buffer {
    this.#mayFail();
    return this.#options.platter.file(path).read();
  }

  removeFileSync(path: string): void {
    this.#mayFail();
    this.#options.platter.remove(path);
  }

  openSync(path: string): OpenFile {
    return this.#open(this.#options.platter.file(path));
  }

  openForReadingSync(path: string): ReadableFile {
    const { platter, condition, random } = this.#options;
    const file = platter.file(path);
    return {
      sizeBytes: file.sizeBytes,
      readSync: (position, maxBytes) => {
        this.#mayFail();
        const isShort = maxBytes > 0 && chance(random, condition.shortWriteRate);
        return file.read(position, isShort ? 1 + random.integer(maxBytes) : maxBytes);
      },
      close: () => {},
    };
  }

  createSync(path: string): OpenFile {
    this.#mayFail();
    return this.#open(this.#options.platter.create(path));
  }

  renameSync(from: string, to: string): void {
    this.#mayFail();
    this.#options.platter.rename(from, to);
  }

  syncDirectorySync(directory: string): void {
    this.#mayFail();
    this.#options.platter.syncNames(directory);
  }

  freeBytesSync(): number {
    return this.#options.condition.freeBytes;
  }

  // Later, while it runs ----------------------------------------------------------------------------------------------

  create(path: string, done: Done<OpenFile>): void {
    this.#later(done, () => this.#open(this.#options.platter.create(path)));
  }

  syncDirectory(directory: string, done: Done<void>): void {
    this.#later(done, () => this.#options.platter.syncNames(directory));
  }

  rename(from: string, to: string, done: Done<void>): void {
    this.#later(done, () => this.#options.platter.rename(from, to));
  }

  removeFile(path: string, done: Done<void>): void {
    this.#later(done, () => this.#options.platter.remove(path));
  }

  freeBytes(_: string, done: Done<number>): void {
    const { time, condition, random } = this.#options;
    time.after(exponential(random, condition.meanMs), () => {
      if (!this.#isDetached) this.#tell(done, { kind: 'done', value: condition.freeBytes });
    });
  }

  // -------------------------------------------------------------------------------------------------------------------

  #open(file: PlatterFile): OpenFile {
    return {
      write: (bytes, position, done) => {
        this.#later(done, () => this.#write(file, bytes, position), () => this.#tear(file, bytes, position));
      },
      writeSync: (bytes, position) => {
        this.#mayFail();
        return this.#write(file, bytes, position);
      },
      sync: (done) => this.#later(done, () => file.sync(), undefined, () => file.failSync()),
      syncSync: () => {
        this.#mayFail(() => file.failSync());
        file.sync();
      },
      truncateSync: (sizeBytes) => {
        this.#mayFail();
        file.truncate(sizeBytes);
      },
      close: () => {},
    };
  }

  #write(file: PlatterFile, bytes: Uint8Array, position: number): number {
    const { condition, random } = this.#options;
    if (condition.freeBytes <= 0) throw new DiskFailure('ENOSPC: no space left on device');
    const wanted = chance(random, condition.shortWriteRate) ? 1 + random.integer(bytes.length) : bytes.length;
    const taken = Math.min(wanted, condition.freeBytes);
    condition.freeBytes -= taken;
    file.write(bytes.subarray(0, taken), position);
    return taken;
  }

  /** A process that is killed in the middle of a write has written a part of it. */
  #tear(file: PlatterFile, bytes: Uint8Array, position: number): void {
    file.write(bytes.subarray(0, this.#options.random.integer(bytes.length + 1)), position);
  }

  /**
   * @param operate what the operation does, at its end
   * @param interrupt what is left of it where its process ends before; unless it is given, all or nothing
   * @param onFailure what a failure leaves behind
   */
  #later<Value>(
    done: Done<Value>,
    operate: () => Value,
    interrupt: () => void = () => {
      if (chance(this.#options.random, 1 / 2)) operate();
    },
    onFailure: () => void = () => {},
  ): void {
    const { time, condition, random } = this.#options;
    const lastsMs = exponential(random, condition.meanMs);
    const operation = { interrupt };
    this.#inFlight.add(operation);
    time.after(lastsMs, () => {
      if (!this.#inFlight.delete(operation)) return;
      this.#tell(done, this.#completionOf(operate, onFailure));
    });
    this.#options.onBegin(lastsMs);
  }

  #tell<Value>(done: Done<Value>, completion: Completion<Value>): void {
    try {
      done(completion);
    } catch (error) {
      this.#options.onThrow(error);
    }
  }

  #completionOf<Value>(operate: () => Value, onFailure: () => void): Completion<Value> {
    try {
      this.#mayFail(onFailure);
      return { kind: 'done', value: operate() };
    } catch (error) {
      return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  #mayFail(onFailure: () => void = () => {}): void {
    const { condition, random } = this.#options;
    if (!chance(random, condition.failureRate)) return;
    onFailure();
    throw new DiskFailure('EIO: the disk has failed');
  }
}
