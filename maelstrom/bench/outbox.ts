const smallestBuffer = 64 * 1024;
const largestIdleBuffer = 4 * 1024 * 1024;

/** What goes to one node at the end of the turn, in one write. */
export class Outbox {
  #buffer = Buffer.allocUnsafeSlow(smallestBuffer);
  #length = 0;
  /** Requests of clients, all ASCII; they become bytes together. */
  #text = '';

  get isEmpty(): boolean {
    return this.#length === 0 && this.#text === '';
  }

  addBytes(lines: Buffer, start: number, end: number): void {
    this.#reserve(end - start);
    this.#length += lines.copy(this.#buffer, this.#length, start, end);
  }

  /** A line of ASCII with its line feed. */
  addText(line: string): void {
    this.#text += line;
  }

  /** Takes out all that there is. The bytes stay as they are until the next call of `giveBack`. */
  take(): Buffer {
    this.#reserve(this.#text.length);
    this.#length += this.#buffer.write(this.#text, this.#length, 'latin1');
    const taken = this.#buffer.subarray(0, this.#length);
    this.#text = '';
    this.#length = 0;
    return taken;
  }

  /** What was taken has been read by now, or is being kept: then its memory is not used again. */
  giveBack(isFree: boolean): void {
    if (!isFree || this.#buffer.length > largestIdleBuffer) this.#buffer = Buffer.allocUnsafeSlow(smallestBuffer);
  }

  #reserve(moreBytes: number): void {
    const needed = this.#length + moreBytes;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#buffer.length));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
