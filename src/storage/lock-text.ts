/**
 * The text of a lock: its owner, as one line of JSON, and the number of its heartbeats, as a line of sixteen digits.
 * Since the digits are always sixteen, a heartbeat takes no more room on the disk.
 */

/**
 * Identifies a process. No two processes on any machines have the same identity, although process ids are used again. A
 * part that the system does not tell is null.
 */
export interface ProcessIdentity {
  /** The process id, as the process itself sees it. The same id in two PID namespaces means two processes. */
  readonly pid: number;
  /** When the process started, in clock ticks since the machine started: field 22 of /proc/<pid>/stat. */
  readonly startedAt: string | null;
  /** An id that the kernel draws at each start of the machine. */
  readonly machineStart: string | null;
  readonly pidNamespace: string | null;
  /** The time namespace of the process. `startedAt` depends on it. */
  readonly timeNamespace: string | null;
}

/** What this process can know about another one. */
export type Life = 'alive' | 'gone' | 'unknown';

export interface Owner extends ProcessIdentity {
  /** Drawn at random at each start of a process. */
  readonly token: string;
}

const beatDigits = 16;

/** ASCII, so it has as many bytes as characters. */
export function lockText(owner: Owner): string {
  return `${JSON.stringify(owner)}\n${beatText(0)}`;
}

/** The last line of the file. */
export function beatText(count: number): string {
  return `${String(count).padStart(beatDigits, '0')}\n`;
}

export const beatBytes = beatDigits + 1;

/** The owner in the text of a lock. Undefined if the text is not a complete lock of this program. */
export function ownerIn(text: string): ProcessIdentity | undefined {
  const [line = ''] = text.split('\n');
  return ownerBefore(line) ?? ownerOf(parsed(line));
}

function ownerOf(value: unknown): ProcessIdentity | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields: { readonly [name: string]: unknown } = { ...value };
  const { pid } = fields;
  if (typeof pid !== 'number') return undefined;
  return {
    pid,
    startedAt: textOrNull(fields['startedAt']),
    machineStart: textOrNull(fields['machineStart']),
    pidNamespace: textOrNull(fields['pidNamespace']),
    timeNamespace: textOrNull(fields['timeNamespace']),
  };
}

/** Reads a lock without a heartbeat, as the previous release wrote it: `4711 123456 5f3c...`. */
function ownerBefore(line: string): ProcessIdentity | undefined {
  const [, pid, startedAt, machineStart] = /^(\d+) (\d+) ([0-9a-f-]{36})$/.exec(line) ?? [];
  if (pid === undefined || startedAt === undefined || machineStart === undefined) return undefined;
  return { pid: Number(pid), startedAt, machineStart, pidNamespace: null, timeNamespace: null };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
