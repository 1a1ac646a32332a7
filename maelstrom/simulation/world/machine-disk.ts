import type { Storage } from '../../../src/index.ts';

/** Where a machine keeps what its node must not forget. It outlives the node's process. */
export interface MachineDisk {
  /** For a process that has just started: what there is on the disk, and a place to write. */
  open(user: DiskUser): Storage;
  /** The process is gone; what it was writing is there, in part, or not. Nothing is reported any more. */
  detach(): void;
  /** The power is gone too: of what was not synced there is whatever chance keeps. */
  cutPower(): void;
}

/** The process that uses a disk. */
export interface DiskUser {
  isUp(): boolean;
  /** An operation that changes something begins, and will take so long. */
  onBegin(lastsMs: number): void;
  /** The storage has come further. */
  onProgress(storage: Storage): void;
  /** The disk has failed, or the storage threw something when it was told that an operation had ended. */
  onThrow(error: unknown): void;
}
