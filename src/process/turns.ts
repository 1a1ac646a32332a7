/** Timers of Node.js take no longer delay. */
const maxDelayMs = 2 ** 31 - 1;

/** What takes turns: one for all that has come, and one when its own time has. */
export interface TakesTurns {
  /** Takes a turn. Returns when the next is due if nothing comes; a time that is not in the future means at once. */
  readonly turn: (nowMs: number) => number;
  /** Never goes back. */
  readonly nowMs: () => number;
}

/** Says when turns are taken. */
export class Turns {
  readonly #takes: TakesTurns;
  #timer: NodeJS.Timeout | undefined;
  #timerDueAtMs = Infinity;
  #isPlanned = false;
  #hasEnded = false;

  constructor(takes: TakesTurns) {
    this.#takes = takes;
  }

  /** One turn for all that comes until then. */
  plan(): void {
    if (this.#isPlanned || this.#hasEnded) return;
    this.#isPlanned = true;
    setImmediate(() => this.#take());
  }

  /** No more turns are taken. */
  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
  }

  #take(): void {
    this.#isPlanned = false;
    if (this.#hasEnded) return;
    const nowMs = this.#takes.nowMs();
    this.#planNext(nowMs, this.#takes.turn(nowMs));
  }

  /** A timer that is set for an earlier time stays: it costs one turn in which nothing is due, not one timer a turn. */
  #planNext(nowMs: number, deadlineMs: number): void {
    if (deadlineMs <= nowMs) return this.plan();
    if (this.#hasEnded || (this.#timer !== undefined && this.#timerDueAtMs <= deadlineMs)) return undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerDueAtMs = deadlineMs;
    if (deadlineMs === Infinity) return undefined;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.plan();
    }, Math.min(Math.ceil(deadlineMs - nowMs), maxDelayMs));
    return undefined;
  }
}
