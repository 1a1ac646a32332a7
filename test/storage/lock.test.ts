import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { identifyProcess } from '../../src/process/process-identity.ts';
import { takeLock } from '../../src/storage/lock.ts';
import type { IdentifyProcess } from '../../src/storage/lock.ts';

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'lock-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** Processes by id, with when they started. */
function processes(alive: ReadonlyMap<number, string>): IdentifyProcess {
  return (pid) => {
    const startedAt = alive.get(pid);
    return startedAt === undefined ? undefined : `${pid} ${startedAt}`;
  };
}

describe('a directory', () => {
  test('belongs to the process that took it, as long as that lives', () => {
    const directory = emptyDirectory();
    const alive = new Map([[10, 'monday'], [11, 'monday']]);
    takeLock(directory, 10, processes(alive));
    expect(() => takeLock(directory, 11, processes(alive))).toThrow(`${directory}: is in use by process 10`);
    alive.delete(10);
    takeLock(directory, 11, processes(alive));
    expect(readdirSync(directory), 'what is over goes').toEqual(['lock-2']);
  });

  test('is not kept by another process that has come by the same id', () => {
    const directory = emptyDirectory();
    takeLock(directory, 10, processes(new Map([[10, 'monday']])));
    takeLock(directory, 11, processes(new Map([[10, 'tuesday'], [11, 'tuesday']])));
    expect(readFileSync(join(directory, 'lock-2'), 'utf8')).toBe('11 tuesday');
  });

  test.each(['', 'nonsense', '-1', '99999999999999999999'])('is not kept by a lock that says %j', (contents) => {
    const directory = emptyDirectory();
    writeFileSync(join(directory, 'lock-7'), contents);
    takeLock(directory, process.pid, identifyProcess);
    expect(readdirSync(directory)).toEqual(['lock-8']);
  });
});

/** Lets something happen in the middle of `takeLock`: whenever it asks who a process is. */
function interleaved(identify: IdentifyProcess, meanwhile: (call: number) => void): IdentifyProcess {
  let call = 0;
  return (pid) => {
    const identity = identify(pid);
    call += 1;
    meanwhile(call);
    return identity;
  };
}

describe('of two who take a dead owner’s lock at once', () => {
  test.each([1, 2])('one gets it (the other comes in between at question %i)', (question) => {
    const directory = emptyDirectory();
    const alive = new Map([[10, 'monday'], [11, 'monday'], [12, 'monday']]);
    takeLock(directory, 10, processes(alive));
    alive.delete(10);
    const slow = interleaved(processes(alive), (call) => {
      if (call === question) takeLock(directory, 12, processes(alive));
    });
    expect(() => takeLock(directory, 11, slow)).toThrow(/taken it|in use by process 12/);
    expect(readFileSync(join(directory, 'lock-2'), 'utf8')).toBe('12 monday');
    expect(() => takeLock(directory, 11, processes(alive)), 'and keeps it').toThrow('in use by process 12');
  });

  test('one who has slept through two owners does not get it either', () => {
    const directory = emptyDirectory();
    const alive = new Map([[10, 'monday'], [11, 'monday'], [12, 'monday'], [13, 'monday']]);
    takeLock(directory, 10, processes(alive));
    alive.delete(10);
    const slow = interleaved(processes(alive), (call) => {
      if (call !== 1) return;
      takeLock(directory, 12, processes(alive));
      alive.delete(12);
      takeLock(directory, 13, processes(alive));
    });
    expect(() => takeLock(directory, 11, slow)).toThrow('in use by process 13');
    expect(readdirSync(directory)).toEqual(['lock-3']);
  });
});

describe('a process', () => {
  test('is itself', () => {
    expect(identifyProcess(process.pid)).toBeDefined();
    expect(identifyProcess(process.pid)).toBe(identifyProcess(process.pid));
    expect(identifyProcess(process.pid)).not.toBe(identifyProcess(process.ppid));
  });

  test.each([0, -1, NaN, 1.5, 2 ** 31])('with the id %d is none', (pid) => {
    expect(identifyProcess(pid)).toBeUndefined();
  });
});
