import { expect, test } from 'vitest';
import { Outbox } from '../../src/member/outbox.ts';

interface Item {
  readonly name: string;
  readonly afterBatch: number;
}

function outboxOf(maxBytes = 100): Outbox<Item> {
  return new Outbox<Item>({ maxBytes, sizeBytesOf: ({ name }) => name.length });
}

function namesOf(items: readonly Item[]): readonly string[] {
  return items.map(({ name }) => name);
}

test('what the disk has leaves in order; what it has not waits, and keeps nothing behind it', () => {
  const outbox = outboxOf();
  for (const [name, afterBatch] of [['a', 2], ['b', 1], ['c', 3], ['d', 0]] as const) outbox.add({ name, afterBatch });
  expect(namesOf(outbox.release(1))).toEqual(['b', 'd']);
  outbox.add({ name: 'e', afterBatch: 2 });
  expect(namesOf(outbox.release(2))).toEqual(['a', 'e']);
  expect(namesOf(outbox.release(3))).toEqual(['c']);
});

test('nothing leaves before the first batch, which has the boot count', () => {
  const outbox = outboxOf();
  outbox.add({ name: 'a', afterBatch: 0 });
  expect(outbox.release(0)).toEqual([]);
  expect(namesOf(outbox.release(1))).toEqual(['a']);
});

test('what waits is bounded in bytes; what is dropped is counted, and room comes again', () => {
  const outbox = outboxOf(5);
  for (const name of ['aaa', 'bbb', 'cc']) outbox.add({ name, afterBatch: 2 });
  expect(outbox.release(1)).toEqual([]);
  expect([outbox.takeDropped(), outbox.takeDropped()]).toEqual([1, 0]);
  expect(namesOf(outbox.release(2))).toEqual(['aaa', 'cc']);
  outbox.add({ name: 'ddddd', afterBatch: 3 });
  expect([outbox.release(2), outbox.takeDropped()]).toEqual([[], 0]);
});

test('what need not wait is never dropped', () => {
  const outbox = outboxOf(1);
  outbox.add({ name: 'a long one', afterBatch: 1 });
  expect(namesOf(outbox.release(1))).toEqual(['a long one']);
});
