import { Schedule } from './schedule.ts';

/**
 * Real time, with actions to run later. All of them share one timer of the event loop, so they run in the order of
 * their times and not, as separate timers may, in the order of their delays. Resolution is a millisecond: an action
 * runs when it is due or up to about one later.
 */
export class RealClock {
  readonly #startedAtMs = performance.now();
  readonly #schedule = new Schedule<Action>();
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Infinity;
  #isStopped = false;

  /** Milliseconds since the clock was made, with a fraction. */
  nowMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  /** Runs `run` once, `delayMs` from now. The function it returns cancels that. */
  after(delayMs: number, run: () => void): () => void {
    const action: Action = { run };
    this.#schedule.add(this.nowMs() + delayMs, action);
    this.#arm();
    return () => {
      action.run = undefined;
    };
  }

  /** Nothing runs any more, and nothing keeps the process alive. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    const nextAtMs = this.#schedule.nextAtMs();
    if (this.#isStopped || nextAtMs === undefined || nextAtMs >= this.#timerAtMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = nextAtMs;
    this.#timer = setTimeout(() => this.#fire(), Math.max(0, nextAtMs - this.nowMs()));
  }

  #fire(): void {
    this.#timerAtMs = Infinity;
    const nowMs = this.nowMs();
    for (let due = this.#schedule.takeDue(nowMs); due !== undefined; due = this.#schedule.takeDue(nowMs)) {
      due.run?.();
    }
    this.#arm();
  }
}

interface Action {
  /** Gone when cancelled: what waits for its time then holds nothing else in memory. */
  run?: (() => void) | undefined;
}
