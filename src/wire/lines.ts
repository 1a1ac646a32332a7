/**
 * Splits a stream of bytes into lines.
 */
import { isUtf8 } from 'node:buffer';

export type Line =
  | { readonly kind: 'text'; readonly text: string }
  /** A line that is too long, or is not UTF-8. `sizeBytes` counts all bytes before its line feed. */
  | { readonly kind: 'too-long' | 'not-utf8'; readonly sizeBytes: number };

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const smallestBuffer = 4096;
const largestIdleBuffer = 64 * 1024;

/**
 * Takes chunks of bytes and gives the lines that they complete, without their line breaks (LF or CRLF). Empty lines are
 * skipped. A line longer than `maxLineBytes` is reported when it ends. Until then its bytes are counted and not kept,
 * so that at most twice the bound is in memory. The work is linear in the bytes. Only a line that spans chunks is
 * copied.
 */
export class LineSplitter {
  readonly #maxLineBytes: number;
  /**
   * The beginning of a line from earlier chunks, and its length. For a line over the bound only the length is valid.
   */
  #partial: Buffer = Buffer.alloc(0);
  #partialBytes = 0;

  constructor(maxLineBytes: number) {
    if (!Number.isSafeInteger(maxLineBytes) || maxLineBytes < 1) {
      throw new RangeError(`maxLineBytes must be a positive integer, not ${maxLineBytes}`);
    }
    this.#maxLineBytes = maxLineBytes;
  }

  /** The lines that this chunk completes. The chunk may be used again afterwards. */
  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      if (this.#partialBytes === 0) {
        this.#take(lines, chunk, start, end);
      } else {
        this.#keep(chunk, start, end);
        this.#takePartial(lines);
      }
      start = end + 1;
    }
    this.#keep(chunk, start, chunk.length);
    return lines;
  }

  /** Ends the stream. Returns a last line that has no line break. */
  end(): Line[] {
    const lines: Line[] = [];
    this.#takePartial(lines);
    return lines;
  }

  #takePartial(lines: Line[]): void {
    const sizeBytes = this.#partialBytes;
    this.#partialBytes = 0;
    if (sizeBytes > this.#partialLimit()) {
      lines.push({ kind: 'too-long', sizeBytes });
    } else {
      this.#take(lines, this.#partial, 0, sizeBytes);
    }
    if (this.#partial.length > largestIdleBuffer) {
      this.#partial = Buffer.alloc(0);
    }
  }

  #take(lines: Line[], bytes: Buffer, start: number, lineEnd: number): void {
    const end = lineEnd > start && bytes[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd;
    if (end - start > this.#maxLineBytes) {
      lines.push({ kind: 'too-long', sizeBytes: lineEnd - start });
    } else if (end > start) {
      lines.push(decode(bytes, start, end, lineEnd - start));
    }
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const sizeBytes = this.#partialBytes + (end - start);
    if (sizeBytes <= this.#partialLimit()) {
      this.#reserve(sizeBytes);
      chunk.copy(this.#partial, this.#partialBytes, start, end);
    }
    this.#partialBytes = sizeBytes;
  }

  /** Doubles the buffer when it is full, so that all copying together is linear in the length of the line. */
  #reserve(sizeBytes: number): void {
    if (sizeBytes > this.#partial.length) {
      const capacity = Math.max(sizeBytes, smallestBuffer, Math.min(2 * this.#partial.length, this.#partialLimit()));
      const grown = Buffer.allocUnsafe(capacity);
      this.#partial.copy(grown, 0, 0, this.#partialBytes);
      this.#partial = grown;
    }
  }

  /** One byte more than the bound, since the last byte may be the carriage return of a CRLF. */
  #partialLimit(): number {
    return this.#maxLineBytes + 1;
  }
}

/**
 * Decodes a line. Bytes that are not UTF-8 become U+FFFD. If there is a U+FFFD, the bytes are checked, because the
 * sender may have written it.
 */
function decode(bytes: Buffer, start: number, end: number, sizeBytes: number): Line {
  const text = bytes.toString('utf8', start, end);
  if (text.includes('\uFFFD') && !isUtf8(bytes.subarray(start, end))) return { kind: 'not-utf8', sizeBytes };
  return { kind: 'text', text };
}
