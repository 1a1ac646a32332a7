import { describe, expect, test } from 'vitest';
import { RaftLog } from '../../src/raft/log.ts';
import { entriesOf } from './driver.ts';

function logOf(...terms: readonly number[]): RaftLog {
  return new RaftLog(entriesOf(terms));
}

describe('a log', () => {
  test('starts at index 1, after an entry of term 0 that is always there', () => {
    const empty = logOf();
    expect([empty.firstIndex, empty.lastIndex, empty.lastTerm]).toEqual([1, 0, 0]);
    expect([empty.termAt(0), empty.termAt(1)]).toEqual([0, undefined]);
  });

  test('knows the term of each place, and of its end', () => {
    const log = logOf(1, 1, 3);
    expect([0, 1, 2, 3, 4].map((index) => log.termAt(index))).toEqual([0, 1, 1, 3, undefined]);
    expect([log.lastIndex, log.lastTerm]).toEqual([3, 3]);
  });

  test('gives slices with both ends, as far as there are entries', () => {
    const log = logOf(1, 1, 2, 2);
    expect(log.slice(2, 3)).toEqual(entriesOf([1, 2], 2));
    expect(log.slice(4, 9)).toEqual(entriesOf([2], 4));
    expect(log.slice(5, 9)).toEqual([]);
    expect(log.slice(1, 0)).toEqual([]);
  });

  test('takes what follows, without gaps and with terms that do not fall', () => {
    const log = logOf(1, 2);
    expect(() => log.append(entriesOf([2], 4))).toThrow('without gaps');
    expect(() => log.append(entriesOf([1], 3))).toThrow('terms never fall');
    log.append(entriesOf([2, 3], 3));
    expect(log.slice(1, 4)).toEqual(entriesOf([1, 2, 2, 3]));
  });

  test('is cut from a place on, and only where something is', () => {
    const log = logOf(1, 1, 2);
    log.truncateFrom(2);
    expect(log.slice(1, 9)).toEqual(entriesOf([1]));
    expect(() => log.truncateFrom(2)).toThrow('only what is there');
    expect(() => log.truncateFrom(0)).toThrow('only what is there');
  });

  test('does not change with the list it was made of', () => {
    const found = [...entriesOf([1, 1])];
    const log = new RaftLog(found);
    found.pop();
    expect(log.lastIndex).toBe(2);
  });
});

test('what is missing starts with the first entry of another term, or past the end', () => {
  const log = logOf(1, 1, 2);
  expect(log.firstMissing(entriesOf([1, 2], 2))).toBeUndefined();
  expect(log.firstMissing(entriesOf([1, 3, 3], 2))?.index).toBe(3);
  expect(log.firstMissing(entriesOf([1, 2, 2, 2], 2))?.index).toBe(4);
});

describe('a slice of bounded size', () => {
  function logOfTens(count: number): RaftLog {
    return new RaftLog(entriesOf(Array.from({ length: count }, () => 1)), undefined, () => 10);
  }

  test('holds what fits, to the byte', () => {
    const log = logOfTens(4);
    expect(log.sliceUpTo(2, 20)).toEqual(entriesOf([1, 1], 2));
    expect(log.sliceUpTo(2, 19)).toEqual(entriesOf([1], 2));
    expect(log.sliceUpTo(2, 1000)).toEqual(entriesOf([1, 1, 1], 2));
  });

  test('holds one entry even where that is too large, so that it gets through at all', () => {
    expect(logOfTens(3).sliceUpTo(2, 1)).toEqual(entriesOf([1], 2));
  });

  test('is empty past the end', () => {
    expect(logOfTens(1).sliceUpTo(2, 100)).toEqual([]);
    expect(logOfTens(1).lastIndexWithin(2, 100)).toBe(1);
  });
});

describe('the size of entries', () => {
  /** Entry 1 has 1 byte, entry 2 has 2, and so on. */
  function logOfSizes(count: number): RaftLog {
    return new RaftLog(entriesOf(Array.from({ length: count }, () => 1)), undefined, ({ index }) => index);
  }

  test('is known between any two places, and of what is not held there is none', () => {
    const log = logOfSizes(6);
    expect([log.bytesBetween(0, 6), log.bytesBetween(2, 4), log.bytesBetween(4, 4)]).toEqual([21, 7, 0]);
    expect([log.bytesBetween(4, 2), log.bytesBetween(0, 99), log.bytesBetween(50, 99)]).toEqual([0, 21, 0]);
  });

  test('stays right when the log is compacted, truncated, or goes on', () => {
    const log = logOfSizes(6);
    log.compactTo(2);
    expect([log.bytesBetween(0, 6), log.bytesBetween(3, 5)]).toEqual([18, 9]);
    log.truncateFrom(5);
    log.append(entriesOf([1, 1, 1], 5));
    expect([log.bytesBetween(2, 7), log.bytesBetween(4, 7)]).toEqual([25, 18]);
    log.compactTo(7);
    expect(log.bytesBetween(0, 7)).toBe(0);
    log.append(entriesOf([1], 8));
    expect(log.bytesBetween(7, 8)).toBe(8);
    log.restartAfter({ index: 9, term: 1 });
    log.append(entriesOf([1], 10));
    expect(log.bytesBetween(0, 10)).toBe(10);
  });

  test('tells how long a tail fits into so many bytes', () => {
    const log = logOfSizes(6);
    expect([log.startOfTail(6, 11), log.startOfTail(6, 10), log.startOfTail(6, 5)]).toEqual([4, 5, 6]);
    expect([log.startOfTail(4, 7), log.startOfTail(4, 1000)]).toEqual([2, 0]);
    log.compactTo(2);
    expect([log.startOfTail(4, 1000), log.startOfTail(6, 11)]).toEqual([2, 4]);
  });

  test('is asked once for each entry', () => {
    let asked = 0;
    const log = new RaftLog(entriesOf([1, 1]), undefined, () => {
      asked += 1;
      return 1;
    });
    log.append(entriesOf([1, 1], 3));
    log.bytesBetween(0, 4);
    log.sliceUpTo(1, 3);
    log.compactTo(2);
    expect(asked).toBe(4);
  });
});

describe('a conflict', () => {
  test('past the end of the log is at the place after the last entry, and has no term', () => {
    expect(logOf(1, 1).conflictAt(7)).toEqual({ conflict_index: 3 });
    expect(logOf().conflictAt(1)).toEqual({ conflict_index: 1 });
  });

  test('within the log names the term that stands there and where that begins', () => {
    expect(logOf(1, 2, 2, 2, 3).conflictAt(4)).toEqual({ conflict_index: 2, conflict_term: 2 });
    expect(logOf(4, 4, 4).conflictAt(3)).toEqual({ conflict_index: 1, conflict_term: 4 });
  });
});

describe('where a leader goes back to', () => {
  test('is the conflict where it names no term', () => {
    expect(logOf(1, 1, 1, 1).nextIndexAfter({ conflict_index: 2 }, 4)).toBe(2);
  });

  test('is after its own last entry of the conflicting term, where it has one before the place', () => {
    expect(logOf(1, 2, 2, 3, 3).nextIndexAfter({ conflict_index: 2, conflict_term: 2 }, 5)).toBe(4);
  });

  test('is before the whole of a term that it does not have', () => {
    expect(logOf(1, 1, 1, 4, 4).nextIndexAfter({ conflict_index: 3, conflict_term: 2 }, 5)).toBe(3);
    expect(logOf(1, 4, 4, 4, 4).nextIndexAfter({ conflict_index: 3, conflict_term: 2 }, 5)).toBe(3);
    expect(logOf(4, 4, 4).nextIndexAfter({ conflict_index: 1, conflict_term: 2 }, 3)).toBe(1);
  });

  test('is not looked for behind the place that was rejected', () => {
    expect(logOf(1, 2, 2, 2, 2).nextIndexAfter({ conflict_index: 1, conflict_term: 2 }, 3)).toBe(4);
  });
});

describe('a log whose beginning a snapshot covers', () => {
  /** Its entries 4 to 6, and of entry 3 the term. */
  function compacted(): RaftLog {
    const log = logOf(1, 1, 2, 2, 3, 3);
    log.compactTo(3);
    return log;
  }

  test('knows of what is gone the last place only', () => {
    const log = compacted();
    expect([log.firstIndex, log.lastIndex, log.lastTerm]).toEqual([4, 6, 3]);
    expect([1, 2, 3, 4, 6, 7].map((index) => log.termAt(index))).toEqual([undefined, undefined, 2, 2, 3, undefined]);
    expect(log.slice(4, 6)).toEqual(entriesOf([2, 3, 3], 4));
    expect(() => log.slice(3, 6)).toThrow('only what is held');
    expect(() => log.sliceUpTo(3, 100)).toThrow('only what is held');
  });

  test('is added to, truncated and compacted as any other', () => {
    const log = compacted();
    log.append(entriesOf([3], 7));
    log.truncateFrom(5);
    log.append(entriesOf([4, 4], 5));
    log.compactTo(5);
    expect([log.firstIndex, log.termAt(5), log.slice(6, 9)]).toEqual([6, 4, entriesOf([4], 6)]);
    expect(() => log.truncateFrom(5)).toThrow('only what is there');
    expect(() => log.compactTo(4)).toThrow('only what is there');
  });

  test('may be empty, and goes on where the snapshot ends', () => {
    const log = logOf(1, 1, 2);
    log.compactTo(3);
    expect([log.firstIndex, log.lastIndex, log.lastTerm]).toEqual([4, 3, 2]);
    log.append(entriesOf([2], 4));
    expect(log.lastIndex).toBe(4);
  });

  test('begins anew behind a snapshot that takes the place of all', () => {
    const log = logOf(1, 1, 2);
    log.restartAfter({ index: 9, term: 4 });
    expect([log.firstIndex, log.lastIndex, log.lastTerm, log.termAt(2)]).toEqual([10, 9, 4, undefined]);
  });

  test('misses nothing of what is gone', () => {
    expect(compacted().firstMissing(entriesOf([1, 1, 2, 2], 1))).toBeUndefined();
    expect(compacted().firstMissing(entriesOf([1, 1, 2, 2, 4], 1))?.index).toBe(5);
  });

  test('tells a conflict, and takes one, as far as it reaches back', () => {
    expect(compacted().conflictAt(4)).toEqual({ conflict_index: 4, conflict_term: 2 });
    expect(compacted().conflictAt(9)).toEqual({ conflict_index: 7 });
    expect(compacted().nextIndexAfter({ conflict_index: 2, conflict_term: 2 }, 6)).toBe(5);
    expect(compacted().nextIndexAfter({ conflict_index: 2, conflict_term: 1 }, 6)).toBe(2);
    expect(compacted().nextIndexAfter({ conflict_index: 2, conflict_term: 1 }, 1)).toBe(2);
  });

  describe('as it was found on the disk', () => {
    const snapshot = { index: 3, term: 2 };

    test.each([
      ['nothing behind the snapshot', [], 4],
      ['what follows the snapshot', entriesOf([2, 3], 4), 4],
      ['all from the beginning', entriesOf([1, 1, 2, 2, 3]), 1],
      ['some from before: its first entry is known by its place only', entriesOf([1, 2, 2, 3], 2), 3],
    ])('%s', (_what, entries, firstIndex) => {
      const log = new RaftLog(entries, snapshot);
      expect([log.firstIndex, log.termAt(3)]).toEqual([firstIndex, 2]);
      expect(log.lastIndex).toBe(entries.at(-1)?.index ?? 3);
    });

    test('it never contradicts the snapshot, and there is no gap', () => {
      expect(() => new RaftLog(entriesOf([1, 1, 1, 2]), snapshot)).toThrow('goes on where the snapshot ends');
      expect(() => new RaftLog(entriesOf([2], 6), snapshot)).toThrow('goes on where the snapshot ends');
    });
  });
});
