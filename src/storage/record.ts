/**
 * The format of a batch in a file: one record with a header and a payload. Numbers are big-endian.
 *
 *   bytes   what
 *   1       a mark, ASCII "record separator"; no payload has this byte, and a lost sector (zeros) has none
 *   4       the CRC-32C of everything that follows, up to the end of the payload
 *   4       the length of the payload in bytes
 *   6       the sequence number of the batch: 1 for the first batch that this node ever wrote, then 2, 3, ...
 *   4       the checksum of the previous batch, 0 if there is none
 *
 * A payload is text. Its only control characters are line feeds, so that no part of it can look like a record.
 */
import { assert } from '../raft/assert.ts';
import { crc32c } from './crc32c.ts';

export interface Record {
  readonly sequence: number;
  /** The checksum of the previous batch. */
  readonly predecessor: number;
  readonly checksum: number;
  readonly payload: Buffer;
  /** The offset of the next record. */
  readonly end: number;
}

/** What was found at an offset where a record should begin. */
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

/** The longest payload in bytes. The core never lets a batch grow nearly as large. */
export const maxPayloadBytes = 2 ** 30;

/** The place of a record in the order of all records that a node has ever written. */
export interface Place {
  readonly sequence: number;
  readonly predecessor: number;
}

/** Encodes a record with the given lines as its payload. In the file each line ends with a line feed. */
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

/** The checksum in an encoded record. */
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

/** The first offset after `start` with a complete record whose sequence number is higher than `sequence`. */
export function findLaterRecord(bytes: Buffer, start: number, sequence: number): number | undefined {
  for (let place = bytes.indexOf(mark, start + 1); place !== -1; place = bytes.indexOf(mark, place + 1)) {
    // The sequence number is checked first. To compute a checksum at every mark would take quadratic time.
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
