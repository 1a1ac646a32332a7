import { UsageError } from '../options.ts';
import type { ProgressScreen } from '../report/progress.ts';
import { parseSimOptions } from './options.ts';
import type { SimOptions } from './options.ts';
import { speedText, tableLines, violationLines } from './report.ts';
import type { Totals } from './report.ts';
import type { Outcome, Play } from './run.ts';
import { shrink } from './shrink.ts';
import type { Failure } from './shrink.ts';
import type { Bounds } from './swarm.ts';
import { Tally } from './tally.ts';
import { HashTrace, LastEvents } from './trace.ts';
import { Violation } from './violation.ts';

/** What the command needs of the program that it runs in. */
export interface SimSurroundings {
  /** Writes a line of the result. */
  readonly write: (line: string) => void;
  readonly screen: ProgressScreen;
  /** Plays one seed. */
  readonly play: Play;
  /** Real time, in milliseconds: for speed and progress only. */
  readonly nowMs: () => number;
}

/** How often a progress line is shown, on a terminal and elsewhere. */
const progressMs = { terminal: 500, elsewhere: 10_000 };
/** How many of the last events of each node are shown. */
const eventsPerNode = 12;

/**
 * `eddy sim`: plays seed after seed until one breaks a rule. Returns the exit code: 0 all were clean, 1 a rule was
 * broken, 2 wrong flags, or a history that was too hard to judge.
 */
export function runSim(argv: readonly string[], surroundings: SimSurroundings): 0 | 1 | 2 {
  try {
    return new Simulation(parseSimOptions(argv), surroundings).run();
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
  #shownAtMs: number;

  constructor(options: SimOptions, surroundings: SimSurroundings) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.#startedAtMs = surroundings.nowMs();
    this.#shownAtMs = this.#startedAtMs;
  }

  run(): 0 | 1 | 2 {
    const { firstSeed, lastSeed, bounds, isTwice, keepsGoing } = this.#options;
    const { play } = this.#surroundings;
    for (let seed = firstSeed; seed <= lastSeed; seed += 1) {
      const outcome = isTwice ? playTwice(play, seed, bounds) : play(seed, bounds);
      this.#count(outcome);
      const { violation } = outcome;
      if (violation !== undefined && !keepsGoing) return this.#violated({ bounds, outcome }, violation);
      if (violation !== undefined) this.#tellViolation(seed, violation);
      this.#showProgress(seed);
    }
    return this.#finished();
  }

  get #totals(): Totals {
    const elapsedMs = this.#surroundings.nowMs() - this.#startedAtMs;
    return { seeds: this.#seeds, events: this.#events, virtualMs: this.#virtualMs, elapsedMs };
  }

  #count({ plan, events, virtualMs, tally, isUndecided }: Outcome): void {
    this.#seeds += 1;
    this.#events += events;
    this.#virtualMs += virtualMs;
    this.#tally.addAll(tally);
    if (isUndecided) this.#undecided.push(plan.seed);
  }

  #showProgress(seed: number): void {
    const { screen, nowMs } = this.#surroundings;
    const intervalMs = screen.isTerminal ? progressMs.terminal : progressMs.elsewhere;
    if (this.#options.isJson || nowMs() < this.#shownAtMs + intervalMs) return;
    this.#shownAtMs = nowMs();
    const { firstSeed, lastSeed } = this.#options;
    const text = `${this.#seeds} of ${lastSeed - firstSeed + 1} seeds clean, up to ${seed}: ${speedText(this.#totals)}`;
    screen.write(screen.isTerminal ? `\r\x1b[2K${text}` : `${text}\n`);
  }

  #clearProgress(): void {
    const { screen } = this.#surroundings;
    if (screen.isTerminal && !this.#options.isJson) screen.write('\r\x1b[2K');
  }

  /** In one line, where others follow. */
  #tellViolation(seed: number, { rule, message }: Violation): void {
    this.#clearProgress();
    this.#violations.push(seed);
    const { write } = this.#surroundings;
    write(this.#options.isJson ? JSON.stringify({ seed, rule, what: message }) : `seed ${seed}: ${rule}: ${message}`);
  }

  #finished(): 0 | 1 | 2 {
    this.#clearProgress();
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

  #violated(failure: Failure, { rule, message }: Violation): 1 {
    this.#clearProgress();
    const { seed } = failure.outcome.plan;
    const { isJson, isShrunk } = this.#options;
    if (!isJson) {
      this.#writeFailure(failure);
      if (isShrunk && rule !== 'determinism') this.#writeShrunk(failure);
    }
    const last = { verdict: 'violated', seed, rule, what: message };
    this.#conclude(last, () => `violated: seed ${seed}, ${rule}, after ${this.#seeds} seeds`);
    return 1;
  }

  #writeShrunk(failure: Failure): void {
    const { write, screen } = this.#surroundings;
    screen.write('looking for a smaller run\n');
    const smallest = shrink(failure, this.#surroundings.play);
    write('');
    write('The smallest run found that breaks the same rule:');
    this.#writeFailure(smallest);
  }

  /** Plays it once more, for the last events. */
  #writeFailure({ bounds, outcome }: Failure): void {
    const last = new LastEvents(eventsPerNode);
    const { play, write } = this.#surroundings;
    play(outcome.plan.seed, bounds, last);
    for (const line of violationLines({ bounds, outcome }, last.notes)) write(line);
  }

  /** The last line is for scripts, in either form. */
  #conclude(result: object, lastLine: () => string): void {
    const { write } = this.#surroundings;
    const totals = this.#totals;
    if (this.#options.isJson) return write(JSON.stringify({ ...result, ...totals }));
    write('');
    for (const line of tableLines(this.#tally)) write(line);
    write('');
    write(speedText(totals));
    return write(lastLine());
  }
}

/** Two runs of a seed must be equal in everything that happens. */
function playTwice(play: Play, seed: number, bounds: Bounds): Outcome {
  const [first, second] = [1, 2].map(() => {
    const trace = new HashTrace();
    const outcome = play(seed, bounds, trace);
    return { outcome, hash: trace.digest() };
  });
  if (first === undefined || second === undefined) throw new Error('two runs were played');
  if (first.hash === second.hash) return first.outcome;
  const violation = new Violation('determinism', undefined, `seed ${seed} gave ${first.hash}, then ${second.hash}`);
  return { ...first.outcome, violation };
}
