import { readFileSync } from 'node:fs';

/**
 * A process's id, when it started (field 22 of /proc/<pid>/stat, in clock ticks since the machine did) and in which run
 * of the machine; the id alone where there is no /proc. Undefined where there is no such process.
 */
export function identifyProcess(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const boot = textOf('/proc/sys/kernel/random/boot_id');
  if (boot === undefined) return isAlive(pid) ? String(pid) : undefined;
  const status = textOf(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
  const [state, ...fields] = status?.slice(status.lastIndexOf(')') + 2).split(' ') ?? [];
  // Z and X: it has ended, and only its parent has not been told yet.
  if (state === undefined || state === 'Z' || state === 'X') return undefined;
  return `${pid} ${fields[18]} ${boot.trim()}`;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
