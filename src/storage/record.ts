/**
 * How a batch lies in a file: one record, of a header and a payload. Numbers are big-endian.
 *
 *   bytes   what
 *   1       a mark, ASCII "record separator"; no byte of a payload equals it, and a sector that was lost has none
 *   4       the CRC-32C of all that follows, up to the end of the payload
 *   4       the length of the payload in bytes
 *   6       the sequence number of the batch: 1 for the first that this node ever wrote, one more for each
 *   4       the checksum of the batch before, 0 where there is none
 *
 * A payload is text without control characters but line feeds, so that nothing in it can look like a record.
 */
import { assert } from '../raft/assert.ts';
import { crc32c } from './crc32c.ts';

export interface Record {
  readonly sequence: number;
  /** The checksum of the batch before. */
  readonly predecessor: number;
  readonly checksum: number;
  readonly payload: Buffer;
  /** Where the next record begins. */
  readonly end: number;
}

/** What is at a place where a record should be. */
export type RecordRead =
  | { readonly kind: 'record'; readonly record: Record }
  /** `why` is a clause: `its checksum is wrong`. */
  | { readonly kind: 'bad'; readonly why: string };

const mark = 0x1e;
const checksumAt = 1;
const lengthAt = 5;
const sequenceAt = 9;
const predecessorAt = 15;
export const recordHeaderBytes = 19;

/** The longest payload. Far above what the core lets a batch grow to. */
export const maxPayloadBytes = 2 ** 30;

/** Where a record is in the order of all that a node has ever written. */
export interface Place {
  readonly sequence: number;
  readonly predecessor: number;
}

/** Makes the record of a payload that is given as lines; each ends with a line feed in the file. */
export function encodeRecord({ sequence, predecessor }: Place, lines: readonly string[]): Buffer {
  const payloadBytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  assert(payloadBytes <= maxPayloadBytes, 'the core bounds the size of a batch');
  const bytes = Buffer.allocUnsafe(recordHeaderBytes + payloadBytes);
  bytes.writeUInt8(mark, 0);
  bytes.writeUInt32BE(payloadBytes, lengthAt);
  bytes.writeUIntBE(sequence, sequenceAt, 6);
  bytes.writeUInt32BE(predecessor, predecessorAt);
  let end = recordHeaderBytes;
  for (const line of lines) {
    end += bytes.write(line, end);
    end = bytes.writeUInt8(0x0a, end);
  }
  bytes.writeUInt32BE(crc32c(bytes, lengthAt), checksumAt);
  return bytes;
}

/** The checksum that an encoded record carries. */
export function checksumOf(encoded: Buffer): number {
  return encoded.readUInt32BE(checksumAt);
}

export function readRecord(bytes: Buffer, start: number): RecordRead {
  if (bytes[start] !== mark) return bad('no record begins here');
  if (start + recordHeaderBytes > bytes.length) return bad('the header of the record is incomplete');
  const end = start + recordHeaderBytes + bytes.readUInt32BE(start + lengthAt);
  if (end > bytes.length) return bad(`the record goes on to offset ${end}, beyond the end of the file`);
  const checksum = bytes.readUInt32BE(start + checksumAt);
  if (crc32c(bytes, start + lengthAt, end) !== checksum) return bad('the checksum of the record is wrong');
  const sequence = bytes.readUIntBE(start + sequenceAt, 6);
  const predecessor = bytes.readUInt32BE(start + predecessorAt);
  const payload = bytes.subarray(start + recordHeaderBytes, end);
  return { kind: 'record', record: { sequence, predecessor, checksum, payload, end } };
}

function bad(why: string): RecordRead {
  return { kind: 'bad', why };
}

/** The first place after `start` where there is a whole record with a higher sequence number than `sequence`. */
export function findLaterRecord(bytes: Buffer, start: number, sequence: number): number | undefined {
  for (let place = bytes.indexOf(mark, start + 1); place !== -1; place = bytes.indexOf(mark, place + 1)) {
    // The sequence number is looked at first: a checksum over all that follows, at every mark, would take for ever.
    if (!mayBeLater(bytes, place, sequence)) continue;
    if (readRecord(bytes, place).kind === 'record') return place;
  }
  return undefined;
}

function mayBeLater(bytes: Buffer, place: number, sequence: number): boolean {
  if (place + recordHeaderBytes > bytes.length) return false;
  const found = bytes.readUIntBE(place + sequenceAt, 6);
  return found > sequence && found <= sequence + bytes.length / recordHeaderBytes;
}
