const lineFeed = 0x0a;

/**
 * Cuts a stream of bytes where lines end, without looking into them: what comes out are pieces of one or more whole
 * lines each, line feeds included. Only the line that spans chunks is copied.
 */
export class WholeLines {
  readonly #maxLineBytes: number;
  readonly #partial: Buffer[] = [];
  #partialBytes = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The pieces that a chunk completes, in order; undefined where a line gets longer than the bound. */
  push(chunk: Buffer): readonly Buffer[] | undefined {
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end === 0) return this.#keep(chunk) ? [] : undefined;
    if (this.#partialBytes === 0) {
      return this.#keep(chunk.subarray(end)) ? [chunk.subarray(0, end)] : undefined;
    }
    const firstEnd = chunk.indexOf(lineFeed) + 1;
    if (!this.#keep(chunk.subarray(0, firstEnd))) return undefined;
    const first = Buffer.concat(this.#partial.splice(0), this.#partialBytes);
    this.#partialBytes = 0;
    if (!this.#keep(chunk.subarray(end))) return undefined;
    return firstEnd === end ? [first] : [first, chunk.subarray(firstEnd, end)];
  }

  #keep(bytes: Buffer): boolean {
    if (bytes.length > 0) this.#partial.push(bytes);
    this.#partialBytes += bytes.length;
    return this.#partialBytes <= this.#maxLineBytes;
  }
}
