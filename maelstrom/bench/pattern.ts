/**
 * Bytes that are expected at a place, compared four at a time. Nearly all that a router does is to see that lines begin
 * as expected, so this is the hottest code of a benchmark besides the system calls.
 */
export class Pattern {
  readonly length: number;
  /** The words of four bytes, little-endian; the last one overlaps the one before where the length is no multiple. */
  readonly #words: readonly { readonly at: number; readonly word: number }[];

  /** @param text ASCII, of four characters or more */
  constructor(text: string) {
    const bytes = Buffer.from(text, 'latin1');
    if (bytes.length < wordBytes) throw new RangeError(`a pattern has ${wordBytes} characters or more, not ${text}`);
    this.length = bytes.length;
    const count = Math.ceil(bytes.length / wordBytes);
    this.#words = Array.from({ length: count }, (_, position) => {
      const at = Math.min(position * wordBytes, bytes.length - wordBytes);
      return { at, word: bytes.readUInt32LE(at) };
    });
  }

  /** Whether these bytes stand at `start`. */
  matches(view: DataView, start: number): boolean {
    if (start < 0 || start + this.length > view.byteLength) return false;
    for (const { at, word } of this.#words) {
      if (view.getUint32(start + at, true) !== word) return false;
    }
    return true;
  }
}

const wordBytes = 4;
