import { expect, test } from 'vitest';
import { PendingReads } from '../../src/member/pending-reads.ts';
import { PendingWrites } from '../../src/member/pending-writes.ts';

const client = 'c1';
const ids = { take: () => nextId++ };
let nextId = 0;

test('writes are taken until their commands are too large together, and again when some are dropped or applied', () => {
  const writes = new PendingWrites<string>('n1', ids, 1000, 2 * '"eight..."'.length);
  const add = (): boolean => writes.add(client, 'eight...', 0, false);
  expect([add(), add(), add()]).toEqual([true, true, false]);
  const [first, second] = writes.waiting();
  writes.drop(first ? [first] : []);
  expect([add(), add()]).toEqual([true, false]);
  writes.forwarded(second ? [second] : [], 1, 1);
  expect(add()).toBe(false);
  writes.takeApplied({ term: 1, index: 1, command: 'eight...', origin: { node: 'n1', id: second?.id ?? -1 } });
  expect([add(), add()]).toEqual([true, false]);
});

test('reads are taken until their keys are too large together, and again when some are served or given up', () => {
  const reads = new PendingReads<string, string>(1000, 2 * '"eight..."'.length);
  const add = (): boolean => reads.add(client, 'eight...', 0);
  expect([add(), add(), add()]).toEqual([true, true, false]);
  const [first] = reads.ask();
  reads.takeServed(first?.id ?? -1);
  expect([add(), add()]).toEqual([true, false]);
  expect(reads.takeLeaderless(500, 500)).toHaveLength(1);
  expect([add(), add()]).toEqual([true, false]);
});
