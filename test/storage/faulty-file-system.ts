import { basename, dirname, join } from 'node:path';
import type { Completion, Done, FileSystem, OpenFile, ReadableFile } from '../../src/storage/file-system.ts';

/** What a disk writes whole or not at all. */
export const sectorBytes = 512;

/** Thrown in the middle of whatever the crash interrupts. */
export class Crash extends Error {}

interface FileState {
  /** As whoever reads the file sees it: in the page cache. */
  cached: Buffer;
  /** As it is on the disk. */
  synced: Buffer;
  /** Sectors in the page cache that a sync would write. */
  dirty: Set<number>;
  isSizeDirty: boolean;
}

type Names = ReadonlyMap<string, FileState>;

/** Two names that a power cut leaves as they were, or both as they have become. */
type Rename = readonly [from: string, to: string];

/** Something that a power cut may keep or lose, on its own. */
type Unsynced =
  | { readonly kind: 'sector'; readonly state: FileState; readonly sector: number }
  | { readonly kind: 'size'; readonly state: FileState }
  | { readonly kind: 'names'; readonly paths: readonly string[] };

/**
 * A disk in memory that fails on purpose. Operations take effect when they are asked for, in the page cache; whoever
 * asked is told when the test calls `complete`. Operations that change something are numbered from 1.
 */
export class FaultyFileSystem implements FileSystem {
  /** How many operations there were that change something. */
  operations = 0;
  /** The process ends before this operation; of a write, so many bytes have been taken. */
  crashAt: { readonly operation: number; readonly bytes?: number } | undefined;
  /** Of the write that was to come when it crashed, how many bytes it had; undefined where it was no write. */
  bytesOfCrashedWrite: number | undefined;
  /** This operation fails. A sync that fails leaves pages that are taken for clean, as Linux does. */
  failAt: { readonly operation: number; readonly error: Error } | undefined;
  maxBytesPerWrite = Infinity;
  /** How many bytes may still be written. */
  freeSpaceBytes = Infinity;
  /** No file can be opened for reading. */
  openForReadingError: Error | undefined;
  maxBytesPerRead = Infinity;
  /** The most that was ever asked for at once, of a file that is read in pieces. */
  largestReadBytes = 0;
  /** How many files are open for reading. */
  openForReading = 0;
  readonly #names: Map<string, FileState>;
  readonly #syncedNames: Map<string, FileState>;
  /** Of which the directory has not been synced. */
  #renames: readonly Rename[];
  readonly #completions: (() => void)[] = [];

  constructor(names: Names = new Map(), syncedNames: Names = new Map(), renames: readonly Rename[] = []) {
    this.#names = new Map(names);
    this.#syncedNames = new Map(syncedNames);
    this.#renames = renames;
  }

  get paths(): readonly string[] {
    return [...this.#names.keys()].sort();
  }

  /** Whether somebody waits for an operation. */
  get isBusy(): boolean {
    return this.#completions.length > 0;
  }

  /** How many operations somebody waits for. */
  get waitingCount(): number {
    return this.#completions.length;
  }

  /** Tells whoever waits that their operations are done, until nobody waits. */
  complete(): void {
    while (this.isBusy) this.completeOne();
  }

  completeOne(): void {
    this.#completions.shift()?.();
  }

  /** What the next process finds after SIGKILL: all that was written, synced or not. */
  afterKill(): FaultyFileSystem {
    return new FaultyFileSystem(...this.#copies(), this.#renames);
  }

  /** How many things a power cut may keep or lose. */
  get unsyncedCount(): number {
    return this.#unsynced().length;
  }

  /** What is found after a power cut: all that was synced, and of the rest what `isKept` says. */
  afterPowerCut(isKept: (which: number) => boolean): FaultyFileSystem {
    const kept = this.#unsynced().filter((_, which) => isKept(which));
    const keptNames = new Set(kept.flatMap((unsynced) => (unsynced.kind === 'names' ? unsynced.paths : [])));
    const found = new Map<string, FileState>();
    for (const path of new Set([...this.#names.keys(), ...this.#syncedNames.keys()])) {
      const state = (keptNames.has(path) ? this.#names : this.#syncedNames).get(path);
      if (state !== undefined) found.set(path, afterPowerCut(state, kept));
    }
    return new FaultyFileSystem(found, found);
  }

  flipBit(path: string, bit: number): void {
    const { cached } = this.#stateOf(path);
    const at = bit >> 3;
    cached.writeUInt8(cached.readUInt8(at) ^ (1 << (bit & 7)), at);
  }

  /** Puts a file there, on the disk too. */
  put(path: string, bytes: Buffer): void {
    const state = cleanState(bytes);
    this.#names.set(path, state);
    this.#syncedNames.set(path, state);
  }

  // At once -----------------------------------------------------------------------------------------------------------

  createDirectorySync(): void {}

  listSync(directory: string): readonly string[] {
    return this.paths.filter((path) => dirname(path) === directory).map((path) => basename(path));
  }

  readFileSync(path: string): Buffer {
    return Buffer.from(this.#stateOf(path).cached);
  }

  removeFileSync(path: string): void {
    this.#begin();
    this.#stateOf(path);
    this.#names.delete(path);
  }

  openSync(path: string): OpenFile {
    return this.#fileOf(this.#stateOf(path));
  }

  openForReadingSync(path: string): ReadableFile {
    if (this.openForReadingError !== undefined) throw this.openForReadingError;
    const { cached } = this.#stateOf(path);
    this.openForReading += 1;
    return {
      sizeBytes: cached.length,
      readSync: (position, maxBytes) => {
        this.largestReadBytes = Math.max(this.largestReadBytes, maxBytes);
        return Buffer.from(cached.subarray(position, position + Math.min(maxBytes, this.maxBytesPerRead)));
      },
      close: () => (this.openForReading -= 1),
    };
  }

  createSync(path: string): OpenFile {
    this.#begin();
    if (this.#names.has(path)) throw new Error(`EEXIST: ${path}`);
    const state = cleanState(Buffer.alloc(0));
    this.#names.set(path, state);
    return this.#fileOf(state);
  }

  renameSync(from: string, to: string): void {
    this.#begin();
    this.#names.set(to, this.#stateOf(from));
    this.#names.delete(from);
    this.#renames = [...this.#renames, [from, to]];
  }

  syncDirectorySync(path: string): void {
    this.#begin();
    this.#syncNames(path);
  }

  freeBytesSync(): number {
    return this.freeSpaceBytes;
  }

  // Later -------------------------------------------------------------------------------------------------------------

  create(path: string, done: Done<OpenFile>): void {
    this.#later(done, () => this.createSync(path));
  }

  syncDirectory(path: string, done: Done<void>): void {
    this.#later(done, () => this.syncDirectorySync(path));
  }

  rename(from: string, to: string, done: Done<void>): void {
    this.#later(done, () => this.renameSync(from, to));
  }

  removeFile(path: string, done: Done<void>): void {
    this.#later(done, () => this.removeFileSync(path));
  }

  freeBytes(_: string, done: Done<number>): void {
    this.#later(done, () => this.freeSpaceBytes);
  }

  // -------------------------------------------------------------------------------------------------------------------

  #fileOf(state: FileState): OpenFile {
    const file: OpenFile = {
      write: (bytes, position, done) => this.#later(done, () => file.writeSync(bytes, position)),
      writeSync: (bytes, position) => {
        this.#begin((crashBytes) => {
          this.bytesOfCrashedWrite = bytes.length;
          write(state, bytes.subarray(0, crashBytes), position);
        });
        const taken = Math.min(bytes.length, this.maxBytesPerWrite, this.freeSpaceBytes);
        if (taken === 0 && this.freeSpaceBytes === 0) throw new Error('ENOSPC: no space left on device');
        this.freeSpaceBytes -= taken;
        write(state, bytes.subarray(0, taken), position);
        return taken;
      },
      sync: (done) => this.#later(done, () => file.syncSync()),
      syncSync: () => {
        try {
          this.#begin();
        } catch (error) {
          if (!(error instanceof Crash)) state.dirty.clear();
          throw error;
        }
        sync(state);
      },
      truncateSync: (sizeBytes) => {
        this.#begin();
        resize(state, sizeBytes);
      },
      close: () => {},
    };
    return file;
  }

  /** Counts an operation that changes something, and fails it where that is its fate. */
  #begin(beforeCrash: (bytes: number) => void = () => {}): void {
    this.operations += 1;
    if (this.operations === this.crashAt?.operation) {
      beforeCrash(this.crashAt.bytes ?? 0);
      throw new Crash();
    }
    if (this.operations === this.failAt?.operation) throw this.failAt.error;
  }

  #later<Value>(done: Done<Value>, operate: () => Value): void {
    const completion = completionOf(operate);
    this.#completions.push(() => done(completion));
  }

  #stateOf(path: string): FileState {
    const state = this.#names.get(path);
    if (state === undefined) throw new Error(`ENOENT: ${path}`);
    return state;
  }

  #syncNames(directory: string): void {
    for (const path of this.#syncedNames.keys()) {
      if (dirname(path) === directory && !this.#names.has(path)) this.#syncedNames.delete(path);
    }
    for (const [path, state] of this.#names) {
      if (dirname(path) === directory) this.#syncedNames.set(path, state);
    }
    this.#renames = this.#renames.filter(([from]) => dirname(from) !== directory);
  }

  #unsyncedNames(): readonly (readonly string[])[] {
    const renamed = new Set(this.#renames.flat());
    const paths = [...new Set([...this.#names.keys(), ...this.#syncedNames.keys()])];
    const others = paths.filter((path) => this.#names.get(path) !== this.#syncedNames.get(path) && !renamed.has(path));
    return [...this.#renames, ...others.map((path) => [path])];
  }

  #unsynced(): readonly Unsynced[] {
    const states = new Set([...this.#names.values(), ...this.#syncedNames.values()]);
    return [
      ...this.#unsyncedNames().map((paths): Unsynced => ({ kind: 'names', paths })),
      ...[...states].flatMap((state): readonly Unsynced[] => [
        ...[...state.dirty].map((sector): Unsynced => ({ kind: 'sector', state, sector })),
        ...(state.isSizeDirty ? [{ kind: 'size', state } as const] : []),
      ]),
    ];
  }

  #copies(): [Map<string, FileState>, Map<string, FileState>] {
    const copies = new Map<FileState, FileState>();
    const copied = (names: ReadonlyMap<string, FileState>): Map<string, FileState> => {
      return new Map([...names].map(([path, state]) => {
        const { cached, synced, dirty } = state;
        const own = { cached: Buffer.from(cached), synced: Buffer.from(synced), dirty: new Set(dirty) };
        const copy = copies.get(state) ?? { ...own, isSizeDirty: state.isSizeDirty };
        copies.set(state, copy);
        return [path, copy];
      }));
    };
    return [copied(this.#names), copied(this.#syncedNames)];
  }
}

/** A crash passes through; anything else is what the operation reports. */
function completionOf<Value>(operate: () => Value): Completion<Value> {
  try {
    return { kind: 'done', value: operate() };
  } catch (error) {
    if (error instanceof Crash) throw error;
    return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function cleanState(bytes: Buffer): FileState {
  return { cached: Buffer.from(bytes), synced: Buffer.from(bytes), dirty: new Set(), isSizeDirty: false };
}

function write(state: FileState, bytes: Uint8Array, position: number): void {
  if (bytes.length === 0) return;
  if (position + bytes.length > state.cached.length) resize(state, position + bytes.length);
  state.cached.set(bytes, position);
  const last = Math.floor((position + bytes.length - 1) / sectorBytes);
  for (let sector = Math.floor(position / sectorBytes); sector <= last; sector += 1) state.dirty.add(sector);
}

function resize(state: FileState, sizeBytes: number): void {
  state.cached = resized(state.cached, sizeBytes);
  state.isSizeDirty = true;
  for (const sector of state.dirty) if (sector * sectorBytes >= sizeBytes) state.dirty.delete(sector);
}

function sync(state: FileState): void {
  state.synced = resized(state.synced, state.cached.length);
  for (const sector of state.dirty) copySector(state.cached, state.synced, sector);
  state.dirty.clear();
  state.isSizeDirty = false;
}

function afterPowerCut(state: FileState, kept: readonly Unsynced[]): FileState {
  const own = kept.filter((unsynced) => unsynced.kind !== 'names' && unsynced.state === state);
  const sectors = own.flatMap((unsynced) => (unsynced.kind === 'sector' ? [unsynced.sector] : []));
  const keptEnd = Math.max(0, ...sectors.map((sector) => Math.min((sector + 1) * sectorBytes, state.cached.length)));
  const isSizeKept = own.some(({ kind }) => kind === 'size');
  const found = resized(state.synced, isSizeKept ? state.cached.length : Math.max(state.synced.length, keptEnd));
  for (const sector of sectors) copySector(state.cached, found, sector);
  return cleanState(found);
}

function copySector(from: Buffer, to: Buffer, sector: number): void {
  from.copy(to, sector * sectorBytes, sector * sectorBytes, (sector + 1) * sectorBytes);
}

/** Zeros where nothing was. */
function resized(bytes: Buffer, sizeBytes: number): Buffer {
  const result = Buffer.alloc(sizeBytes);
  bytes.copy(result, 0, 0, sizeBytes);
  return result;
}

/** Where the storage of tests lives. */
export const directory = join('/', 'data', 'n1');
