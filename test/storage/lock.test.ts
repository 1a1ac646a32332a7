import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lifeOf, ownIdentity } from '../../src/process/process-identity.ts';
import type { Life, ProcessIdentity } from '../../src/storage/lock-text.ts';
import { takeLock } from '../../src/storage/lock.ts';
import type { DirectoryLock } from '../../src/storage/lock.ts';

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'lock-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

interface Taking {
  /** What is known of an owner; by default nothing. */
  readonly lifeOf?: (owner: ProcessIdentity) => Life;
  /** What happens in each pause of the watch. */
  readonly meanwhile?: (pause: number) => void;
}

/** Process `pid` takes the lock; time passes only in what happens meanwhile. */
function take(directory: string, pid: number, { lifeOf: judge = () => 'unknown', meanwhile = () => {} }: Taking = {}): DirectoryLock {
  let pauses = 0;
  const where = { startedAt: '1', machineStart: 'monday', pidNamespace: 'a', timeNamespace: 'a' };
  return takeLock({
    directory,
    owner: { pid, ...where, token: `token of ${pid}` },
    lifeOf: judge,
    pause: () => {
      pauses += 1;
      meanwhile(pauses);
    },
  });
}

/** Of the processes with these ids it is known that they live, and of the others that they do not. */
function onlyAlive(...pids: readonly number[]): Taking {
  return { lifeOf: ({ pid }) => (pids.includes(pid) ? 'alive' : 'gone'), meanwhile: () => expect.fail('it watches') };
}

function ownerOf(directory: string): unknown {
  const [name = '', ...more] = readdirSync(directory);
  expect(more).toEqual([]);
  return JSON.parse(readFileSync(join(directory, name), 'utf8').split('\n')[0] ?? '').pid;
}

describe('a directory', () => {
  test('belongs to the process that took it, as long as that lives', () => {
    const directory = emptyDirectory();
    const first = take(directory, 10, onlyAlive());
    expect(() => take(directory, 11, onlyAlive(10))).toThrow(`${directory}: is in use by process 10`);
    expect(first.whyLost()).toBeUndefined();
    const second = take(directory, 11, onlyAlive(11));
    expect(readdirSync(directory), 'what is over goes').toEqual(['lock-2']);
    expect([second.whyLost(), second.replacedSilentOwner]).toEqual([undefined, false]);
    expect(first.whyLost()).toContain('lock-1: this lock is gone');
  });

  test('is free after its owner has released it', () => {
    const directory = emptyDirectory();
    take(directory, 10).release();
    expect(readdirSync(directory)).toEqual([]);
    expect(take(directory, 11, onlyAlive()).replacedSilentOwner).toBe(false);
  });

  test.each(['', 'nonsense', '-1', '{"pid":"x"}', '99999999999999999999'])(
    'is watched, and then taken, where a lock says %j and no more',
    (contents) => {
      const directory = emptyDirectory();
      writeFileSync(join(directory, 'lock-7'), contents);
      let pauses = 0;
      const lock = take(directory, 10, { meanwhile: () => (pauses += 1) });
      expect(readdirSync(directory)).toEqual(['lock-8']);
      expect(pauses).toBe(10);
      expect(lock.replacedSilentOwner).toBe(true);
    },
  );
});

describe('an owner of which nothing can be seen from here', () => {
  test('keeps its directory as long as its heart beats', async () => {
    const directory = emptyDirectory();
    const lock = take(directory, 10);
    for (let beats = 0; beats < 3; beats += 1) {
      const before = readFileSync(join(directory, 'lock-1'), 'utf8');
      while (readFileSync(join(directory, 'lock-1'), 'utf8') === before) {
        lock.beat();
        await wait(1);
      }
      expect(readFileSync(join(directory, 'lock-1'), 'utf8').length, 'a beat takes no room').toBe(before.length);
    }
    const beatLate = (pause: number): void => {
      if (pause === 10) writeFileSync(join(directory, 'lock-1'), 'as if it had beaten');
    };
    expect(() => take(directory, 10, { meanwhile: beatLate })).toThrow(/is in use by process 10, of another container or host/);
    expect(readdirSync(directory)).toEqual(['lock-1']);
  });

  test('is replaced when its heart stands still, and finds out when it goes on', () => {
    const directory = emptyDirectory();
    const paused = take(directory, 1);
    const lock = take(directory, 1);
    expect(lock.replacedSilentOwner).toBe(true);
    expect(paused.whyLost()).toContain('another process has taken the directory');
    paused.release();
    expect(lock.whyLost(), 'nor does it take the lock away from the next').toBeUndefined();
  });

  test('does not have to be waited for when it goes away meanwhile', () => {
    const directory = emptyDirectory();
    const before = take(directory, 10);
    let pauses = 0;
    take(directory, 11, {
      meanwhile: (pause) => {
        pauses = pause;
        if (pause === 3) before.release();
      },
    });
    expect(pauses).toBe(3);
  });
});

describe('an owner whose directory is not the one that it took', () => {
  test.each<readonly [string, (directory: string) => void, RegExp]>([
    ['because that is gone', (directory) => rmSync(directory, { recursive: true }), /is gone/],
    ['because its lock was removed', (directory) => unlinkSync(join(directory, 'lock-1')), /is gone/],
    [
      'because a copy has taken its place',
      (directory) => {
        writeFileSync(join(directory, 'copy'), readFileSync(join(directory, 'lock-1')));
        renameSync(join(directory, 'copy'), join(directory, 'lock-1'));
      },
      /another file has taken the place/,
    ],
  ])('finds out (%s), and leaves what is there as it is', async (_why, replace, why) => {
    const directory = emptyDirectory();
    const lock = take(directory, 10);
    replace(directory);
    expect(lock.whyLost()).toMatch(why);
    const found = (): string => (lock.whyLost()?.includes('another file') ? readFileSync(join(directory, 'lock-1'), 'utf8') : '');
    const before = found();
    lock.beat();
    await wait(20);
    expect(found()).toBe(before);
  });
});

describe('of two who take a dead owner’s lock at once', () => {
  /** Lets something happen in the middle of `takeLock`: whenever it asks who lives. */
  function interleaved({ lifeOf: judge = () => 'unknown' }: Taking, meanwhile: (call: number) => void): Taking {
    let calls = 0;
    return {
      lifeOf: (owner) => {
        const life = judge(owner);
        calls += 1;
        meanwhile(calls);
        return life;
      },
    };
  }

  test('one gets it, and keeps it', () => {
    const directory = emptyDirectory();
    take(directory, 10);
    const slow = interleaved(onlyAlive(11, 12), (call) => {
      if (call === 1) take(directory, 12, onlyAlive(11, 12));
    });
    expect(() => take(directory, 11, slow)).toThrow(/taken it|in use by process 12/);
    expect(ownerOf(directory)).toBe(12);
    expect(() => take(directory, 11, onlyAlive(11, 12))).toThrow('in use by process 12');
  });

  test('one who has slept through two owners does not get it either', () => {
    const directory = emptyDirectory();
    take(directory, 10);
    let third: DirectoryLock | undefined;
    const slow = interleaved(onlyAlive(11, 13), (call) => {
      if (call !== 1) return;
      take(directory, 12, onlyAlive(11, 12));
      third = take(directory, 13, onlyAlive(11, 13));
    });
    expect(() => take(directory, 11, slow)).toThrow('in use by process 13');
    expect(readdirSync(directory)).toEqual(['lock-3']);
    expect(third?.whyLost()).toBeUndefined();
  });
});

describe('what cannot be made says which file', () => {
  test('where there is no directory', () => {
    expect(() => take('/nowhere/at/all', 10)).toThrow('/nowhere/at/all: cannot list the directory: ENOENT: ');
  });
});

describe('a process', () => {
  const own = ownIdentity();

  test('is alive as itself, and gone where its id is another’s now', () => {
    expect(lifeOf(own)).toBe('alive');
    expect(lifeOf({ ...own, startedAt: '1' })).toBe('gone');
  });

  test.each([0, -1, NaN, 1.5, 2 ** 31 - 1])('with the id %d is gone', (pid) => {
    expect(lifeOf({ ...own, pid, startedAt: '1' })).toBe('gone');
  });

  test.each<readonly [string, Partial<ProcessIdentity>]>([
    ['of another machine, or of this one before it started again', { machineStart: 'another' }],
    ['of another PID namespace', { pidNamespace: 'pid:[1]' }],
    ['whose clock ticks are counted from elsewhere', { timeNamespace: 'time:[1]' }],
    ['of which it is not said when it started', { startedAt: null }],
  ])('%s is unknown', (_what, other) => {
    expect(lifeOf({ ...own, ...other })).toBe('unknown');
  });

  test('of the release before, whose lock names no namespace, is alive where it is seen', () => {
    const directory = emptyDirectory();
    writeFileSync(join(directory, 'lock-1'), `${own.pid} ${own.startedAt} ${own.machineStart}`);
    expect(() => take(directory, 10, { lifeOf })).toThrow(`is in use by process ${own.pid}`);
    writeFileSync(join(directory, 'lock-1'), `${own.pid} 1 ${own.machineStart}`);
    expect(take(directory, 10, { lifeOf }).replacedSilentOwner).toBe(true);
  });
});
