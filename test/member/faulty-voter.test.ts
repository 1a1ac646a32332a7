import { describe, expect, test } from 'vitest';
import { playFaultyVoter } from './faulty-voter.ts';

/** How many messages n2 sends in all; a million by `npm run test:faulty-voter`. */
const messages = Number(process.env['FAULTY_VOTER_MESSAGES'] ?? 20_000);
const seeds = 10;

describe('whatever a faulty voter sends', () => {
  test.each(['at once', 'slow'] as const)('nothing throws, and nothing is said that is not so; the disk writes: %s', (disk) => {
    const sums = new Map<string, number>();
    for (let seed = 1; seed <= seeds; seed += 1) {
      const tally = playFaultyVoter({ seed, disk, messages: Math.ceil(messages / 2 / seeds) });
      for (const [what, count] of Object.entries(tally)) sums.set(what, (sums.get(what) ?? 0) + count);
    }
    for (const [what, count] of sums) expect(count, what).toBeGreaterThan(10);
  }, 600_000);
});
