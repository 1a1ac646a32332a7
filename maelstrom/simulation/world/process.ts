import type { Clock } from './clock.ts';
import type { Program, ProgramOutput } from './program.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface SimulatedProcessOptions {
  readonly program: Program;
  readonly time: VirtualTime;
  readonly clock: Clock;
  /** How long what has arrived waits for the next turn. */
  readonly turnDelayMs: () => number;
  /** Whether its timers wake it. Without that it takes a turn when something arrives, and when `planTurn` is called. */
  readonly hasTimers: boolean;
  readonly onOutput: (output: ProgramOutput) => void;
  /** Called after everything that may have changed the program, a line or else, and before its output is handed on. */
  readonly onStep: (line?: string) => void;
  /** The program threw something. The process has ended by then. */
  readonly onThrow: (error: unknown) => void;
}

/** Lines that may wait for a paused process. Past it they are lost. */
export const maxUnreadLines = 100_000;

/** The edge of one process in virtual time: what `main.ts` does with stdin, timers and stdout. */
export class SimulatedProcess {
  readonly #options: SimulatedProcessOptions;
  #isUp = true;
  #isPaused = false;
  /** Lines that came while it was paused, oldest first. */
  readonly #unread: string[] = [];
  #turnIsPlanned = false;
  /** When the program's own timers want the next turn, by its clock. */
  #wakeAtMs = Infinity;
  #cancelAlarm: () => void = () => {};
  /** What the alarm is set for. */
  #alarmAtMs = Infinity;

  constructor(options: SimulatedProcessOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** How long until the program's own timers want a turn, by its clock; 0 where they want one now. */
  get untilDeadlineMs(): number {
    const { program, clock } = this.#options;
    return Math.max(0, program.nextDeadlineMs(clock.nowMs()) - clock.nowMs());
  }

  /** A line arrives. One that comes while the process is down is lost, and while it is paused waits. */
  deliver(line: string): void {
    if (!this.#isUp) return;
    if (this.#isPaused) {
      if (this.#unread.length < maxUnreadLines) this.#unread.push(line);
      return;
    }
    const { program, clock } = this.#options;
    this.#guarded(() => program.receive(Buffer.from(`${line}\n`), clock.nowMs()), line);
    this.planTurn();
  }

  /** One turn for all that arrives until then; to be called, too, when the disk has done something. */
  planTurn(): void {
    if (this.#turnIsPlanned) return;
    this.#turnIsPlanned = true;
    const { time, turnDelayMs } = this.#options;
    time.after(turnDelayMs(), () => {
      this.#turnIsPlanned = false;
      if (this.#isUp && !this.#isPaused) this.#takeTurn();
    });
  }

  /** It ends at once. */
  kill(): void {
    this.#isUp = false;
    this.#cancelAlarm();
  }

  /** It takes no turn, not even when its timers want one. */
  pause(): void {
    this.#isPaused = true;
  }

  /** It takes all that waited for it in one turn. */
  resume(): void {
    if (!this.#isPaused || !this.#isUp) return;
    this.#isPaused = false;
    for (const line of this.#unread.splice(0)) this.deliver(line);
    this.planTurn();
  }

  /** Its clock goes differently now, and what it had planned comes at another time. */
  clockChanged(): void {
    if (!this.#options.hasTimers) return;
    this.#alarmAtMs = Infinity;
    this.#cancelAlarm();
    this.#setAlarm();
  }

  #takeTurn(): void {
    const { program, clock, onOutput, hasTimers } = this.#options;
    const nowMs = clock.nowMs();
    const outputs: ProgramOutput[] = [];
    this.#guarded(() => {
      outputs.push(program.turn(nowMs));
      this.#wakeAtMs = Math.max(nowMs, program.nextDeadlineMs(nowMs));
    });
    outputs.forEach(onOutput);
    if (!this.#isUp) return;
    if (hasTimers) this.#setAlarm();
    // It has more to do now, and waits for nothing.
    else if (this.#wakeAtMs === nowMs) this.planTurn();
  }

  /** One alarm is enough: one that comes too early sets the next. */
  #setAlarm(): void {
    if (this.#wakeAtMs >= this.#alarmAtMs || this.#wakeAtMs === Infinity) return;
    this.#alarmAtMs = this.#wakeAtMs;
    this.#cancelAlarm();
    const { time, clock } = this.#options;
    this.#cancelAlarm = time.after(clock.delayUntil(this.#wakeAtMs), () => {
      this.#alarmAtMs = Infinity;
      if (!this.#isUp || this.#isPaused) return;
      if (clock.nowMs() >= this.#wakeAtMs) this.planTurn();
      else this.#setAlarm();
    });
  }

  #guarded(step: () => void, line?: string): void {
    try {
      step();
    } catch (error) {
      this.kill();
      this.#options.onThrow(error);
      return;
    }
    this.#options.onStep(line);
  }
}
