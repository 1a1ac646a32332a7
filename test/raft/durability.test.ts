import { beforeEach, describe, expect, test } from 'vitest';
import { Durability } from '../../src/raft/durability.ts';
import type { HardState } from '../../src/raft/hard-state.ts';
import { RaftLog } from '../../src/raft/log.ts';
import { entriesOf, threeNodes } from './driver.ts';

const hardState: HardState = { nodeId: 'n1', voters: threeNodes, bootCount: 0, term: 1, votedFor: null };

let log: RaftLog;
let durability: Durability;

beforeEach(() => {
  log = new RaftLog(entriesOf([1, 1]));
  durability = new Durability(log);
  durability.takeBatch(hardState);
  durability.persisted(1);
});

describe('at the start', () => {
  test('the log found on the disk is there, and the hard state is written, as it counts the start', () => {
    const started = new Durability(log);
    expect(started.persistedIndex).toBe(2);
    expect(started.takeBatch(hardState)).toEqual({ number: 1, hardState, entries: [] });
  });
});

describe('a batch', () => {
  test('holds what is new, and the hard state only where that has changed', () => {
    log.append(entriesOf([1], 3));
    expect(durability.takeBatch(hardState)).toEqual({ number: 2, entries: entriesOf([1], 3) });
    durability.persisted(2);
    durability.hardStateChanged();
    expect(durability.takeBatch(hardState)).toEqual({ number: 3, hardState, entries: [] });
  });

  test('is not made where nothing is new', () => {
    expect(durability.takeBatch(hardState)).toBeUndefined();
  });

  test('is the only one in flight', () => {
    log.append(entriesOf([1], 3));
    durability.takeBatch(hardState);
    log.append(entriesOf([1], 4));
    expect(() => durability.takeBatch(hardState)).toThrow('at most one batch');
  });

  test('is reported by its number, once', () => {
    expect(() => durability.persisted(1)).toThrow('batch in flight');
    expect(() => durability.persisted(2)).toThrow('batch in flight');
  });
});

describe('a batch of bounded size', () => {
  const ten = (): number => 10;

  /** Of entries of ten bytes each, two fit into a batch. */
  function start(): void {
    log = new RaftLog(entriesOf([1, 1]), undefined, ten);
    durability = new Durability(log, 25);
    durability.takeBatch(hardState);
    durability.persisted(1);
  }

  /** Writes the next batch; its entries, as their indexes. */
  function write(): readonly number[] | undefined {
    const batch = durability.takeBatch(hardState);
    if (batch !== undefined) durability.persisted(batch.number);
    return batch?.entries.map(({ index }) => index);
  }

  test('takes what fits; the rest follows in the next', () => {
    start();
    log.append(entriesOf([1, 1, 1, 1, 1], 3));
    expect(durability.batchOfEverything).toBe(4);
    expect([write(), durability.persistedIndex, durability.hasPersisted(4)]).toEqual([[3, 4], 4, false]);
    expect(durability.batchOfEverything).toBe(4);
    expect([write(), write(), write()]).toEqual([[5, 6], [7], undefined]);
    expect([durability.persistedIndex, durability.hasPersisted(4)]).toEqual([7, true]);
  });

  test('takes one entry even where that is too large', () => {
    log = new RaftLog(entriesOf([1]), undefined, () => 1000);
    durability = new Durability(log, 25);
    log.append(entriesOf([1, 1], 2));
    expect(durability.batchOfEverything).toBe(2);
    expect([write(), write(), write()]).toEqual([[2], [3], undefined]);
  });

  test('is cut where it is cut, whatever comes behind', () => {
    start();
    log.append(entriesOf([1, 1, 1], 3));
    expect(durability.batchOfEverything).toBe(3);
    log.append(entriesOf([1, 1, 1, 1, 1], 6));
    expect([write(), write(), durability.persistedIndex]).toEqual([[3, 4], [5, 6], 6]);
  });

  test('comes, if need be empty, where something may wait for it and its entries were truncated', () => {
    start();
    log.append(entriesOf([1, 1, 1, 1, 1], 3));
    expect(durability.batchOfEverything).toBe(4);
    durability.truncatesFrom(4);
    log.truncateFrom(4);
    expect([write(), write(), write(), write()]).toEqual([[3], [], [], undefined]);
    expect(durability.hasPersisted(4)).toBe(true);
  });

  test('comes likewise where a snapshot has taken the place of its entries', () => {
    start();
    log.append(entriesOf([1, 1, 1, 1, 1], 3));
    durability.replacesLog({ description: { lastIncludedIndex: 9, lastIncludedTerm: 1, totalBytes: 4, checksum: '' }, pieces: [] });
    log.restartAfter({ index: 9, term: 1 });
    expect([write(), write(), write(), write()]).toEqual([[], [], [], undefined]);
    expect([durability.hasPersisted(4), durability.persistedIndex]).toEqual([true, 9]);
  });
});

describe('what is on the disk', () => {
  test('grows when a batch is reported and not when it is taken', () => {
    log.append(entriesOf([1, 1], 3));
    durability.takeBatch(hardState);
    log.append(entriesOf([1], 5));
    expect([durability.persistedIndex, durability.hasPersisted(2)]).toEqual([2, false]);
    durability.persisted(2);
    expect([durability.persistedIndex, durability.hasPersisted(2)]).toEqual([4, true]);
  });

  test('does not include what was truncated and replaced while it was being written', () => {
    log.append(entriesOf([1, 1], 3));
    durability.takeBatch(hardState);
    durability.truncatesFrom(4);
    log.truncateFrom(4);
    log.append(entriesOf([2, 2], 4));
    durability.persisted(2);
    expect(durability.persistedIndex).toBe(3);
    expect(durability.takeBatch(hardState)?.entries).toEqual(entriesOf([2, 2], 4));
  });

  test('shrinks with the log', () => {
    durability.truncatesFrom(2);
    log.truncateFrom(2);
    log.append(entriesOf([2], 2));
    expect(durability.persistedIndex).toBe(1);
    expect(durability.takeBatch(hardState)?.entries).toEqual(entriesOf([2], 2));
  });
});

describe('the batch to wait for', () => {
  test('is the next one for what has not been taken, and the one in flight for what has', () => {
    expect(durability.batchOfEverything).toBe(1);
    log.append(entriesOf([1], 3));
    expect(durability.batchOfEverything).toBe(2);
    durability.takeBatch(hardState);
    expect(durability.batchOfEverything).toBe(2);
    log.append(entriesOf([1], 4));
    expect(durability.batchOfEverything).toBe(3);
  });

  test('is for the hard state that of its last change, whatever entries come after', () => {
    durability.hardStateChanged();
    expect(durability.batchOfHardState).toBe(2);
    durability.takeBatch(hardState);
    log.append(entriesOf([1], 3));
    expect(durability.batchOfHardState).toBe(2);
    durability.hardStateChanged();
    expect([durability.batchOfHardState, durability.batchOfEverything]).toEqual([3, 3]);
  });
});

describe('a snapshot that takes the place of the log', () => {
  const snapshot = {
    description: { lastIncludedIndex: 9, lastIncludedTerm: 1, totalBytes: 4, checksum: '00000000' },
    pieces: ['text'],
  };

  function replaceLog(): void {
    durability.replacesLog(snapshot);
    log.restartAfter({ index: 9, term: 1 });
  }

  test('goes to the disk with what follows it, in one batch; until then nothing there counts', () => {
    replaceLog();
    log.append(entriesOf([1], 10));
    expect([durability.persistedIndex, durability.batchOfEverything]).toEqual([0, 2]);
    expect(durability.takeBatch(hardState)).toEqual({ number: 2, snapshot, entries: entriesOf([1], 10) });
    expect(durability.persistedIndex).toBe(0);
    durability.persisted(2);
    expect(durability.persistedIndex).toBe(10);
    expect(durability.takeBatch(hardState)).toBeUndefined();
  });

  test('is not there when a batch is that was taken before it', () => {
    log.append(entriesOf([1], 3));
    durability.takeBatch(hardState);
    replaceLog();
    durability.persisted(2);
    expect([durability.persistedIndex, durability.batchOfEverything]).toEqual([0, 3]);
    durability.takeBatch(hardState);
    durability.persisted(3);
    expect(durability.persistedIndex).toBe(9);
  });
});
