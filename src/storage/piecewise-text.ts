/** A text in pieces. All pieces together may be longer than the longest string of V8, which is 512 MiB. */
export class PiecewiseText {
  readonly #pieces: readonly string[];
  /** Where each piece ends. No piece is empty. */
  readonly #ends: readonly number[];

  constructor(pieces: readonly string[]) {
    this.#pieces = pieces.filter((piece) => piece !== '');
    let end = 0;
    this.#ends = this.#pieces.map((piece) => (end += piece.length));
  }

  /** The text from `offset` on, at most `maxLength` of it; fewer only at its end. */
  read(offset: number, maxLength: number): string {
    let text = '';
    for (let which = this.#pieceAt(offset); text.length < maxLength; which += 1) {
      const [piece, end] = [this.#pieces[which], this.#ends[which]];
      if (piece === undefined || end === undefined) break;
      const start = offset + text.length - (end - piece.length);
      text += piece.slice(start, start + maxLength - text.length);
    }
    return text;
  }

  /**
   * The index of the piece with the character at `offset`: the first one that ends behind it, found by binary search.
   */
  #pieceAt(offset: number): number {
    let [from, to] = [0, this.#ends.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#ends[middle] ?? 0) > offset) to = middle;
      else from = middle + 1;
    }
    return from;
  }
}
