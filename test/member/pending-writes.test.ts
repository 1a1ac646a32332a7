import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/raft/messages.ts';
import { pendingLimitMs } from '../../src/member/pending.ts';
import { PendingWrites } from '../../src/member/pending-writes.ts';

const client = 'c1';

/** Numbers from `first` on. */
function idsFrom(first: number): { readonly take: () => number } {
  let next = first;
  return {
    take: () => {
      next += 1;
      return next - 1;
    },
  };
}

/** Writes numbered from 100 on, added one a millisecond. */
function pending(count: number, bound = 10): PendingWrites<string> {
  const writes = new PendingWrites<string>('n1', idsFrom(100), bound);
  for (let added = 0; added < count; added += 1) writes.add(client, { value: added }, added, false);
  return writes;
}

function entry(term: number, index: number, id?: number, node = 'n1'): Entry {
  return { term, index, command: null, ...(id !== undefined && { origin: { node, id } }) };
}

function idsOf(writes: readonly { readonly id: number }[]): readonly number[] {
  return writes.map(({ id }) => id);
}

test('writes wait in the order of arrival, numbered from the first free number on', () => {
  expect(idsOf(pending(3).waiting())).toEqual([100, 101, 102]);
});

describe('the bound', () => {
  test('counts the waiting and the proposed, and no more are taken', () => {
    const writes = pending(2, 2);
    writes.forwarded(writes.waiting().slice(0, 1), 1, 1);
    expect(writes.size).toBe(2);
    expect(writes.add(client, {}, 5, false)).toBe(false);
    expect(idsOf(writes.waiting())).toEqual([101]);
  });

  test('has room again when one has its outcome', () => {
    const writes = pending(2, 2);
    writes.proposed(writes.waiting(), 1, 1);
    writes.takeApplied(entry(1, 1, 100));
    expect(writes.add(client, {}, 5, false)).toBe(true);
    expect(idsOf(writes.waiting())).toEqual([102]);
  });
});

describe('an applied entry', () => {
  test('is taken by the write that it names, once', () => {
    const writes = pending(2);
    writes.forwarded(writes.waiting(), 1, 1);
    expect(writes.takeApplied(entry(7, 30, 101))?.id).toBe(101);
    expect(writes.takeApplied(entry(7, 31, 101))).toBeUndefined();
    expect(writes.size).toBe(1);
  });

  test('of another node, or without an origin, is no write\'s here, though the number be the same', () => {
    const writes = pending(1);
    writes.forwarded(writes.waiting(), 1, 1);
    expect(writes.takeApplied(entry(1, 1, 100, 'n2'))).toBeUndefined();
    expect(writes.takeApplied(entry(1, 1))).toBeUndefined();
  });

  test('disproves what was proposed at its place in another term, and nothing beside it', () => {
    const writes = pending(3);
    writes.proposed(writes.waiting(), 3, 8);
    expect(idsOf(writes.takeDisproved(entry(2, 9)))).toEqual([101]);
    expect(idsOf(writes.takeDisproved(entry(2, 9)))).toEqual([]);
    expect(writes.size).toBe(2);
  });

  test('disproves what was proposed in an earlier term, wherever', () => {
    const writes = pending(3);
    const [first, second, third] = writes.waiting();
    if (first && second && third) {
      writes.forwarded([first], 1, 1);
      writes.proposed([second], 2, 90);
      writes.forwarded([third], 3, 1);
    }
    expect(idsOf(writes.takeDisproved(entry(2, 5)))).toEqual([100]);
    expect(idsOf(writes.takeDisproved(entry(3, 6)))).toEqual([101]);
    expect(idsOf(writes.takeDisproved(entry(4, 7)))).toEqual([102]);
  });

  test('does so also for what is proposed in an old term after later ones have been applied', () => {
    const writes = pending(2);
    writes.forwarded(writes.waiting().slice(0, 1), 1, 1);
    writes.takeDisproved(entry(5, 1));
    writes.forwarded(writes.waiting(), 4, 1);
    expect(idsOf(writes.takeDisproved(entry(5, 2)))).toEqual([101]);
  });

  test('does not disprove what waits: that has been proposed nowhere', () => {
    const writes = pending(1);
    expect(writes.takeDisproved(entry(9, 9))).toEqual([]);
    expect(writes.size).toBe(1);
  });

  test('at a place that was proposed at twice disproves the later proposal there', () => {
    const writes = pending(2);
    writes.proposed(writes.waiting().slice(0, 1), 1, 4);
    writes.proposed(writes.waiting(), 3, 4);
    expect(idsOf(writes.takeDisproved(entry(2, 3)))).toEqual([100]);
    expect(idsOf(writes.takeDisproved(entry(2, 4)))).toEqual([101]);
  });
});

describe('time', () => {
  test('ends the wait for a leader at the limit, not before, and leaves what is proposed', () => {
    const writes = pending(3);
    writes.forwarded(writes.waiting().slice(0, 1), 1, 1);
    expect(writes.takeLeaderless(500, 500)).toEqual([]);
    expect(idsOf(writes.takeLeaderless(501, 500))).toEqual([101]);
    expect(writes.size).toBe(2);
  });

  test('ends the wait for an outcome after ten seconds, not before, and leaves what waits', () => {
    const writes = pending(3);
    writes.proposed(writes.waiting().slice(0, 2), 1, 1);
    expect(writes.takeExpired(pendingLimitMs - 1)).toEqual([]);
    expect(idsOf(writes.takeExpired(pendingLimitMs))).toEqual([100]);
    expect(idsOf(writes.waiting())).toEqual([102]);
  });

  test('forgets what it ended: nothing is told of it twice', () => {
    const writes = pending(1);
    writes.proposed(writes.waiting(), 1, 1);
    writes.takeExpired(pendingLimitMs);
    expect(writes.takeApplied(entry(1, 1, 100))).toBeUndefined();
    expect(writes.takeDisproved(entry(2, 1))).toEqual([]);
    expect(writes.size).toBe(0);
  });

  test('knows the oldest that waits and the oldest that is proposed', () => {
    const writes = pending(3);
    expect(writes.oldest()).toEqual({ waitingMs: 0, proposedMs: undefined });
    writes.forwarded(writes.waiting().slice(0, 2), 1, 1);
    expect(writes.oldest()).toEqual({ waitingMs: 2, proposedMs: 0 });
  });
});

describe('a refused forward', () => {
  test('is refused from the place on that was not taken, and nothing of another forward', () => {
    const writes = pending(5);
    const [first, second, third, fourth, fifth] = writes.waiting();
    if (first && second && third && fourth && fifth) {
      writes.forwarded([first, second, third], 1, 7);
      writes.forwarded([fourth], 1, 8);
      writes.proposed([fifth], 1, 1);
    }
    expect(idsOf(writes.takeRefused(7, 1))).toEqual([101, 102]);
    expect(idsOf(writes.takeRefused(7, 1))).toEqual([]);
    expect(writes.size).toBe(3);
  });

  test('refuses none that has its outcome', () => {
    const writes = pending(2);
    writes.forwarded(writes.waiting(), 1, 7);
    writes.takeApplied(entry(1, 1, 101));
    expect(idsOf(writes.takeRefused(7, 0))).toEqual([100]);
  });
});

test('what is dropped is forgotten', () => {
  const writes = pending(2);
  writes.drop(writes.waiting().slice(0, 1));
  expect(idsOf(writes.waiting())).toEqual([101]);
  expect(writes.hasWaiting).toBe(true);
  writes.drop(writes.waiting());
  expect(writes.hasWaiting).toBe(false);
});

test('a snapshot covers the proposals at its places, and all of which the place is not known', () => {
  const writes = pending(4);
  const [first, second, forwarded, ...waiting] = writes.waiting();
  writes.proposed([first, second].filter((write) => write !== undefined), 1, 7);
  writes.forwarded([forwarded].filter((write) => write !== undefined), 1, 1);
  expect(idsOf(writes.takeCovered(7))).toEqual([100, 102]);
  expect(idsOf(writes.takeCovered(7))).toEqual([]);
  expect(idsOf(writes.waiting())).toEqual(idsOf(waiting));
  expect(writes.takeApplied(entry(1, 8, 101))?.id).toBe(101);
});
