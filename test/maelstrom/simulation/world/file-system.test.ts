import { expect, it } from 'vitest';
import { SimulatedFileSystem, DiskFailure } from '../../../../maelstrom/simulation/world/file-system.ts';
import type { DiskCondition } from '../../../../maelstrom/simulation/world/file-system.ts';
import { Platter } from '../../../../maelstrom/simulation/world/platter.ts';
import { VirtualTime } from '../../../../maelstrom/simulation/world/virtual-time.ts';
import { Random } from '../../../../src/index.ts';
import type { Completion } from '../../../../src/storage/file-system.ts';

function onThrow(error: unknown): void {
  throw error;
}

function newDisk(condition: Partial<DiskCondition> = {}, seed: number = 1) {
  const platter = new Platter();
  platter.create('/data/log');
  const time = new VirtualTime();
  const well = { meanMs: 5, failureRate: 0, shortWriteRate: 0, freeBytes: Infinity };
  const options = { platter, condition: { ...well, ...condition }, time, random: new Random(seed), onBegin: () => {}, onThrow };
  const disk = new SimulatedFileSystem(options);
  return { platter, time, disk, file: disk.openSync('/data/log'), condition: options.condition };
}

function read(platter: Platter): string {
  return platter.file('/data/log').read().toString();
}

it('an operation takes effect, and reports back, after a while', () => {
  const { platter, time, file } = newDisk();
  const reports: Completion<number>[] = [];
  file.write(Buffer.from('hello'), 0, (completion) => reports.push(completion));
  expect([read(platter), reports]).toEqual(['', []]);
  time.runUntil(1000);
  expect([read(platter), reports]).toEqual(['hello', [{ kind: 'done', value: 5 }]]);
});

it('a write that is interrupted is there in part, and nobody is told', () => {
  const found = new Set(Array.from({ length: 50 }, (_, seed) => {
    const { platter, time, disk, file } = newDisk({}, seed);
    file.write(Buffer.from('ab'), 0, () => expect.unreachable());
    disk.detach();
    time.runUntil(1000);
    return read(platter);
  }));
  expect(found).toEqual(new Set(['', 'a', 'ab']));
});

it('an operation that fails says so, and has done nothing', () => {
  const { platter, time, file } = newDisk({ failureRate: 1 });
  const errors: unknown[] = [];
  file.write(Buffer.from('hello'), 0, (completion) => errors.push(completion.kind === 'failed' && completion.error));
  time.runUntil(1000);
  expect(errors).toEqual([expect.any(DiskFailure)]);
  expect(read(platter)).toBe('');
});

it('a read gives what is there, or a part of it, or fails', () => {
  const readsOf = (condition: Partial<DiskCondition>): ReadonlySet<string> => {
    const { platter, disk } = newDisk(condition);
    platter.file('/data/log').write(Buffer.from('abc'), 0);
    const file = disk.openForReadingSync('/data/log');
    return new Set(Array.from({ length: 50 }, () => file.readSync(0, 3).toString()));
  };
  expect(readsOf({})).toEqual(new Set(['abc']));
  expect(readsOf({ shortWriteRate: 1 })).toEqual(new Set(['a', 'ab', 'abc']));
  expect(() => readsOf({ failureRate: 1 })).toThrow(DiskFailure);
});

it('a disk that fills up takes what there is room for, then nothing', () => {
  const { platter, time, file, condition } = newDisk({ freeBytes: 3 });
  const reports: Completion<number>[] = [];
  file.write(Buffer.from('hello'), 0, (completion) => reports.push(completion));
  time.runUntil(1000);
  file.write(Buffer.from('lo'), 3, (completion) => reports.push(completion));
  time.runUntil(2000);
  expect(reports).toMatchObject([{ kind: 'done', value: 3 }, { kind: 'failed' }]);
  expect([read(platter), condition.freeBytes]).toEqual(['hel', 0]);
});
