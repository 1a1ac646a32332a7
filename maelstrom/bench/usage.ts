import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** What a process group has taken of the machine. */
export interface Usage {
  /** User and system time of its processes, ended children that were waited for included. */
  readonly cpuMs: number;
  /** The memory that its processes have in RAM now, together. */
  readonly residentBytes: number;
  /** The most that they have had there, each at its own highest, together. */
  readonly peakBytes: number;
}

/** The kernel counts processor time for user programs in hundredths of a second, on every architecture in use. */
const msPerTick = 10;

/** Of each process group, by its id; undefined where the system does not tell (it is Linux that has `/proc`). */
export function usageOf(groupIds: readonly number[]): ReadonlyMap<number, Usage> | undefined {
  const usage = new Map(groupIds.map((groupId) => [groupId, { cpuMs: 0, residentBytes: 0, peakBytes: 0 }]));
  for (const processId of processIds()) {
    const statistics = statisticsOf(processId);
    const group = statistics === undefined ? undefined : usage.get(statistics.groupId);
    if (statistics === undefined || group === undefined) continue;
    group.cpuMs += statistics.cpuMs;
    const status = readOrNothing(`/proc/${processId}/status`);
    group.residentBytes += bytesOf('VmRSS', status);
    group.peakBytes += bytesOf('VmHWM', status);
  }
  return [...usage.values()].some(({ peakBytes }) => peakBytes > 0) ? usage : undefined;
}

/** The processor time that the whole machine has been busy for, all cores together. */
export function machineBusyMs(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}

function processIds(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  } catch {
    return [];
  }
}

/** The fields of `/proc/PID/stat` are told apart behind the name, which is in brackets and may hold anything. */
function statisticsOf(processId: string): { readonly groupId: number; readonly cpuMs: number } | undefined {
  const text = readOrNothing(`/proc/${processId}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
  const [, , groupId] = fields;
  if (groupId === undefined) return undefined;
  const ticks = fields.slice(11, 15).reduce((sum, count) => sum + count, 0);
  return { groupId, cpuMs: ticks * msPerTick };
}

function bytesOf(name: 'VmRSS' | 'VmHWM', status: string): number {
  const match = new RegExp(`^${name}:\\s+([0-9]+) kB$`, 'm').exec(status);
  return match === null ? 0 : 1024 * Number(match[1]);
}

/** A process may end while it is looked at. */
function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
