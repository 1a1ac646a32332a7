/**
 * Hunts, in the copy of the project that it stands in: plays the scenarios, then seed after seed of the simulator. It
 * writes a line of JSON before and after each, so that whoever started it knows where it is, should it hang.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { play } from '../../maelstrom/playground/play.ts';
import { formatScript } from '../../maelstrom/playground/script.ts';
import { playSeed } from './seed.ts';
import type { Report, Task } from './task.ts';

const scenarios = join(import.meta.dirname, '..', 'scenarios');

function report(line: Report): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Why it is caught; undefined where it is not. */
function playScenario(file: string): string | undefined {
  const text = readFileSync(join(scenarios, file), 'utf8');
  try {
    return formatScript(play(text)) === text ? undefined : 'another story';
  } catch (error) {
    return String(error);
  }
}

function hunt({ playsScenarios, firstSeed, lastSeed, catches, patience, durationMs }: Task): void {
  const files = playsScenarios ? readdirSync(scenarios).filter((file) => file.endsWith('.txt')) : [];
  for (const file of files) {
    report({ kind: 'scenario', file });
    report({ kind: 'played', why: playScenario(file) });
  }
  let caught = 0;
  let inVain = 0;
  for (let seed = firstSeed; seed <= lastSeed && caught < catches && (caught === 0 || inVain < patience); seed += 1) {
    report({ kind: 'seed', seed });
    const why = playSeed(seed, durationMs);
    if (why !== undefined) caught += 1;
    inVain = why === undefined ? inVain + 1 : 0;
    report({ kind: 'played', why });
  }
}

hunt(JSON.parse(process.argv[2] ?? ''));
