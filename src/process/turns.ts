/** The longest delay that a timer of Node.js takes: about 24.8 days. */
const maxDelayMs = 2 ** 31 - 1;

/** Something that acts in turns: one turn for everything that has arrived, and one when its own deadline has come. */
export interface TakesTurns {
  /**
   * Takes a turn. Returns when the next turn is due if nothing arrives. A time that is not in the future means at once.
   */
  readonly turn: (nowMs: number) => number;
  /** A clock that never goes back. */
  readonly nowMs: () => number;
}

/** Decides when turns are taken. */
export class Turns {
  readonly #takes: TakesTurns;
  #timer: NodeJS.Timeout | undefined;
  #timerDueAtMs = Infinity;
  #isPlanned = false;
  #hasEnded = false;

  constructor(takes: TakesTurns) {
    this.#takes = takes;
  }

  /** Plans one turn for everything that arrives until then. */
  plan(): void {
    if (this.#isPlanned || this.#hasEnded) return;
    this.#isPlanned = true;
    setImmediate(() => this.#take());
  }

  /** Ends: no more turns are taken. */
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

  /**
   * Keeps a timer that is set for an earlier time. That costs one turn with nothing to do, instead of one new timer in
   * every turn.
   */
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
