import { describe, expect, test } from 'vitest';
import { opinions } from './agreement.ts';

const seeds = 1_500;

/** `npm run bench:transactions` does the same on 100,000 histories of each type. */
describe.each(['list-append', 'rw-register'] as const)('on random small histories of %s', (type) => {
  test('the checker says of each model what its definition says, found by trying every order', () => {
    const counts = { violated: 0, held: 0 };
    for (let seed = 0; seed < seeds; seed += 1) {
      for (const { model, isViolated, isCalledViolated } of opinions(type, seed)) {
        counts[isViolated ? 'violated' : 'held'] += 1;
        expect(isCalledViolated, `${model}, seed ${seed}`).toBe(isViolated);
      }
    }
    expect(Math.min(counts.violated, counts.held)).toBeGreaterThan(seeds);
  });
});
