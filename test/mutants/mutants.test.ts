import { afterAll, expect, test } from 'vitest';
import { Copy, sourceOf } from './copy.ts';
import { hunt } from './hunt.ts';
import { mutants } from './list/all.ts';
import { mutate } from './mutant.ts';

// That every one is caught is what `npm run test:mutants` says. Here they are looked at, and a few are hunted.

const named = mutants.map((mutant) => [mutant.name, mutant] as const);

test.each(named)('%s is still a mutant of the source', (_, mutant) => {
  expect(mutate(sourceOf(mutant), mutant)).not.toBe(sourceOf(mutant));
});

test('mutants have names of their own', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});

test('a mutant whose text has gone from the source, or stands there twice, is none any more', () => {
  const mutant = { name: 'off-by-one', why: 'an example', file: 'none', find: 'index + 1', replace: 'index' };
  expect(mutate('return index + 1;', mutant)).toBe('return index;');
  expect(() => mutate('return index + 2;', mutant)).toThrow('none has its text 0 times, not once');
  expect(() => mutate('index + 1 + index + 1', mutant)).toThrow('none has its text 2 times, not once');
});

const copy = new Copy();
afterAll(() => copy.remove());

function mutantOf(name: string) {
  const found = mutants.find((mutant) => mutant.name === name);
  if (found === undefined) throw new Error(`there is no mutant ${name}`);
  return found;
}

test('without a mutant nothing is caught', async () => {
  const task = { playsScenarios: true, firstSeed: 1, lastSeed: 3, catches: 1, patience: 1, durationMs: 3000 };
  expect(await hunt(copy, task)).toEqual({ scenarios: [], seedsTaken: [], rule: undefined, seedsPlayed: 3 });
});

test.each([
  ['vote-forgotten-at-restart', 'one-vote-a-term', 'one-vote'],
  ['refusal-counted-as-a-vote', 'split-vote', 'elected-by-quorum'],
])('%s is caught: scenario %s, rule %s', async (name, scenario, rule) => {
  const mutant = mutantOf(name);
  copy.put(mutant);
  const task = { playsScenarios: true, firstSeed: 1, lastSeed: 20, catches: 1, patience: 1, durationMs: 10_000 };
  const trophies = await hunt(copy, task);
  copy.takeOut(mutant);
  expect(trophies.scenarios).toContain(scenario);
  expect(trophies.rule).toBe(rule);
});
