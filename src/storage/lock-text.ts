/**
 * What a lock says: who owns it, as one line of JSON, and how often its heart has beaten, as a line of sixteen digits, so
 * that a beat takes no room on the disk.
 */

/**
 * Names a process so that no other on any machine ever has the same name, though its id may come again. What the system
 * does not tell is null.
 */
export interface ProcessIdentity {
  /** As the process itself sees it: the same id in two PID namespaces is two processes. */
  readonly pid: number;
  /** Field 22 of /proc/<pid>/stat, in clock ticks since the machine started. */
  readonly startedAt: string | null;
  /** Drawn anew by the kernel at each start of the machine. */
  readonly machineStart: string | null;
  readonly pidNamespace: string | null;
  /** It shifts `startedAt`. */
  readonly timeNamespace: string | null;
}

/** What can be known of a process from here. */
export type Life = 'alive' | 'gone' | 'unknown';

export interface Owner extends ProcessIdentity {
  /** Drawn at random for each life. */
  readonly token: string;
}

const beatDigits = 16;

/** ASCII: as many characters as bytes. */
export function lockText(owner: Owner): string {
  return `${JSON.stringify(owner)}\n${beatText(0)}`;
}

/** The last line, at the end of the file. */
export function beatText(count: number): string {
  return `${String(count).padStart(beatDigits, '0')}\n`;
}

export const beatBytes = beatDigits + 1;

/** Undefined where it is no lock of this program, or not all of one. */
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

/** As the release before this one wrote it, without a heartbeat: `4711 123456 5f3c...`. */
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
