import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { playDay } from './unlucky-day.ts';

const durationMs = 10_000;

/** Which days are played. One that ever went wrong is worth a test of its own. */
const days = 30;

test(`${days} unlucky days are linearizable, and no node does what no node may do`, () => {
  let restarts = 0;
  const outcomes = { ok: 0, fail: 0, info: 0 };
  for (let seed = 1; seed <= days; seed += 1) {
    const day = playDay({ seed, durationMs });
    expect(day.report.verdict, `seed ${seed}`).toBe('linearizable');
    expect(day.findings, `seed ${seed}`).toEqual([]);
    restarts += day.restarts;
    for (const { type } of day.events) if (type !== 'invoke') outcomes[type] += 1;
  }
  // They were unlucky, and not so unlucky that there was nothing to judge.
  expect(restarts).toBeGreaterThan(days);
  expect(outcomes.fail).toBeGreaterThan(days);
  expect(outcomes.info).toBeGreaterThan(days);
  expect(outcomes.ok).toBeGreaterThan(100 * days);
});

test.each([1, 2, 3, 4])('seed %i is the same day twice, message by message', (seed) => {
  const [first, second] = [1, 2].map(() => {
    const { trace, events } = playDay({ seed, durationMs, keepsTrace: true });
    return { messages: trace.length, hash: hashOf([...trace, ...events.map((event) => JSON.stringify(event))]) };
  });
  expect(first?.messages).toBeGreaterThan(100);
  expect(second).toEqual(first);
});

test('another seed is another day', () => {
  const [first, second] = [1, 2].map((seed) => hashOf(playDay({ seed, durationMs: 1000, keepsTrace: true }).trace));
  expect(second).not.toBe(first);
});

function hashOf(lines: readonly string[]): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(`${line}\n`);
  return hash.digest('hex');
}
