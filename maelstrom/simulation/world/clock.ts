import type { VirtualTime } from './virtual-time.ts';

/** An alarm that rings too early, by what fractions lose in sums and quotients, is set again: then time must move. */
const shortestDelayMs = 1e-6;

/** What one machine takes for the time. It never goes back, but runs at a rate of its own and may jump forward. */
export class Clock {
  readonly #time: VirtualTime;
  #rate: number;
  #baseMs: number;
  #sinceMs: number;

  /** @param rate how many of its milliseconds pass in a true one; above 0 */
  constructor(time: VirtualTime, rate: number = 1, originMs: number = time.nowMs) {
    this.#time = time;
    this.#rate = rate;
    this.#baseMs = originMs;
    this.#sinceMs = time.nowMs;
  }

  nowMs(): number {
    return this.#baseMs + (this.#time.nowMs - this.#sinceMs) * this.#rate;
  }

  /** How much true time passes until this clock shows `atMs`, give or take a rounding; 0 where it already does. */
  delayUntil(atMs: number): number {
    const remainingMs = (atMs - this.nowMs()) / this.#rate;
    return remainingMs <= 0 ? 0 : Math.max(remainingMs, shortestDelayMs);
  }

  setRate(rate: number): void {
    this.#baseMs = this.nowMs();
    this.#sinceMs = this.#time.nowMs;
    this.#rate = rate;
  }

  jump(forwardMs: number): void {
    this.#baseMs += forwardMs;
  }
}
