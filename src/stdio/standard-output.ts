import type { Writable } from 'node:stream';

/**
 * The length, in UTF-16 units, up to which lines are joined into one write. It bounds the longest text that is made.
 */
const pieceLength = 64 * 1024;

type OnEnd = (error?: Error | null) => void;

/**
 * Writes lines in pieces, each when the reader has room for it. Lines that are not written yet are kept as they came.
 */
export class StandardOutput {
  readonly #stream: Writable;
  readonly #onRoom: () => void;
  #lines: readonly string[] = [];
  /** The index of the first line that is not written yet. */
  #next = 0;
  #onEnd: OnEnd | undefined;

  /** @param onRoom called when the reader has taken all of an output that was too much for it */
  constructor(stream: Writable, onRoom: () => void) {
    this.#stream = stream;
    this.#onRoom = onRoom;
    stream.on('drain', () => this.#goOn());
  }

  /** Whether the reader is behind. Then nothing more should be written before `onRoom`. */
  get isFull(): boolean {
    return this.#next < this.#lines.length || this.#stream.writableNeedDrain;
  }

  /** Takes whole lines, without line breaks. */
  write(lines: readonly string[]): void {
    this.#lines = this.#next < this.#lines.length ? [...this.#lines.slice(this.#next), ...lines] : lines;
    this.#next = 0;
    this.#writePieces();
  }

  /** Calls back when everything has been handed to the reader, or cannot be. */
  end(onEnd: OnEnd): void {
    this.#onEnd = onEnd;
    if (!this.isFull) this.#stream.end(onEnd);
  }

  #goOn(): void {
    this.#writePieces();
    if (this.isFull) return;
    if (this.#onEnd === undefined) this.#onRoom();
    else this.#stream.end(this.#onEnd);
  }

  #writePieces(): void {
    while (this.#next < this.#lines.length && !this.#stream.writableNeedDrain) this.#stream.write(this.#takePiece());
    if (this.#next === this.#lines.length) this.#lines = [];
  }

  /** The next piece: at least one line. */
  #takePiece(): string {
    let piece = '';
    do {
      piece += `${this.#lines[this.#next] ?? ''}\n`;
      this.#next += 1;
    } while (this.#next < this.#lines.length && piece.length < pieceLength);
    return piece;
  }
}
