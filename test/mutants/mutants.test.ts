import { expect, test } from 'vitest';
import { sourceOf } from './copy.ts';
import { mutants } from './list/all.ts';
import { mutate } from './mutant.ts';

// That each is caught is what `npm run test:mutants` says.

test.each(mutants.map((mutant) => [mutant.name, mutant] as const))('%s is still a mutant of the source', (_, mutant) => {
  expect(mutate(sourceOf(mutant), mutant)).not.toBe(sourceOf(mutant));
});

test('mutants have names of their own', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});
