import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { machineBusyMs, usageOf } from '../../../maelstrom/bench/usage.ts';

/** Nearly all of it user time: between two looks at the clock there is much to count. */
const spin = 'while (process.cpuUsage().user < 100000) for (let count = 0; count < 1e6; count += 1);';

describe.skipIf(!existsSync('/proc/self/stat'))('what a process group has used', () => {
  it('counts the processor time and the memory of all its processes, and of no others', async () => {
    const machineBefore = machineBusyMs();
    // A shell that is no more than a frame for the real program, as executables often are.
    const program = `"${process.execPath}" -e '${spin} console.log("spun"); setInterval(() => {}, 1000)'`;
    const script = `${program} & ${program} & wait`;
    const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    const { pid } = child;
    if (pid === undefined) throw new Error('the shell did not start');
    try {
      let said = '';
      while (said !== 'spun\nspun\n') said += String(await once(child.stdout, 'data'));
      const usage = usageOf([pid])?.get(pid);
      expect(usage?.cpuMs).toBeGreaterThanOrEqual(180);
      // The system may be behind with its counting by a tick for each core.
      expect(machineBusyMs() - machineBefore).toBeGreaterThanOrEqual(150);
      // A process in Node.js has some 40 MiB at least, and a shell next to nothing.
      expect(usage?.peakBytes).toBeGreaterThan(60 * 2 ** 20);
      const pair = usageOf([pid, 1_000_000_000]);
      expect(pair?.get(1_000_000_000)).toEqual({ cpuMs: 0, residentBytes: 0, peakBytes: 0 });
    } finally {
      process.kill(-pid, 'SIGKILL');
    }
  });
});

it('what nobody has used is not known', () => {
  expect(usageOf([1_000_000_000])).toBeUndefined();
});
