import { describe, expect, test } from 'vitest';
import { isUpToDate, Tally } from '../../src/raft/election.ts';

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

describe('a tally', () => {
  test('is won by a majority of the voters', () => {
    const tally = new Tally(['n1', 'n2', 'n3', 'n4', 'n5']);
    tally.grantedBy('n1');
    tally.grantedBy('n4');
    expect(tally.isWon).toBe(false);
    tally.grantedBy('n5');
    expect(tally.isWon).toBe(true);
  });

  test('counts each voter once', () => {
    const tally = new Tally(['n1', 'n2', 'n3']);
    tally.grantedBy('n2');
    tally.grantedBy('n2');
    expect(tally.isWon).toBe(false);
  });

  test('counts voters only', () => {
    const tally = new Tally(['n1', 'n2', 'n3']);
    tally.grantedBy('n2');
    tally.grantedBy('n9');
    expect(tally.isWon).toBe(false);
  });
});
