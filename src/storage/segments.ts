/**
 * The log is a sequence of files, the segments. Each is named after its first batch. It begins with a header, which
 * repeats that name, gives the last index of the log at that time, and gives the version of the format. The first batch
 * has the hard state in it, so that the segments before it can be removed once a snapshot covers their entries.
 */
import { crc32c } from './crc32c.ts';

/** Must be raised when a program that knows only the previous format could misread a file. */
export const formatVersion = 2;

/**
 * The header of a segment, big-endian. Its first two fields have the same place in all versions of the format:
 *
 *   bytes   what
 *   8       "raft-log"
 *   4       the version of the format
 *   6       the sequence number of the first batch
 *   4       the checksum of the batch before that, 0 if there is none
 *   6       the index of the last entry that the log had then, 0 if it had none
 *   4       the CRC-32C of these fields
 */
export const segmentHeaderBytes = 32;

const magic = 'raft-log';
const versionAt = 8;
const sequenceAt = 12;
const predecessorAt = 18;
const lastIndexAt = 22;
const checksumAt = 28;

export interface SegmentHeader {
  readonly sequence: number;
  readonly predecessor: number;
  /** The last index of the log before the first batch. */
  readonly lastIndex: number;
}

export type HeaderRead =
  | { readonly kind: 'header'; readonly header: SegmentHeader }
  /** The header is intact, but this program does not read what follows. */
  | { readonly kind: 'other-version'; readonly version: number }
  /** `why` is a clause that says what is wrong. */
  | { readonly kind: 'bad'; readonly why: string };

const nameDigits = 15;
const namePattern = /^\d{15}\.log$/;

/** Names sort in the order of their numbers. */
export function segmentName(sequence: number): string {
  return `${String(sequence).padStart(nameDigits, '0')}.log`;
}

export function isSegmentName(name: string): boolean {
  return namePattern.test(name);
}

/** The name of a copy that will take the place of a segment. */
export function segmentCopyName(name: string): string {
  return `${name}.copy`;
}

export function isSegmentCopyName(name: string): boolean {
  return name.endsWith('.copy') && isSegmentName(name.slice(0, -'.copy'.length));
}

/** The sequence number of the first batch in a segment, from the segment's name. */
export function sequenceOfName(name: string): number {
  return Number(name.slice(0, nameDigits));
}

export function encodeHeader({ sequence, predecessor, lastIndex }: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(segmentHeaderBytes);
  bytes.write(magic, 0, 'latin1');
  bytes.writeUInt32BE(formatVersion, versionAt);
  bytes.writeUIntBE(sequence, sequenceAt, 6);
  bytes.writeUInt32BE(predecessor, predecessorAt);
  bytes.writeUIntBE(lastIndex, lastIndexAt, 6);
  bytes.writeUInt32BE(crc32c(bytes, 0, checksumAt), checksumAt);
  return bytes;
}

export function readHeader(bytes: Buffer): HeaderRead {
  if (bytes.length < segmentHeaderBytes) return { kind: 'bad', why: 'the header of the file is incomplete' };
  if (crc32c(bytes, 0, checksumAt) !== bytes.readUInt32BE(checksumAt)) {
    return { kind: 'bad', why: 'the checksum of the header is wrong' };
  }
  if (bytes.toString('latin1', 0, versionAt) !== magic) return { kind: 'bad', why: 'this is no log of this program' };
  const version = bytes.readUInt32BE(versionAt);
  if (version !== formatVersion) return { kind: 'other-version', version };
  const sequence = bytes.readUIntBE(sequenceAt, 6);
  const predecessor = bytes.readUInt32BE(predecessorAt);
  return { kind: 'header', header: { sequence, predecessor, lastIndex: bytes.readUIntBE(lastIndexAt, 6) } };
}
