import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/raft/messages.ts';
import { MemoryStorage } from '../../src/storage/memory-storage.ts';

const hardState = { nodeId: 'n1', voters: ['n1', 'n2', 'n3'], bootCount: 0, term: 1, votedFor: null };

function entries(...places: readonly (readonly [term: number, index: number])[]): readonly Entry[] {
  return places.map(([term, index]) => ({ term, index, command: `${term}/${index}` }));
}

test('fresh, there is nothing on it', () => {
  const storage = new MemoryStorage();
  expect([storage.recovered, storage.contents, storage.persistedBatch]).toEqual([undefined, undefined, 0]);
});

test('a batch is persisted as soon as it is written', () => {
  const storage = new MemoryStorage();
  storage.write({ number: 1, hardState, entries: entries([1, 1]) });
  expect(storage.persistedBatch).toBe(1);
  storage.write({ number: 2, entries: entries([1, 2], [1, 3]) });
  expect(storage.persistedBatch).toBe(2);
  expect(storage.contents).toEqual({ hardState, entries: entries([1, 1], [1, 2], [1, 3]) });
});

test('what it recovers stays as it was found, while it is written on', () => {
  const found = { hardState, entries: entries([1, 1]) };
  const storage = new MemoryStorage(found);
  storage.write({ number: 1, hardState: { ...hardState, bootCount: 1 }, entries: entries([1, 2]) });
  expect(storage.recovered).toEqual({ hardState, entries: entries([1, 1]) });
  expect(storage.contents).toEqual({ hardState: { ...hardState, bootCount: 1 }, entries: entries([1, 1], [1, 2]) });
});

test('what was taken from it does not change with it', () => {
  const storage = new MemoryStorage();
  storage.write({ number: 1, hardState, entries: entries([1, 1]) });
  const { contents } = storage;
  storage.write({ number: 2, entries: entries([2, 1], [2, 2]) });
  expect(contents?.entries).toEqual(entries([1, 1]));
});

test('an entry at an index that is taken replaces that entry and all behind it', () => {
  const storage = new MemoryStorage({ hardState, entries: entries([1, 1], [1, 2], [1, 3]) });
  storage.write({ number: 1, entries: entries([2, 2]) });
  expect(storage.contents?.entries).toEqual(entries([1, 1], [2, 2]));
});

test('a batch without entries or without hard state leaves what was there', () => {
  const storage = new MemoryStorage({ hardState, entries: entries([1, 1]) });
  storage.write({ number: 1, hardState: { ...hardState, term: 2 }, entries: [] });
  storage.write({ number: 2, entries: [] });
  expect(storage.contents).toEqual({ hardState: { ...hardState, term: 2 }, entries: entries([1, 1]) });
});

describe('a snapshot', () => {
  const description = { lastIncludedIndex: 7, lastIncludedTerm: 1, totalBytes: 0, checksum: '00000000' };

  test('is read from any place on, however it is cut', () => {
    const text = 'the state as it was at entry seven';
    for (const length of [1, 2, 3, 7, 100]) {
      const pieces = Array.from({ length: Math.ceil(text.length / length) }, (_, at) => text.slice(at * length, (at + 1) * length));
      const storage = new MemoryStorage();
      const snapshot = { description: { ...description, totalBytes: text.length }, pieces: ['', ...pieces, ''] };
      storage.write({ number: 1, hardState, snapshot, entries: [] });
      for (let offset = 0; offset <= text.length; offset += 1) {
        for (const maxBytes of [1, 2, 5, text.length, Infinity]) {
          expect(storage.snapshot?.read(offset, maxBytes)).toBe(text.slice(offset, offset + maxBytes));
        }
      }
    }
  });

  test('may be longer than the longest string', () => {
    const piece = 'x'.repeat(1024 * 1024);
    const pieces = Array.from({ length: 600 }, () => piece);
    const totalBytes = pieces.length * piece.length;
    const storage = new MemoryStorage();
    storage.write({ number: 1, hardState, snapshot: { description: { ...description, totalBytes }, pieces }, entries: [] });
    expect(storage.snapshot?.read(totalBytes - 5, 100)).toBe('xxxxx');
    expect(storage.snapshot?.read(piece.length - 1, 3)).toBe('xxx');
  });
});

describe('it is a broken invariant', () => {
  test.each([[0], [2]])('to write batch %i first', (number) => {
    expect(() => new MemoryStorage().write({ number, entries: [] })).toThrow('batches are written in order');
  });

  test('to leave a gap in the log', () => {
    const storage = new MemoryStorage({ hardState, entries: entries([1, 1]) });
    expect(() => storage.write({ number: 1, entries: entries([1, 3]) })).toThrow('without gaps');
  });
});
