import { describe, expect, test } from 'vitest';
import { RaftLog } from '../../src/raft/log.ts';
import { Progress } from '../../src/raft/progress.ts';
import { entriesOf } from './driver.ts';

const tenOfTermOne = new RaftLog(entriesOf(Array.from({ length: 10 }, () => 1)));

/** A follower that has acknowledged everything up to `matchIndex`, by request 1. */
function replicating(matchIndex: number, maxInFlight = 3): Progress {
  const progress = new Progress(matchIndex + 1, 0, maxInFlight);
  progress.sent(1, 0, 0, 0);
  progress.accepted(1, matchIndex);
  return progress;
}

describe('while probing', () => {
  test('one message with entries goes at a time, and does not move nextIndex', () => {
    const progress = new Progress(5, 0, 3);
    expect([progress.mode, progress.hasRoom()]).toEqual(['probe', true]);
    progress.sent(1, 2, 0, 0);
    expect([progress.nextIndex, progress.hasRoom()]).toEqual([5, false]);
  });

  test('an answer to what is known to have been sent ends it', () => {
    const progress = new Progress(5, 0, 3);
    progress.sent(1, 2, 0, 0);
    progress.accepted(1, 6);
    expect([progress.mode, progress.matchIndex, progress.nextIndex]).toEqual(['replicate', 6, 7]);
  });

  test('an answer to what was sent before it does not, though what it says is true', () => {
    const progress = replicating(2);
    progress.sent(2, 1, 0, 0);
    progress.sent(3, 1, 0, 0);
    progress.rejected(3, { conflict_index: 3 }, tenOfTermOne);
    progress.accepted(2, 3);
    expect([progress.mode, progress.matchIndex, progress.nextIndex]).toEqual(['probe', 3, 4]);
  });
});

describe('while replicating', () => {
  test('messages follow each other without waiting, up to the bound', () => {
    const progress = replicating(2, 2);
    progress.sent(2, 1, 0, 0);
    expect([progress.nextIndex, progress.hasRoom()]).toEqual([4, true]);
    progress.sent(3, 3, 0, 0);
    expect([progress.nextIndex, progress.hasRoom()]).toEqual([7, false]);
  });

  test('of full messages, sixteen are on their way at the most', () => {
    const progress = replicating(2, 128);
    for (let number = 2; number < 18; number += 1) {
      expect(progress.hasRoom()).toBe(true);
      progress.sent(number, 1, 0, 0, true);
    }
    expect(progress.hasRoom()).toBe(false);
    progress.accepted(2, 3);
    expect(progress.hasRoom()).toBe(true);
  });

  test('of those that are not full, the bound is the other one', () => {
    const progress = replicating(2, 128);
    for (let number = 2; number < 129; number += 1) progress.sent(number, 1, 0, 0, number < 17);
    expect(progress.hasRoom()).toBe(true);
    progress.sent(129, 1, 0, 0);
    expect(progress.hasRoom()).toBe(false);
  });

  test('an acknowledgement makes room, also for what was sent before', () => {
    const progress = replicating(2, 2);
    progress.sent(2, 1, 0, 0);
    progress.sent(3, 1, 0, 0);
    progress.accepted(3, 4);
    progress.sent(4, 1, 0, 0);
    expect(progress.hasRoom()).toBe(true);
  });

  test('a full window takes heartbeats, and forgets the oldest for them', () => {
    const progress = replicating(2, 2);
    for (let number = 2; number < 12; number += 1) progress.sent(number, number < 4 ? 1 : 0, 0, 0);
    expect(progress.hasRoom()).toBe(false);
    progress.rejected(9, { conflict_index: 3 }, tenOfTermOne);
    expect(progress.mode).toBe('replicate');
    progress.rejected(10, { conflict_index: 3 }, tenOfTermOne);
    expect(progress.mode).toBe('probe');
  });

  test('a rejection leads back to probing where the logs part', () => {
    const progress = replicating(2);
    progress.sent(2, 3, 0, 0);
    progress.sent(3, 3, 0, 0);
    progress.rejected(3, { conflict_index: 4 }, tenOfTermOne);
    expect([progress.mode, progress.nextIndex, progress.hasRoom()]).toEqual(['probe', 4, true]);
  });
});

describe('nextIndex', () => {
  test('stays above matchIndex whatever a rejection says', () => {
    const progress = replicating(4);
    progress.sent(2, 3, 0, 0);
    progress.sent(3, 1, 0, 0);
    progress.rejected(3, { conflict_index: 1 }, tenOfTermOne);
    expect(progress.nextIndex).toBe(5);
  });

  test('never falls below 1', () => {
    const progress = new Progress(2, 0, 3);
    progress.sent(1, 0, 0, 0);
    progress.rejected(1, { conflict_index: 0 }, tenOfTermOne);
    expect(progress.nextIndex).toBe(1);
  });

  test('goes back by at least one with each rejection, so that an end comes', () => {
    const progress = new Progress(8, 0, 3);
    progress.sent(1, 0, 0, 0);
    progress.rejected(1, { conflict_index: 100 }, tenOfTermOne);
    expect(progress.nextIndex).toBe(7);
  });

  test('does not go back with an old acknowledgement', () => {
    const progress = replicating(4);
    progress.sent(2, 2, 0, 0);
    progress.accepted(2, 6);
    progress.accepted(1, 3);
    expect([progress.matchIndex, progress.nextIndex]).toEqual([6, 7]);
  });
});

describe('a rejection is stale', () => {
  test('where the entry before its request is known to match by now', () => {
    const progress = replicating(4);
    progress.sent(2, 1, 0, 0);
    progress.sent(3, 1, 0, 0);
    progress.accepted(3, 6);
    progress.sent(4, 0, 0, 0);
    progress.rejected(4, { conflict_index: 2 }, tenOfTermOne);
    expect([progress.mode, progress.nextIndex]).toEqual(['replicate', 7]);
  });

  test('where its request is of no interest any more', () => {
    const progress = replicating(2);
    progress.sent(2, 2, 0, 0);
    progress.sent(3, 2, 0, 0);
    progress.sent(4, 2, 0, 0);
    progress.rejected(4, { conflict_index: 5 }, tenOfTermOne);
    progress.rejected(3, { conflict_index: 3 }, tenOfTermOne);
    expect([progress.mode, progress.nextIndex]).toEqual(['probe', 5]);
  });
});

describe('signs of life', () => {
  test('every answer counts for the time, and the newest for the number', () => {
    const progress = new Progress(1, 10, 3);
    expect([progress.isSilent, progress.heardAtMs, progress.answeredNumber]).toEqual([true, 10, 0]);
    progress.answered(7, 0, 30);
    progress.answered(5, 0, 20);
    expect([progress.isSilent, progress.heardAtMs, progress.answeredNumber]).toEqual([false, 30, 7]);
  });

  test('a request of the follower is one, and answers nothing', () => {
    const progress = new Progress(1, 0, 3);
    progress.heard(20);
    expect([progress.isSilent, progress.heardAtMs, progress.answeredNumber]).toEqual([false, 20, 0]);
  });
});

describe('a follower that waits for a commit index', () => {
  test('is told once, when there is news', () => {
    const progress = replicating(5);
    progress.awaitCommit(4);
    expect(progress.awaitsCommit(3)).toBe(true);
    progress.sent(2, 0, 3, 0);
    expect(progress.awaitsCommit(3)).toBe(false);
    expect(progress.awaitsCommit(9)).toBe(true);
    progress.sent(3, 0, 9, 0);
    expect(progress.awaitsCommit(9)).toBe(false);
  });

  test('is told again where what it was told may have been lost', () => {
    const progress = replicating(2);
    progress.awaitCommit(4);
    progress.sent(2, 2, 4, 0);
    expect(progress.awaitsCommit(4)).toBe(false);
    progress.sent(3, 0, 4, 0);
    progress.rejected(3, { conflict_index: 3 }, tenOfTermOne);
    progress.sent(4, 2, 2, 0);
    progress.accepted(4, 4);
    expect(progress.awaitsCommit(4)).toBe(true);
  });

  test('is not told by a message that ends before the entry, as it would learn nothing', () => {
    const progress = new Progress(5, 0, 3);
    progress.sent(1, 1, 0, 0);
    progress.awaitCommit(8);
    progress.sent(2, 0, 8, 0);
    expect(progress.awaitsCommit(8)).toBe(false);
  });
});

describe('while a snapshot is sent', () => {
  const snapshot = { lastIncludedIndex: 7, lastIncludedTerm: 1, totalBytes: 10, checksum: '00000000' };

  function transferring(): Progress {
    const progress = replicating(2);
    progress.beginTransfer(snapshot);
    progress.sentPiece(2, 5);
    return progress;
  }

  test('no entries go', () => {
    const progress = transferring();
    expect([progress.mode, progress.hasRoom(), progress.sentAtMs, progress.sentNumber]).toEqual(['snapshot', false, 5, 2]);
  });

  test('the whole of it stands for all that it covers, and entries follow at once', () => {
    const progress = transferring();
    progress.tookPiece(2, 6, 0);
    expect([progress.mode, progress.matchIndex, progress.transfer?.offset]).toEqual(['snapshot', 2, 6]);
    progress.sentPiece(3, 6);
    progress.tookPiece(3, 10, 0);
    expect([progress.mode, progress.matchIndex, progress.nextIndex, progress.hasRoom()]).toEqual(['replicate', 7, 8, true]);
  });

  test('a follower that shows that it needs none is sent no more of it', () => {
    const progress = transferring();
    progress.accepted(1, 6);
    expect(progress.mode).toBe('snapshot');
    progress.accepted(1, 7);
    expect([progress.mode, progress.nextIndex]).toEqual(['replicate', 8]);
  });

  test('a rejection of something older changes nothing', () => {
    const progress = transferring();
    progress.rejected(1, { conflict_index: 1 }, tenOfTermOne);
    expect([progress.mode, progress.nextIndex]).toEqual(['snapshot', 3]);
  });
});
