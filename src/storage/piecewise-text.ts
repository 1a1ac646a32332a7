/** A text in pieces. Together they may be longer than the longest string that there is, 512 MiB in V8. */
export class PiecewiseText {
  readonly #pieces: readonly string[];
  /** Where each piece ends; none is empty. */
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

  /** Which piece holds the character at `offset`: the first that ends behind it, found by halving. */
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
