/**
 * The most lines that one turn writes to the log. Further ones are only counted, so that bad input cannot flood the
 * log.
 */
const maxLines = 100;
const maxLineLength = 500;

/** The lines that one turn writes to the log. Their number and their length are bounded. */
export class TurnLog {
  #lines: string[] = [];
  #uncounted = 0;

  add(text: string): void {
    if (this.#lines.length < maxLines) this.#lines.push(text.slice(0, maxLineLength));
    else this.#uncounted += 1;
  }

  /** The lines since the last call. */
  take(): readonly string[] {
    const lines = this.#uncounted > 0 ? [...this.#lines, `and ${this.#uncounted} lines more`] : this.#lines;
    this.#lines = [];
    this.#uncounted = 0;
    return lines;
  }
}
