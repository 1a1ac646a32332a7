import { expect, test } from 'vitest';
import { SnapshotTransfer } from '../../src/raft/snapshot-transfer.ts';

const snapshot = { lastIncludedIndex: 8, lastIncludedTerm: 2, totalBytes: 10, checksum: '00000000' };

/** A transfer of which 4 bytes are there, and request 2 carries what follows. */
function halfWay(): SnapshotTransfer {
  const transfer = new SnapshotTransfer(snapshot);
  transfer.sent(1);
  transfer.answered(1, 4);
  transfer.sent(2);
  return transfer;
}

test('one piece is under way at a time, and the answer tells which is next', () => {
  const transfer = new SnapshotTransfer(snapshot);
  expect([transfer.offset, transfer.isUnderWay]).toEqual([0, false]);
  transfer.sent(1);
  expect(transfer.isUnderWay).toBe(true);
  transfer.answered(1, 4);
  expect([transfer.offset, transfer.isUnderWay, transfer.isInstalled]).toEqual([4, false, false]);
});

test('it is over when the follower has all of it', () => {
  const transfer = halfWay();
  transfer.answered(2, 10);
  expect(transfer.isInstalled).toBe(true);
});

test('an answer to any repetition of a piece counts, as a slow network may never answer the last', () => {
  const transfer = halfWay();
  transfer.sent(3);
  transfer.answered(2, 7);
  expect([transfer.offset, transfer.isUnderWay]).toEqual([7, false]);
});

test('an answer to an earlier piece does not, or a duplicate would move it back', () => {
  const transfer = halfWay();
  transfer.answered(1, 0);
  expect([transfer.offset, transfer.isUnderWay]).toEqual([4, true]);
});

test('a follower that has lost what it had is sent that again', () => {
  const transfer = halfWay();
  transfer.answered(2, 0);
  expect([transfer.offset, transfer.isUnderWay]).toEqual([0, false]);
});
