/**
 * Hunts mutants: `npm run test:mutants`, or `npm run test:mutants -- NAME...` for some. Each is put into a copy of the
 * source, alone, and only the scenarios and the simulator may catch it. Exit code 1 where one gets away.
 *
 * Flags: --seeds N (150 for each mutant, few where no seed is expected to see it), --catches N (a mutant is caught so
 * many times, for the median; 3), --patience N (caught at all, it is let go after so many seeds in vain; 10), --seconds N
 * (of virtual time a seed; 10), --first SEED (1), --workers N (2).
 */
import { parseArgs } from 'node:util';
import { Copy } from './copy.ts';
import { hunt } from './hunt.ts';
import type { Trophies } from './hunt.ts';
import { mutants } from './list/all.ts';
import type { Mutant } from './mutant.ts';
import type { Task } from './task.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '150' },
    catches: { type: 'string', default: '3' },
    patience: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '10' },
    first: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
  },
});
/** Played of a mutant that no seed is expected to see. */
const fewSeeds = 5;

function taskFor({ onlyScenarios }: Mutant): Task {
  const firstSeed = Number(values.first);
  const seeds = onlyScenarios === undefined ? Number(values.seeds) : Math.min(fewSeeds, Number(values.seeds));
  const [catches, patience, durationMs] = [Number(values.catches), Number(values.patience), 1000 * Number(values.seconds)];
  return { playsScenarios: true, firstSeed, lastSeed: firstSeed + seeds - 1, catches, patience, durationMs };
}

interface Result {
  readonly mutant: Mutant;
  readonly trophies: Trophies;
}

function chosen(): readonly Mutant[] {
  const unknown = positionals.filter((name) => !mutants.some((mutant) => mutant.name === name));
  if (unknown.length > 0) throw new Error(`there is no mutant ${unknown.join(', ')}`);
  return positionals.length === 0 ? mutants : mutants.filter(({ name }) => positionals.includes(name));
}

/** Takes one mutant after the other from the common row, until that is empty. */
async function work(row: Mutant[], results: Result[]): Promise<void> {
  const copy = new Copy();
  try {
    for (let mutant = row.shift(); mutant !== undefined; mutant = row.shift()) {
      copy.put(mutant);
      const result = { mutant, trophies: await hunt(copy, taskFor(mutant)) };
      copy.takeOut(mutant);
      results.push(result);
      console.log(lineOf(result));
    }
  } finally {
    copy.remove();
  }
}

function lineOf({ mutant, trophies }: Result): string {
  const { scenarios, seedsTaken, rule, seedsPlayed } = trophies;
  const isSeen = seedsTaken.length > 0;
  const seeds = isSeen ? `${median(seedsTaken)}, ${Math.max(...seedsTaken)}` : `none of ${seedsPlayed}`;
  const stories = scenarios.length === 0 ? 'none' : `${scenarios.length}: ${scenarios.slice(0, 2).join(', ')}`;
  return `${mutant.name.padEnd(44)} ${seeds.padEnd(12)} ${(rule ?? '-').slice(0, 32).padEnd(32)} ${stories}`;
}

function namesOf(some: readonly Result[]): string {
  return some.map(({ mutant }) => mutant.name).join(', ');
}

function median(values: readonly number[]): number {
  const ascending = [...values].sort((left, right) => left - right);
  return ascending[Math.floor((ascending.length - 1) / 2)] ?? 0;
}

const startedAtMs = performance.now();
const all = chosen();
const row = [...all];
const results: Result[] = [];
console.log(`${'mutant'.padEnd(44)} ${'seeds'.padEnd(12)} ${'rule'.padEnd(32)} scenarios`);
console.log(`${''.padEnd(44)} median, worst`);
await Promise.all(Array.from({ length: Number(values.workers) }, () => work(row, results)));

const bySeeds = results.filter(({ trophies }) => trophies.seedsTaken.length > 0);
const byScenarios = results.filter(({ trophies }) => trophies.scenarios.length > 0);
const free = results.filter((result) => !bySeeds.includes(result) && !byScenarios.includes(result));
const unexpected = results.filter((result) => !bySeeds.includes(result) && result.mutant.onlyScenarios === undefined);
console.log('');
const seconds = Math.round((performance.now() - startedAtMs) / 1000);
if (unexpected.length > 0) console.log(`by no seed, and no reason is given: ${namesOf(unexpected)}`);
if (free.length > 0) console.log(`got away: ${namesOf(free)}`);
const medians = bySeeds.map(({ trophies }) => median(trophies.seedsTaken));
const worst = Math.max(0, ...bySeeds.flatMap(({ trophies }) => trophies.seedsTaken));
console.log(`${results.length - free.length} of ${all.length} caught`);
console.log(`${bySeeds.length} by seeds, ${byScenarios.length} by scenarios`);
console.log(`seeds that it takes: median ${median(medians)}, worst ${worst}`);
console.log(`${seconds} s`);
process.exitCode = free.length > 0 ? 1 : 0;
