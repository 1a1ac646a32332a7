import { readFileSync, readlinkSync } from 'node:fs';
import type { Life, ProcessIdentity } from '../storage/lock-text.ts';

/** Who this process is. */
export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    startedAt: processAt('/proc/self')?.startedAt ?? null,
    machineStart: textOf('/proc/sys/kernel/random/boot_id')?.trim() ?? null,
    pidNamespace: linkOf('/proc/self/ns/pid'),
    timeNamespace: linkOf('/proc/self/ns/time'),
  };
}

/**
 * Whether a process lives. Known only of this machine, since its start, in this process's own namespaces: another
 * machine's processes, and another container's, cannot be seen from here.
 */
export function lifeOf(other: ProcessIdentity, own: ProcessIdentity = ownIdentity()): Life {
  const { pid, startedAt, machineStart, pidNamespace, timeNamespace } = other;
  if (startedAt === null || machineStart === null || machineStart !== own.machineStart) return 'unknown';
  const isOfHere = pidNamespace === own.pidNamespace && timeNamespace === own.timeNamespace;
  if (pidNamespace !== null && !isOfHere) return 'unknown';
  const now = startOf(pid, own);
  if (now === startedAt) return 'alive';
  return now === 'unknown' || pidNamespace === null ? 'unknown' : 'gone';
}

/** When the process with this id started; `none` where there is none. */
function startOf(pid: number, own: ProcessIdentity): string {
  if (!Number.isSafeInteger(pid) || pid <= 0) return 'none';
  // A /proc of another namespace shows others under these ids, also where the id of this process happens to be there.
  const seen = processAt('/proc/self')?.pid === own.pid ? processAt(`/proc/${pid}`) : undefined;
  // Z and X: it has ended, and only its parent has not been told yet.
  if (seen !== undefined) return seen.state === 'Z' || seen.state === 'X' ? 'none' : seen.startedAt;
  // Not shown: it may be another user's, which is hidden.
  return isThere(pid) ? 'unknown' : 'none';
}

interface SeenProcess {
  readonly pid: number;
  readonly state: string;
  readonly startedAt: string;
}

function processAt(directory: string): SeenProcess | undefined {
  const status = textOf(`${directory}/stat`);
  if (status === undefined) return undefined;
  // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
  const [state, ...fields] = status.slice(status.lastIndexOf(')') + 2).split(' ');
  const startedAt = fields[18];
  return state === undefined || startedAt === undefined ? undefined : { pid: parseInt(status, 10), state, startedAt };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
