import { DiskStorage } from '../../../src/index.ts';
import type { Random, Storage } from '../../../src/index.ts';
import { encodeEntry } from '../../../src/wire/encode.ts';
import { SimulatedFileSystem } from './file-system.ts';
import type { DiskCondition } from './file-system.ts';
import type { DiskUser, MachineDisk } from './machine-disk.ts';
import { Platter } from './platter.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface FileDiskOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  /** How the disk behaves. Faults change it. */
  readonly condition: DiskCondition;
  readonly segmentBytes: number;
  /** How often free space is looked at. */
  readonly freeSpaceCheckMs: number;
  /** Called with what recovery has to say. */
  readonly onNotes: (notes: readonly string[]) => void;
  /** Carries out a recovery, which may fail. */
  readonly guardRecovery: <Opened>(open: () => Opened) => Opened;
}

/** Free bytes below which a node takes no client's write. */
const reserveBytes = 2000;

/** The real disk code of a node, on a file system that is simulated down to its sectors. */
export class FileDisk implements MachineDisk {
  readonly #options: FileDiskOptions;
  readonly #platter = new Platter();
  #files: SimulatedFileSystem | undefined;

  constructor(options: FileDiskOptions) {
    this.#options = options;
  }

  open(user: DiskUser): Storage {
    const { time, random, condition, segmentBytes, onNotes, guardRecovery } = this.#options;
    const platter = this.#platter;
    const onBegin = (lastsMs: number): void => user.onBegin(lastsMs);
    const onThrow = (error: unknown): void => user.onThrow(error);
    const fileSystem = new SimulatedFileSystem({ platter, condition, time, random, onBegin, onThrow });
    this.#files = fileSystem;
    const storage: DiskStorage = guardRecovery(() => {
      return new DiskStorage({
        fileSystem,
        directory: '/data',
        encodeEntry,
        reserveBytes,
        segmentBytes,
        onProgress: () => user.onProgress(storage),
        onFailure: onThrow,
      });
    });
    onNotes(storage.notes);
    this.#checkFreeSpace(user, storage);
    return storage;
  }

  detach(): void {
    this.#files?.detach();
    this.#files = undefined;
  }

  cutPower(): void {
    this.#platter.cutPower(this.#options.random);
  }

  #checkFreeSpace(user: DiskUser, storage: DiskStorage): void {
    const { time, freeSpaceCheckMs } = this.#options;
    time.after(freeSpaceCheckMs, () => {
      if (!user.isUp()) return;
      storage.checkFreeSpace();
      this.#checkFreeSpace(user, storage);
    });
  }
}
