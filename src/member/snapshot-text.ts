/**
 * A snapshot as text: lines of JSON, the first of which says what it covers and whose it is; each further one is a part
 * of the state. The text is ASCII, so that it can be cut anywhere and lengths in characters are lengths in bytes.
 */
import type { Json } from '../services/json.ts';
import type { NodeId } from '../raft/messages.ts';
import type { SnapshotDescription, SnapshotReader } from '../raft/snapshot.ts';
import type { Capture, Restoration } from '../services/state-machine.ts';
import { Crc32c } from '../storage/crc32c.ts';

/** How much text is made at a time: this, and what is left of the last part. */
const pieceBytes = 64 * 1024;

/** The longest line taken. Far above what a key and a value, escaped, can be. */
const maxLineLength = 16 * 1024 * 1024;

/** Makes the text, a piece at a time, so that the node is never held up for long. */
export class SnapshotEncoder {
  readonly #capture: Capture;
  #head: string | undefined;

  constructor(lastIncludedIndex: number, lastIncludedTerm: number, voters: readonly NodeId[], capture: Capture) {
    this.#capture = capture;
    this.#head = headLineOf(lastIncludedIndex, lastIncludedTerm, voters);
  }

  /** Undefined after the last piece. */
  nextPiece(): string | undefined {
    let piece = this.#head ?? '';
    this.#head = undefined;
    while (piece.length < pieceBytes) {
      const part = this.#capture.next();
      if (part === undefined) break;
      piece += lineOf(part);
    }
    return piece === '' ? undefined : piece;
  }
}

/** Reads the text while it arrives, cut anywhere, and checks that it is what its description says. */
export class SnapshotDecoder implements SnapshotReader {
  readonly #description: SnapshotDescription;
  readonly #voters: readonly NodeId[];
  readonly #restoration: Restoration;
  readonly #checksum = new Crc32c();
  #totalBytes = 0;
  #lineCount = 0;
  /** The beginning of a line whose end has not come yet. */
  #rest = '';

  /** @param voters those of this node's cluster: a snapshot of another one is refused */
  constructor(description: SnapshotDescription, voters: readonly NodeId[], restoration: Restoration) {
    this.#description = description;
    this.#voters = voters;
    this.#restoration = restoration;
  }

  take(piece: string): string | undefined {
    this.#checksum.add(Buffer.from(piece, 'latin1'));
    this.#totalBytes += piece.length;
    const lines = `${this.#rest}${piece}`.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const fault = this.#takeLine(line);
      if (fault !== undefined) return `line ${this.#lineCount} of the snapshot: ${fault}`;
    }
    return this.#rest.length > maxLineLength ? `a line of the snapshot is longer than ${maxLineLength}` : undefined;
  }

  end(): string | undefined {
    const { totalBytes, checksum } = this.#description;
    if (this.#totalBytes !== totalBytes) return `the snapshot has ${this.#totalBytes} bytes, not ${totalBytes}`;
    if (this.#checksum.text !== checksum) return `the checksum of the snapshot is ${this.#checksum.text}, not ${checksum}`;
    if (this.#rest !== '') return 'the last line of the snapshot does not end';
    return this.#lineCount === 0 ? 'the snapshot is empty' : undefined;
  }

  /** After the end: puts what was read in the place of the state in use. */
  adopt(): void {
    this.#restoration.adopt();
  }

  #takeLine(line: string): string | undefined {
    this.#lineCount += 1;
    let part: Json;
    try {
      part = JSON.parse(line);
    } catch {
      return 'it is no JSON';
    }
    return this.#lineCount === 1 ? this.#faultOfHead(part) : this.#restoration.add(part);
  }

  #faultOfHead(head: Json): string | undefined {
    const { lastIncludedIndex, lastIncludedTerm } = this.#description;
    const expected = headLineOf(lastIncludedIndex, lastIncludedTerm, this.#voters);
    return lineOf(head) === expected ? undefined : `it should be ${expected.trimEnd()}`;
  }
}

function headLineOf(lastIncludedIndex: number, lastIncludedTerm: number, voters: readonly NodeId[]): string {
  return lineOf({ last_included_index: lastIncludedIndex, last_included_term: lastIncludedTerm, voters: [...voters] });
}

/** JSON has characters beyond ASCII in strings only, and there they may be escaped. */
function lineOf(part: Json): string {
  const text = JSON.stringify(part);
  const ascii = /[^\x20-\x7e]/.test(text) ? text.replace(/[^\x20-\x7e]/g, escaped) : text;
  return `${ascii}\n`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
