/** When to try again what has failed: each failure doubles the wait, up to a bound. */
export class BackOff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  #failures = 0;
  #dueAtMs = -Infinity;

  /** @param firstMs the wait after the first failure, in milliseconds */
  constructor(firstMs: number, longestMs: number) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
  }

  /** Failures since the last success. */
  get failures(): number {
    return this.#failures;
  }

  /** The next attempt is due; a time in the past where nothing has failed. */
  get dueAtMs(): number {
    return this.#dueAtMs;
  }

  failed(nowMs: number): void {
    this.#dueAtMs = nowMs + Math.min(this.#firstMs * 2 ** this.#failures, this.#longestMs);
    this.#failures += 1;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#dueAtMs = -Infinity;
  }
}
