import { expect, test } from 'vitest';
import { pendingLimitMs } from '../../src/member/pending.ts';
import { PendingReads } from '../../src/member/pending-reads.ts';

const client = 'c1';

/** Reads numbered from 0 on, added one a millisecond. */
function pending(count: number, bound = 10): PendingReads<string, string> {
  const reads = new PendingReads<string, string>(bound);
  for (let added = 0; added < count; added += 1) reads.add(client, 'x', added);
  return reads;
}

function idsOf(reads: readonly { readonly id: number }[]): readonly number[] {
  return reads.map(({ id }) => id);
}

test('reads are asked once, in the order of arrival', () => {
  const reads = pending(2);
  expect(idsOf(reads.ask())).toEqual([0, 1]);
  expect(reads.hasWaiting).toBe(false);
  expect(reads.ask()).toEqual([]);
});

test('the bound counts the waiting and the asked, and has room again when one is served', () => {
  const reads = pending(1, 2);
  reads.ask();
  expect(reads.add(client, 'x', 1)).toBe(true);
  expect(reads.add(client, 'x', 2)).toBe(false);
  expect(reads.size).toBe(2);
  reads.takeServed(0);
  expect(reads.add(client, 'x', 3)).toBe(true);
});

test('a read is served once, and only after it was asked', () => {
  const reads = pending(1);
  expect(reads.takeServed(0)).toBeUndefined();
  reads.ask();
  expect(reads.takeServed(0)).toMatchObject({ id: 0, caller: client, query: 'x' });
  expect(reads.takeServed(0)).toBeUndefined();
});

test('the wait for a leader ends at the limit, not before, and what has been asked goes on', () => {
  const reads = pending(1);
  reads.ask();
  reads.add(client, 'x', 1);
  expect(reads.takeLeaderless(500, 500)).toEqual([]);
  expect(idsOf(reads.takeLeaderless(501, 500))).toEqual([1]);
  expect(reads.size).toBe(1);
});

test('what has been asked is given up after ten seconds, not before, and what waits goes on', () => {
  const reads = pending(2);
  reads.ask();
  reads.add(client, 'x', 2);
  expect(reads.takeExpired(pendingLimitMs - 1)).toEqual([]);
  expect(idsOf(reads.takeExpired(pendingLimitMs))).toEqual([0]);
  expect(reads.takeServed(0)).toBeUndefined();
  expect(reads.size).toBe(2);
});

test('the oldest that waits and the oldest that has been asked are known', () => {
  const reads = pending(2);
  expect(reads.oldest()).toEqual({ waitingMs: 0, askedMs: undefined });
  reads.ask();
  reads.add(client, 'x', 2);
  expect(reads.oldest()).toEqual({ waitingMs: 2, askedMs: 0 });
});
