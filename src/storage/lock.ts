/**
 * Keeps two processes from writing to one directory, whether they see each other or not: they may run in two containers,
 * or on two hosts that share a disk. A lock outlives its owner, who may be killed at any moment.
 *
 * A lock says who owns it, and its owner changes it several times a second: the heartbeat. Of an owner that can be seen
 * from here it is known at once whether it lives. Of any other the heartbeat is watched: an owner whose lock does not
 * change for a second is replaced. It may have been stopped only, and go on later: so an owner looks, before it writes
 * and before it says that something is on the disk, whether the lock is still its own. Times are never compared: two
 * hosts have two clocks.
 *
 * Locks are files `lock-1`, `lock-2`, ...: each has one number more than the one it replaces, and of two who try the same
 * number one fails. So a lock that has been replaced meanwhile is never mistaken for the one that was judged.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { fileError, systemCodeOf } from './file-error.ts';
import { beatBytes, beatText, lockText, ownerIn } from './lock-text.ts';
import type { Life, Owner, ProcessIdentity } from './lock-text.ts';
import { realFileSystem } from './real-file-system.ts';

/** How often an owner is to call {@link DirectoryLock.beat}. */
export const beatIntervalMs = 200;

/** An owner whose lock has stood still for so long is replaced. */
const standstillMs = 1000;
const pollMs = 100;

export interface LockOptions {
  readonly directory: string;
  readonly owner: Owner;
  readonly lifeOf: (owner: ProcessIdentity) => Life;
  /** Holds everything up for so long. */
  readonly pause: (forMs: number) => void;
}

interface FoundLock {
  readonly path: string;
  readonly number: number;
}

/** A lock that this process has taken. */
export interface DirectoryLock {
  /**
   * Whether it took the place of an owner that may be alive: one that was stopped and goes on may still carry out the one
   * write that it had begun.
   */
  readonly replacedSilentOwner: boolean;
  /** Shows that the owner is alive. Changes nothing where the lock is lost, and fails silently where the disk does. */
  beat(): void;
  /** Why the directory is not this process's any more; undefined as long as it is. */
  whyLost(): string | undefined;
  /** Gives the directory up. Nothing may be written any more. */
  release(): void;
}

/** Makes the directory this process's own. Throws where another process has it. Takes a second where it has to watch. */
export function takeLock(options: LockOptions): DirectoryLock {
  const { directory } = options;
  const before = locksIn(directory);
  const judged = new Map<string, Judged>();
  refuseLivingOwners(options, before, judged);
  const number = Math.max(0, ...before.map((lock) => lock.number)) + 1;
  const own = create(options, number);
  const others = locksIn(directory).filter((lock) => lock.number !== number);
  try {
    // Another process may have taken the directory and gone again since the first look; then this one came too late.
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

/** What a lock said, and what was made of it: its owner is gone, or has been silent for long enough. */
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

/** Polls are counted, and not the time: where this process is slow, so may the owner be. */
function standsStill(path: string, text: string, pause: (forMs: number) => void): boolean {
  for (let waitedMs = 0; waitedMs < standstillMs; waitedMs += pollMs) {
    pause(pollMs);
    const now = textOf(path);
    if (now === undefined) return true;
    if (now !== text) return false;
  }
  return true;
}

/** Undefined where the file has gone. */
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

  /** @param beatAt where in the file the count of the beats stands */
  constructor(path: string, created: fs.Stats, beatAt: number) {
    this.#path = path;
    this.#created = created;
    this.#beatAt = beatAt;
  }

  /** Opened and closed each time: on a network's file system others see what was written only then. */
  beat(): void {
    if (this.#isBeating) return;
    this.#isBeating = true;
    this.#beats += 1;
    fs.open(this.#path, 'r+', (openError, descriptor) => {
      if (openError) return (this.#isBeating = false);
      const close = (): void => fs.close(descriptor, () => (this.#isBeating = false));
      // A copy of the directory, under its name, holds the same lock: that one is not to be touched.
      return fs.fstat(descriptor, (statError, found) => {
        if (statError || !this.#isOwn(found)) return close();
        return fs.write(descriptor, beatText(this.#beats), this.#beatAt, 'latin1', close);
      });
    });
  }

  /** By opening it: on a network's file system that asks the host that has it, where a look at the name may not. */
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
