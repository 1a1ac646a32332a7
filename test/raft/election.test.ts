import { describe, expect, test } from 'vitest';
import { isUpToDate } from '../../src/raft/election.ts';

describe('a log is up to date', () => {
  const own = { lastTerm: 3, lastIndex: 5 };

  test('if its last term is later, however short it is', () => {
    expect(isUpToDate({ lastTerm: 4, lastIndex: 1 }, own)).toBe(true);
  });

  test('if it ends in the same term and is at least as long', () => {
    expect(isUpToDate({ lastTerm: 3, lastIndex: 5 }, own)).toBe(true);
    expect(isUpToDate({ lastTerm: 3, lastIndex: 4 }, own)).toBe(false);
  });

  test('never if its last term is earlier, however long it is', () => {
    expect(isUpToDate({ lastTerm: 2, lastIndex: 100 }, own)).toBe(false);
  });
});
