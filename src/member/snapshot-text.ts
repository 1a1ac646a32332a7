/**
 * A snapshot as text: lines of JSON, the first of which says what it covers and whose it is; each further one is a part
 * of the state. The text is ASCII, so that it can be cut anywhere and lengths in characters are lengths in bytes.
 */
import { isObject, jsonFault, pathText } from '../services/json.ts';
import type { Json } from '../services/json.ts';
import { isMembers } from '../raft/configuration.ts';
import type { Members, NodeId } from '../raft/messages.ts';
import type { SnapshotDescription, SnapshotReader } from '../raft/snapshot.ts';
import { utf8Bytes } from '../raft/utf8-bytes.ts';
import type { Capture, Restoration } from '../services/state-machine.ts';
import { Crc32c } from '../storage/crc32c.ts';

/** How much text is made at a time: this, and what is left of the last part. */
const pieceBytes = 64 * 1024;

/** The longest line taken. Far above what a part of a state, escaped, can be. */
const maxLineLength = 16 * 1024 * 1024;

/** More of a line is never quoted in what is said of it. */
const maxQuotedLength = 200;

/** The place of what is wrong in a part is said so far. */
const maxPathSteps = 8;

/** Makes the text, a piece at a time, so that the node is never held up for long. */
export class SnapshotEncoder {
  readonly #capture: Capture;
  #head: string | undefined;

  /** @param members who takes part as of the last included entry; `founders` where that has never changed */
  constructor(
    lastIncludedIndex: number,
    lastIncludedTerm: number,
    founders: readonly NodeId[],
    members: Members,
    capture: Capture,
  ) {
    this.#capture = capture;
    this.#head = lineOf(headOf(lastIncludedIndex, lastIncludedTerm, founders, members));
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

/**
 * Reads the text while it arrives, cut anywhere, and checks that it is what its description says. Total: whatever the
 * text, there is a state or a reason, and never an exception.
 */
export class SnapshotDecoder implements SnapshotReader {
  readonly #description: SnapshotDescription;
  readonly #founders: readonly NodeId[];
  #members: Members | undefined;
  readonly #restoration: Restoration;
  readonly #maxPartBytes: number;
  readonly #checksum = new Crc32c();
  #totalBytes = 0;
  #lineCount = 0;
  /** The beginning of a line whose end has not come yet. */
  #rest = '';

  /**
   * @param founders the first voters of this node's cluster: a snapshot of another one is refused
   * @param maxPartBytes the longest JSON of one part, in bytes of UTF-8: for a text that another node has made
   */
  constructor(
    description: SnapshotDescription,
    founders: readonly NodeId[],
    restoration: Restoration,
    maxPartBytes: number = Infinity,
  ) {
    this.#description = description;
    this.#founders = founders;
    this.#restoration = restoration;
    this.#maxPartBytes = maxPartBytes;
  }

  get members(): Members | undefined {
    return this.#members;
  }

  take(piece: string): string | undefined {
    this.#checksum.addLatin1(piece);
    this.#totalBytes += piece.length;
    let start = 0;
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', start)) {
      const fault = this.#takeLine(this.#rest + piece.slice(start, end));
      if (fault !== undefined) return `line ${this.#lineCount} of the snapshot: ${fault}`;
      this.#rest = '';
      start = end + 1;
    }
    this.#rest += piece.slice(start);
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
    if (this.#lineCount === 1) return this.#faultOfHead(line);
    const part = parsed(line);
    if (part === undefined) return 'it is no JSON';
    const fault = jsonFault(part);
    if (fault !== undefined) return `${pathText(fault.path.slice(0, maxPathSteps))}: ${fault.reason}`.replace(/^: /, '');
    if (this.#isTooLong(line, part)) return `its JSON is longer than ${this.#maxPartBytes} bytes`;
    return this.#restoration.add(part);
  }

  /** Escaped it is no shorter than in UTF-8: only a long line is measured. */
  #isTooLong(line: string, part: Json): boolean {
    return line.length > this.#maxPartBytes && utf8Bytes(JSON.stringify(part)) > this.#maxPartBytes;
  }

  #faultOfHead(line: string): string | undefined {
    const { lastIncludedIndex, lastIncludedTerm } = this.#description;
    const head = parsed(line);
    const founded = { voters: this.#founders, learners: [] };
    const members = head !== undefined && isObject(head) && 'members' in head ? head['members'] : founded;
    if (!isMembers(members)) return 'its members are no configuration';
    const expected = lineOf(headOf(lastIncludedIndex, lastIncludedTerm, this.#founders, members)).trimEnd();
    if (line !== expected) return `it should be ${expected.slice(0, maxQuotedLength)}`;
    this.#members = members;
    return undefined;
  }
}

/** Undefined where the text is no JSON. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first line. Whose the snapshot is comes as the founders' names; who takes part by now, where that has changed. */
function headOf(lastIncludedIndex: number, lastIncludedTerm: number, founders: readonly NodeId[], members: Members): Json {
  const head = { last_included_index: lastIncludedIndex, last_included_term: lastIncludedTerm, voters: [...founders] };
  const { voters, learners, outgoing } = members;
  const isJoint = outgoing !== undefined;
  const isAsFounded = !isJoint && learners.length === 0 && JSON.stringify(voters) === JSON.stringify(founders);
  const halves = { voters: [...voters], learners: [...learners], ...(isJoint && { outgoing: [...outgoing] }) };
  return isAsFounded ? head : { ...head, members: halves };
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
