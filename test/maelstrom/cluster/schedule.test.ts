import { expect, it } from 'vitest';
import { Schedule } from '../../../maelstrom/cluster/schedule.ts';
import { Random } from '../../../src/index.ts';

it('gives nothing before it is due', () => {
  const schedule = new Schedule<string>();
  schedule.add(5, 'later');
  expect([schedule.nextAtMs(), schedule.takeDue(4.9), schedule.takeDue(5), schedule.takeDue(5)]).toEqual([
    5,
    undefined,
    'later',
    undefined,
  ]);
  expect([schedule.size, schedule.nextAtMs()]).toEqual([0, undefined]);
});

it('gives what is soonest first, and what is due together in the order in which it was added', () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const random = new Random(seed);
    const items = Array.from({ length: random.integer(60) }, (_, place) => ({ atMs: random.integer(10), place }));
    const schedule = new Schedule<(typeof items)[number]>();
    for (const item of items) schedule.add(item.atMs, item);
    const taken = items.map(() => schedule.takeDue(10));
    expect(taken).toEqual(items.toSorted((left, right) => left.atMs - right.atMs || left.place - right.place));
  }
});

it('keeps the order while items come and go', () => {
  const random = new Random(1);
  const schedule = new Schedule<number>();
  let nowMs = 0;
  for (let turn = 0; turn < 2000; turn += 1) {
    const atMs = nowMs + random.integer(50);
    schedule.add(atMs, atMs);
    if (random.integer(3) === 0) continue;
    const taken = schedule.takeDue(Infinity) ?? -1;
    expect(taken).toBeGreaterThanOrEqual(nowMs);
    nowMs = taken;
  }
});
