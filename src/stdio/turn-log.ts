/** Lines for the log in one turn; what is beyond is counted. */
const maxLines = 100;
const maxLineLength = 500;

/** The lines that a turn has for the log, as many and as long as a log may well hold. */
export class TurnLog {
  #lines: string[] = [];
  #uncounted = 0;

  add(text: string): void {
    if (this.#lines.length < maxLines) this.#lines.push(text.slice(0, maxLineLength));
    else this.#uncounted += 1;
  }

  /** What has been added since this was asked last. */
  take(): readonly string[] {
    const lines = this.#uncounted > 0 ? [...this.#lines, `and ${this.#uncounted} lines more`] : this.#lines;
    this.#lines = [];
    this.#uncounted = 0;
    return lines;
  }
}
