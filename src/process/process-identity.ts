import { readFileSync, readlinkSync } from 'node:fs';
import type { Life, ProcessIdentity } from '../storage/lock-text.ts';

/** The identity of this process. */
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
 * Whether another process lives. It is known only for processes of this machine, since its last start, in the
 * namespaces of this process. Processes of other machines and containers cannot be seen.
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

/** When the process with this id started; `none` if there is no such process. */
function startOf(pid: number, own: ProcessIdentity): string {
  if (!Number.isSafeInteger(pid) || pid <= 0) return 'none';
  // If /proc belongs to another namespace, its ids name other processes, and the id of this process may be among them
  // by chance.
  const seen = processAt('/proc/self')?.pid === own.pid ? processAt(`/proc/${pid}`) : undefined;
  // Z and X: the process has ended, but its parent has not read its exit code yet.
  if (seen !== undefined) return seen.state === 'Z' || seen.state === 'X' ? 'none' : seen.startedAt;
  // /proc does not show it, but it may be a process of another user, which is hidden.
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
  // The second field is the name of the program, in parentheses. The name itself may hold spaces and parentheses.
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
