/**
 * Keeps two processes from writing to one directory. A lock outlives its owner, who may be killed at any moment, so it
 * says who owns it, and is taken over when that process is gone.
 *
 * Locks are files `lock-1`, `lock-2`, ...: each has one number more than the one it takes over. A file is there with
 * all its contents or not at all, and of two who try the same number one fails; so a lock that somebody else has taken
 * over in the meantime is never mistaken for the one that was seen to be abandoned.
 */
import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Names a process so that no other ever has the same name, though its id may come again; undefined where there is no
 * process with this id.
 */
export type IdentifyProcess = (pid: number) => string | undefined;

interface Lock {
  readonly path: string;
  readonly number: number;
}

/** Makes the directory this process's own, for as long as it lives. Throws where a living process has it. */
export function takeLock(directory: string, pid: number, identify: IdentifyProcess): void {
  const before = locksIn(directory);
  refuseLivingOwner(directory, before, identify);
  const number = Math.max(0, ...before.map((lock) => lock.number)) + 1;
  const own = create(directory, number, pid, identify);
  const others = locksIn(directory).filter((lock) => lock.number !== number);
  try {
    // Somebody may have taken several locks over and gone again since the first look; then this number came too late.
    refuseLivingOwner(directory, others, identify);
  } catch (error) {
    rmSync(own, { force: true });
    throw error;
  }
  for (const { path } of others) rmSync(path, { force: true });
}

function locksIn(directory: string): readonly Lock[] {
  return readdirSync(directory).flatMap((name) => {
    const number = /^lock-(\d+)$/.exec(name)?.[1];
    return number === undefined ? [] : [{ path: join(directory, name), number: Number(number) }];
  });
}

function refuseLivingOwner(directory: string, locks: readonly Lock[], identify: IdentifyProcess): void {
  for (const { path } of locks) {
    const owner = contentsOf(path);
    const pid = Number(owner.split(' ')[0]);
    if (owner !== '' && identify(pid) === owner) {
      throw new Error(`${directory}: is in use by process ${pid} (${path} says so)`);
    }
  }
}

/** Empty where the file has gone. */
function contentsOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return '';
    throw error;
  }
}

function create(directory: string, number: number, pid: number, identify: IdentifyProcess): string {
  const path = join(directory, `lock-${number}`);
  const draft = `${path}.${pid}`;
  writeFileSync(draft, identify(pid) ?? String(pid));
  try {
    linkSync(draft, path);
  } catch (error) {
    if (isCode(error, 'EEXIST')) throw new Error(`${directory}: another process has just taken it (${path})`);
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return path;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
