/**
 * Prevents two processes from writing to one directory. It works also where the two cannot see each other: in two
 * containers, or on two hosts that share a disk. A lock remains when its owner is killed.
 *
 * A lock names its owner. The owner changes it several times a second: the heartbeat. If the owner can be seen from
 * here, it is known at once whether it lives. Otherwise its heartbeat is watched, and an owner whose lock does not
 * change for a second is replaced. Such an owner may only have been stopped, and may continue later. Therefore every
 * owner checks that the lock is still its own before it writes, and before it reports that something is on the disk.
 * Times are never compared, because two hosts have two clocks.
 *
 * Locks are files `lock-1`, `lock-2`, ... A new lock has the next number after the one it replaces. If two processes
 * try to create the same number, one fails. A process that judged an old lock therefore cannot remove a newer one by
 * mistake.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { fileError, systemCodeOf } from './file-error.ts';
import { beatBytes, beatText, lockText, ownerIn } from './lock-text.ts';
import type { Life, Owner, ProcessIdentity } from './lock-text.ts';
import { realFileSystem } from './real-file-system.ts';

/** How often an owner has to call {@link DirectoryLock.beat}. */
export const beatIntervalMs = 200;

/** An owner whose lock has not changed for so long is replaced: five missed heartbeats. */
const standstillMs = 1000;
/** How often a lock is read while it is watched: twice in each interval of the heartbeat. */
const pollMs = 100;

export interface LockOptions {
  readonly directory: string;
  readonly owner: Owner;
  readonly lifeOf: (owner: ProcessIdentity) => Life;
  /** Blocks this process for so long. */
  readonly pause: (forMs: number) => void;
}

interface FoundLock {
  readonly path: string;
  readonly number: number;
}

/** A lock that this process has taken. */
export interface DirectoryLock {
  /**
   * Whether it replaced an owner that may be alive. If that owner was only stopped, it may still finish the one write
   * that it had begun.
   */
  readonly replacedSilentOwner: boolean;
  /** Shows that the owner is alive. Does nothing if the lock is lost, and ignores errors of the disk. */
  beat(): void;
  /** Why the directory no longer belongs to this process. Undefined while it does. */
  whyLost(): string | undefined;
  /** Gives the directory up. The caller must not write to it afterwards. */
  release(): void;
}

/**
 * Takes the directory for this process. Throws if another process has it. It blocks for a second if it has to watch a
 * lock.
 */
export function takeLock(options: LockOptions): DirectoryLock {
  const { directory } = options;
  const before = locksIn(directory);
  const judged = new Map<string, Judged>();
  refuseLivingOwners(options, before, judged);
  const number = Math.max(0, ...before.map((lock) => lock.number)) + 1;
  const own = create(options, number);
  const others = locksIn(directory).filter((lock) => lock.number !== number);
  try {
    // Since the first look, another process may have taken the directory and released it. Then this process came too
    // late.
    refuseLivingOwners(options, others, judged);
    for (const { path } of others) fs.rmSync(path, { force: true });
  } catch (error) {
    own.release();
    throw error;
  }
  own.replacedSilentOwner = [...judged.values()].some(({ life }) => life === 'silent');
  return own;
}

function locksIn(directory: string): readonly FoundLock[] {
  return realFileSystem.listSync(directory).flatMap((name) => {
    const number = /^lock-(\d{1,15})$/.exec(name)?.[1];
    return number === undefined ? [] : [{ path: join(directory, name), number: Number(number) }];
  });
}

/** The text of a lock, and how it was judged: the owner is gone, or was silent for long enough. */
interface Judged {
  readonly text: string;
  readonly life: 'gone' | 'silent';
}

function refuseLivingOwners(options: LockOptions, locks: readonly FoundLock[], judged: Map<string, Judged>): void {
  for (const { path } of locks) {
    const text = textOf(path);
    if (text === undefined || judged.get(path)?.text === text) continue;
    const owner = ownerIn(text);
    const life = owner === undefined ? 'unknown' : options.lifeOf(owner);
    const who = owner === undefined ? 'another process' : `process ${owner.pid}`;
    if (life === 'alive') throw new Error(`${options.directory}: is in use by ${who} (${path} says so)`);
    if (life === 'unknown' && !standsStill(path, text, options.pause)) {
      throw new Error(`${options.directory}: is in use by ${who}, of another container or host (${path} changes)`);
    }
    judged.set(path, { text, life: life === 'gone' ? 'gone' : 'silent' });
  }
}

/** Counts polls and does not measure time: if this process runs slowly, the owner may run slowly too. */
function standsStill(path: string, text: string, pause: (forMs: number) => void): boolean {
  for (let waitedMs = 0; waitedMs < standstillMs; waitedMs += pollMs) {
    pause(pollMs);
    const now = textOf(path);
    if (now === undefined) return true;
    if (now !== text) return false;
  }
  return true;
}

/** Undefined if the file is gone. */
function textOf(path: string): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw fileError(path, 'read', error);
  }
}

function create({ directory, owner }: LockOptions, number: number): OwnLock {
  const path = join(directory, `lock-${number}`);
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, 'wx');
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') throw new Error(`${directory}: another process has just taken it (${path})`);
    throw fileError(path, 'create', error);
  }
  try {
    const text = lockText(owner);
    fs.writeFileSync(descriptor, text);
    return new OwnLock(path, fs.fstatSync(descriptor), text.length - beatBytes);
  } catch (error) {
    fs.rmSync(path, { force: true });
    throw fileError(path, 'write', error);
  } finally {
    fs.closeSync(descriptor);
  }
}

class OwnLock implements DirectoryLock {
  replacedSilentOwner = false;
  readonly #path: string;
  readonly #created: fs.Stats;
  readonly #beatAt: number;
  #beats = 0;
  #isBeating = false;

  /** @param beatAt the offset of the number of heartbeats in the file */
  constructor(path: string, created: fs.Stats, beatAt: number) {
    this.#path = path;
    this.#created = created;
    this.#beatAt = beatAt;
  }

  /**
   * Opens and closes the file each time: on a network file system other hosts see a write only after the file is
   * closed.
   */
  beat(): void {
    if (this.#isBeating) return;
    this.#isBeating = true;
    this.#beats += 1;
    fs.open(this.#path, 'r+', (openError, descriptor) => {
      if (openError) return (this.#isBeating = false);
      const close = (): void => fs.close(descriptor, () => (this.#isBeating = false));
      // After the directory was copied, this path may lead to the copy of the lock. The copy must not be changed.
      return fs.fstat(descriptor, (statError, found) => {
        if (statError || !this.#isOwn(found)) return close();
        return fs.write(descriptor, beatText(this.#beats), this.#beatAt, 'latin1', close);
      });
    });
  }

  /**
   * Opens the file: on a network file system that asks the host that has the disk. A look at the name may be answered
   * from a cache.
   */
  whyLost(): string | undefined {
    let descriptor: number;
    try {
      descriptor = fs.openSync(this.#path, 'r');
    } catch (error) {
      const code = systemCodeOf(error);
      if (code !== 'ENOENT' && code !== 'ENOTDIR') return fileError(this.#path, 'open the lock', error).message;
      return `${this.#path}: this lock is gone: another process has taken the directory, or it was removed`;
    }
    try {
      const isOwn = this.#isOwn(fs.fstatSync(descriptor));
      return isOwn ? undefined : `${this.#path}: another file has taken the place of this lock`;
    } finally {
      fs.closeSync(descriptor);
    }
  }

  release(): void {
    if (this.whyLost() === undefined) fs.rmSync(this.#path, { force: true });
  }

  #isOwn({ ino, dev }: fs.Stats): boolean {
    return ino === this.#created.ino && dev === this.#created.dev;
  }
}
