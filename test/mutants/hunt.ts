import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Copy } from './copy.ts';
import type { Report, Task } from './task.ts';

/** What came of hunting one mutant. */
export interface Trophies {
  /** The scenarios that tell another story. */
  readonly scenarios: readonly string[];
  /** For each time that a seed caught it, how many seeds that took, this one included. */
  readonly seedsTaken: readonly number[];
  /** Which rule was broken, or what else happened, the first time. */
  readonly rule: string | undefined;
  readonly seedsPlayed: number;
}

/** A hunter that says nothing for so long hangs in the mutant, which is caught by that. */
const hangMs = 30_000;
/** On a busy machine it takes a while to start. */
const startMs = 120_000;

/** Plays the scenarios, and seeds until the mutant in the copy is caught so many times, or there are no more. */
export async function hunt(copy: Copy, task: Task): Promise<Trophies> {
  const scenarios: string[] = [];
  const seedsTaken: number[] = [];
  let rule: string | undefined;
  let sinceCaught = 0;
  let begun: Report | undefined;
  let firstSeed = task.firstSeed;

  const played = (why: string | undefined): void => {
    if (begun?.kind === 'scenario' && why !== undefined) scenarios.push(begun.file.replace(/\.txt$/, ''));
    if (begun?.kind === 'seed') {
      firstSeed = begun.seed + 1;
      sinceCaught += 1;
      if (why === undefined) return;
      rule ??= why;
      seedsTaken.push(sinceCaught);
      sinceCaught = 0;
    }
  };

  for (let playsScenarios = task.playsScenarios; ; playsScenarios = false) {
    const rest = { ...task, playsScenarios, firstSeed, catches: task.catches - seedsTaken.length };
    const end = await runHunter(copy, rest, (report) => {
      if (report.kind === 'played') played(report.why);
      else begun = report;
    });
    if (end === 'done') break;
    played(end);
    // A seed that has hung has taken long enough.
    if (begun === undefined) throw new Error(`a hunter has not even begun: it ${end}`);
    if (firstSeed > task.lastSeed || seedsTaken.length > 0) break;
    begun = undefined;
  }
  return { scenarios, seedsTaken, rule, seedsPlayed: firstSeed - task.firstSeed };
}

/** Starts a hunter and waits for its end. */
function runHunter(copy: Copy, task: Task, onReport: (report: Report) => void): Promise<'done' | 'hangs' | 'dies'> {
  const args = ['test/mutants/hunter.js', JSON.stringify(task)];
  const hunter = spawn(process.execPath, args, { cwd: copy.directory, stdio: ['ignore', 'pipe', 'ignore'] });
  let hangs = false;
  const stop = (): void => {
    hangs = true;
    hunter.kill('SIGKILL');
  };
  let watchdog = setTimeout(stop, startMs);
  createInterface(hunter.stdout).on('line', (line) => {
    clearTimeout(watchdog);
    watchdog = setTimeout(stop, hangMs);
    onReport(JSON.parse(line));
  });
  return new Promise((resolve) => {
    hunter.on('close', (code) => {
      clearTimeout(watchdog);
      resolve(code === 0 ? 'done' : hangs ? 'hangs' : 'dies');
    });
  });
}
