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
    log.truncateFrom(4);
    durability.logTruncatedFrom(4);
    log.append(entriesOf([2, 2], 4));
    durability.persisted(2);
    expect(durability.persistedIndex).toBe(3);
    expect(durability.takeBatch(hardState)?.entries).toEqual(entriesOf([2, 2], 4));
  });

  test('shrinks with the log', () => {
    log.truncateFrom(2);
    durability.logTruncatedFrom(2);
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
    log.restartAfter({ index: 9, term: 1 });
    durability.logReplaced(snapshot);
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
