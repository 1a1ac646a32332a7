import type { Writable } from 'node:stream';

/** Lines are joined up to this length, in UTF-16 units, so that no text is as long as all that a turn says. */
const pieceLength = 64 * 1024;

type OnEnd = (error?: Error | null) => void;

/**
 * Writes lines in pieces, each when the reader has room for it. What has not been written is kept here as it came.
 */
export class StandardOutput {
  readonly #stream: Writable;
  readonly #onRoom: () => void;
  #lines: readonly string[] = [];
  /** Where the next piece begins. */
  #next = 0;
  #onEnd: OnEnd | undefined;

  /** @param onRoom called when all has been written that was too much for the reader */
  constructor(stream: Writable, onRoom: () => void) {
    this.#stream = stream;
    this.#onRoom = onRoom;
    stream.on('drain', () => this.#goOn());
  }

  /** Whether the reader is behind. Then no more is to be written before `onRoom`. */
  get isFull(): boolean {
    return this.#next < this.#lines.length || this.#stream.writableNeedDrain;
  }

  /** Takes whole lines, without their line breaks. */
  write(lines: readonly string[]): void {
    this.#lines = this.#next < this.#lines.length ? [...this.#lines.slice(this.#next), ...lines] : lines;
    this.#next = 0;
    this.#writePieces();
  }

  /** Calls back once all has been handed to the reader, or cannot be. */
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

  /** At least one line. */
  #takePiece(): string {
    let piece = '';
    do {
      piece += `${this.#lines[this.#next] ?? ''}\n`;
      this.#next += 1;
    } while (this.#next < this.#lines.length && piece.length < pieceLength);
    return piece;
  }
}
