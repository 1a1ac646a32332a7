import { expect, it } from 'vitest';
import { inOrder } from '../../../maelstrom/simulation/in-order.ts';
import type { SeedReport } from '../../../maelstrom/simulation/seed-report.ts';

/** Somebody who has been asked for seeds and answers when, and in what order, the test wants. */
function desk(lastSeed: number, maxAhead: number) {
  const asked = new Map<number, (report: SeedReport) => void>();
  const play = (seed: number) => new Promise<SeedReport>((resolve) => asked.set(seed, resolve));
  const answer = (seed: number): void => {
    asked.get(seed)?.({ seed, events: 0, virtualMs: 0, counts: new Map(), violation: undefined, isUndecided: false });
  };
  return { asked, answer, reports: inOrder({ firstSeed: 1, lastSeed, maxAhead, play }) };
}

it('a seed is told when all lower ones have been, however early it was ready', async () => {
  const { answer, reports } = desk(3, 3);
  const first = reports.next();
  answer(3);
  answer(2);
  answer(1);
  expect((await first).value?.seed).toBe(1);
  expect((await reports.next()).value?.seed).toBe(2);
  expect((await reports.next()).value?.seed).toBe(3);
  expect((await reports.next()).done).toBe(true);
});

it('no more seeds are asked for beyond the one that is waited for than may be', async () => {
  const { asked, answer, reports } = desk(100, 4);
  const first = reports.next();
  expect([...asked.keys()]).toEqual([1, 2, 3, 4]);
  answer(1);
  await first;
  void reports.next();
  expect([...asked.keys()]).toEqual([1, 2, 3, 4, 5]);
});
