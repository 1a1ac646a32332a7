/** Requests that are sent within so long of each other share a time, the earlier one, so that few are kept. */
const resolutionMs = 1;

/**
 * When this leader sent its requests, by their numbers: never later than it was, so that a lease that is counted from
 * there may end too early and never too late. What was sent longer ago than the horizon is forgotten.
 */
export class SendTimes {
  readonly #horizonMs: number;
  #times: { readonly firstNumber: number; readonly atMs: number }[] = [];

  constructor(horizonMs: number) {
    this.#horizonMs = horizonMs;
  }

  /** Requests from `firstNumber` on are sent at `nowMs` or later. Numbers and times never fall. */
  note(firstNumber: number, nowMs: number): void {
    const newest = this.#times.at(-1);
    if (newest !== undefined && nowMs < newest.atMs + resolutionMs) return;
    const firstKept = this.#times.findIndex(({ atMs }) => atMs >= nowMs - this.#horizonMs);
    this.#times.splice(0, firstKept === -1 ? this.#times.length : firstKept);
    this.#times.push({ firstNumber, atMs: nowMs });
  }

  /** `-Infinity` where that is forgotten, or was before this leader led. */
  of(number: number): number {
    return this.#times.findLast(({ firstNumber }) => firstNumber <= number)?.atMs ?? -Infinity;
  }
}
