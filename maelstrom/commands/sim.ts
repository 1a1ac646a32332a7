import type { ProgressScreen } from '../report/progress.ts';
import type { Crew } from '../simulation/crew.ts';
import { inOrder } from '../simulation/in-order.ts';
import { speedText, tableLines, violationLines } from '../simulation/report.ts';
import type { Totals } from '../simulation/report.ts';
import type { Outcome, Play } from '../simulation/run.ts';
import type { Broken, SeedReport, Task } from '../simulation/seed-report.ts';
import { shrink } from '../simulation/shrink.ts';
import type { Failure } from '../simulation/shrink.ts';
import type { Bounds } from '../simulation/plan/swarm.ts';
import { Tally } from '../simulation/record/tally.ts';
import { LastEvents } from '../simulation/record/trace.ts';
import type { Note } from '../simulation/record/trace.ts';
import { Violation } from '../simulation/checks/violation.ts';
import { UsageError } from './flags.ts';
import { commandFor, parseSimOptions } from './sim-options.ts';
import type { SimOptions } from './sim-options.ts';

/** What the command needs of the program that it runs in. */
export interface SimSurroundings {
  /** Writes a line of the result. */
  readonly write: (line: string) => void;
  readonly screen: ProgressScreen;
  /** Brings together so many to play the seeds. */
  readonly crew: (task: Task, size: number) => Crew;
  /** Plays one seed here and now: to tell what went wrong in it, and to look for a smaller run. */
  readonly play: Play;
  /** Aborted when the run is to be given up. */
  readonly interrupted: AbortSignal;
  /** Called when the crew has played: what follows does not look up from its work, and a signal has to end it. */
  readonly onPlayed: () => void;
  /** Real time, in milliseconds: for speed and progress only. */
  readonly nowMs: () => number;
}

/** How often a progress line is shown, on a terminal and elsewhere, and how soon the first. */
const progressMs = { terminal: 500, elsewhere: 10_000, first: 1000 };
/** How many of the last events of each node are shown. */
const eventsPerNode = 12;
/** How many seeds for each worker may be played beyond one that takes long. */
const maxAheadPerWorker = 16;

/**
 * `eddy sim`: plays seed after seed until one breaks a rule. Returns the exit code: 0 all were clean, 1 a rule was
 * broken, 2 wrong flags, a history that was too hard to judge, or an interruption.
 */
export async function runSim(argv: readonly string[], surroundings: SimSurroundings): Promise<0 | 1 | 2> {
  try {
    return await new Simulation(parseSimOptions(argv), surroundings).run();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    surroundings.screen.write(`eddy sim: ${error.message}\nTry: eddy sim --help\n`);
    return 2;
  }
}

/** One run of the command, over all its seeds. */
class Simulation {
  readonly #options: SimOptions;
  readonly #surroundings: SimSurroundings;
  readonly #startedAtMs: number;
  readonly #tally = new Tally();
  #seeds = 0;
  #events = 0;
  #virtualMs = 0;
  readonly #undecided: number[] = [];
  readonly #violations: number[] = [];
  #showsAtMs: number;

  constructor(options: SimOptions, surroundings: SimSurroundings) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.#startedAtMs = surroundings.nowMs();
    this.#showsAtMs = this.#startedAtMs + progressMs.first;
  }

  async run(): Promise<0 | 1 | 2> {
    const { bounds, isTwice, workers } = this.#options;
    const crew = this.#surroundings.crew({ bounds, isTwice }, workers);
    const end = await this.#playAll(crew).finally(() => crew.end());
    this.#surroundings.onPlayed();
    this.#clearProgress();
    if (end === 'played') return this.#finished();
    return end === 'interrupted' ? this.#interrupted() : this.#violated(end.seed, end.broken);
  }

  async #playAll(crew: Crew): Promise<'played' | 'interrupted' | { readonly seed: number; readonly broken: Broken }> {
    const { firstSeed, lastSeed, workers, keepsGoing } = this.#options;
    const play = (seed: number): Promise<SeedReport> => crew.play(seed);
    const reports = inOrder({ firstSeed, lastSeed, maxAhead: workers * maxAheadPerWorker, play });
    const interruption = abortOf(this.#surroundings.interrupted);
    for (;;) {
      const next = await Promise.race([interruption, reports.next()]);
      if (next === 'interrupted') return next;
      if (next.done === true) return 'played';
      this.#count(next.value);
      const { seed, violation } = next.value;
      if (violation !== undefined && !keepsGoing) return { seed, broken: violation };
      if (violation !== undefined) this.#tellViolation(seed, violation);
      this.#showProgress(seed);
    }
  }

  get #totals(): Totals {
    const elapsedMs = this.#surroundings.nowMs() - this.#startedAtMs;
    return { seeds: this.#seeds, events: this.#events, virtualMs: this.#virtualMs, elapsedMs };
  }

  #count({ seed, events, virtualMs, counts, isUndecided }: SeedReport): void {
    this.#seeds += 1;
    this.#events += events;
    this.#virtualMs += virtualMs;
    this.#tally.addAll(counts);
    if (isUndecided) this.#undecided.push(seed);
  }

  #showProgress(seed: number): void {
    const { screen, nowMs } = this.#surroundings;
    if (this.#options.isJson || nowMs() < this.#showsAtMs) return;
    this.#showsAtMs = nowMs() + (screen.isTerminal ? progressMs.terminal : progressMs.elsewhere);
    const text = `${this.#progressText}, up to ${seed}: ${speedText(this.#totals)}`;
    screen.write(screen.isTerminal ? `\r\x1b[2K${text}` : `${text}\n`);
  }

  get #progressText(): string {
    const { firstSeed, lastSeed } = this.#options;
    const violations = this.#violations.length;
    const bad = violations === 0 ? 'clean' : `played, ${violations} of them violated`;
    return `${this.#seeds} of ${lastSeed - firstSeed + 1} seeds ${bad}`;
  }

  #clearProgress(): void {
    const { screen } = this.#surroundings;
    if (screen.isTerminal && !this.#options.isJson) screen.write('\r\x1b[2K');
  }

  /** In one line, where others follow. */
  #tellViolation(seed: number, { rule, message }: Broken): void {
    this.#clearProgress();
    this.#violations.push(seed);
    const { write } = this.#surroundings;
    write(this.#options.isJson ? JSON.stringify({ seed, rule, what: message }) : `seed ${seed}: ${rule}: ${message}`);
  }

  /** Seeds are told in their order, so that the next one is where to go on. */
  #interrupted(): 1 | 2 {
    const { firstSeed, lastSeed } = this.#options;
    const next = firstSeed + this.#seeds;
    const violations = this.#violations.length;
    this.#conclude({ verdict: 'interrupted', next, violations }, () => {
      return `interrupted: ${this.#progressText}; those that are left: --seeds ${next}..${lastSeed}`;
    });
    return violations > 0 ? 1 : 2;
  }

  #finished(): 0 | 1 | 2 {
    const violations = this.#violations;
    if (violations.length > 0) {
      const [seed] = violations;
      const last = { verdict: 'violated', seed, violations: violations.length };
      this.#conclude(last, () => `violated: seed ${seed}, and ${violations.length} of ${this.#seeds} seeds in all`);
      return 1;
    }
    const isUndecided = this.#undecided.length > 0;
    this.#conclude(isUndecided ? { verdict: 'undecided', undecided: this.#undecided } : { verdict: 'clean' }, () => {
      const seeds = `${this.#seeds} ${this.#seeds === 1 ? 'seed' : 'seeds'}`;
      if (!isUndecided) return `clean: ${seeds}`;
      return `undecided: ${seeds}, and the history of ${this.#undecided.join(', ')} was too hard to judge`;
    });
    return isUndecided ? 2 : 0;
  }

  #violated(seed: number, { rule, nodeId, message }: Broken): 1 {
    const { bounds, isJson, isShrunk } = this.#options;
    if (!isJson) {
      const { outcome, notes } = this.#replay(seed, bounds);
      const failure = { bounds, outcome: { ...outcome, violation: new Violation(rule, nodeId, message) } };
      this.#writeFailure(failure, notes);
      if (isShrunk && rule !== 'determinism') this.#writeShrunk(failure);
    }
    const last = { verdict: 'violated', seed, rule, what: message };
    this.#conclude(last, () => `violated: seed ${seed}, ${rule}, after ${this.#seeds} seeds`);
    return 1;
  }

  #writeShrunk(failure: Failure): void {
    const { write, screen } = this.#surroundings;
    screen.write('looking for a smaller run\n');
    const { bounds, outcome } = shrink(failure, this.#surroundings.play);
    write('');
    write('The smallest run found that breaks the same rule:');
    this.#writeFailure({ bounds, outcome }, this.#replay(outcome.plan.seed, bounds).notes);
  }

  /** Plays it once more, for the last events. */
  #replay(seed: number, bounds: Bounds): { readonly outcome: Outcome; readonly notes: readonly Note[] } {
    const last = new LastEvents(eventsPerNode);
    const outcome = this.#surroundings.play(seed, bounds, last);
    return { outcome, notes: last.notes };
  }

  #writeLines(lines: readonly string[]): void {
    for (const line of lines) this.#surroundings.write(line);
  }

  #writeFailure(failure: Failure, notes: readonly Note[]): void {
    const again = commandFor(failure.outcome.plan.seed, failure.bounds);
    this.#writeLines(violationLines(failure.outcome, notes, again));
  }

  /** The last line is for scripts, in either form. */
  #conclude(result: object, lastLine: () => string): void {
    const { write } = this.#surroundings;
    const totals = this.#totals;
    if (this.#options.isJson) return write(JSON.stringify({ ...result, ...totals }));
    write('');
    this.#writeLines(tableLines(this.#tally));
    write('');
    write(speedText(totals));
    return write(lastLine());
  }
}

function abortOf(signal: AbortSignal): Promise<'interrupted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('interrupted');
    signal.addEventListener('abort', () => resolve('interrupted'), { once: true });
  });
}
