/**
 * A snapshot is a file beside the log, named after the last entry that it covers. It holds the text of the snapshot,
 * and then one line, the trailer, which describes the text. It is at the end because its numbers are known last:
 *
 *   raft-snapshot 0001 0000000000000100 0000000000000003 0000000000004711 8a9136aa 1f2e3d4c
 *
 * Its fields are the version of the format, the last included index, its term, the length of the text in bytes, the
 * CRC-32C of the text, and the CRC-32C of the line up to that field. All versions of the format have a trailer of the
 * same length, with the same first two fields and the same last one.
 */
import { basename, join } from 'node:path';
import { assert } from '../raft/assert.ts';
import type { SnapshotDescription } from '../raft/snapshot.ts';
import { Crc32c } from './crc32c.ts';
import { damage, otherVersion } from './damage.ts';
import type { FileSystem, ReadableFile } from './file-system.ts';
import type { StoredSnapshot } from './storage.ts';

/** Must be raised when a program that knows only the previous format could misread a file. */
const snapshotFormatVersion = 1;

/** A text is verified in pieces of this size, so that no more of it is in memory. */
const verifiedAtOnceBytes = 1024 * 1024;

const versionDigits = 4;
/** Enough for any safe integer. */
const numberDigits = 16;
const checksumDigits = 8;

const namePattern = /^\d{16}\.snapshot$/;
const partialNamePattern = /^\d{16}\.snapshot\.partial-\d+$/;

/** Names sort in the order of their indexes. */
export function snapshotName(lastIncludedIndex: number): string {
  return `${digits(lastIncludedIndex, numberDigits)}.snapshot`;
}

/** The name of a snapshot that is being written. Each attempt of one incarnation has a name of its own. */
export function partialSnapshotName(lastIncludedIndex: number, attempt: number): string {
  return `${snapshotName(lastIncludedIndex)}.partial-${attempt}`;
}

export function isSnapshotName(name: string): boolean {
  return namePattern.test(name);
}

export function isPartialSnapshotName(name: string): boolean {
  return partialNamePattern.test(name);
}

export function encodeTrailer(description: SnapshotDescription): Buffer {
  const { lastIncludedIndex, lastIncludedTerm, totalBytes, checksum } = description;
  const numbers = [lastIncludedIndex, lastIncludedTerm, totalBytes].map((number) => digits(number, numberDigits));
  const line = ['raft-snapshot', digits(snapshotFormatVersion, versionDigits), ...numbers, checksum, ''].join(' ');
  return Buffer.from(`${line}${checksumOf(line)}\n`, 'latin1');
}

export const trailerBytes = encodeTrailer({
  lastIncludedIndex: 0,
  lastIncludedTerm: 0,
  totalBytes: 0,
  checksum: '0'.repeat(checksumDigits),
}).length;

/** Reads and checks a whole snapshot, piece by piece. Throws if it differs from what was written. */
export function verifySnapshot(fileSystem: FileSystem, path: string): SnapshotDescription {
  const file = fileSystem.openForReadingSync(path);
  try {
    return verified(path, file);
  } finally {
    file.close();
  }
}

function verified(path: string, file: ReadableFile): SnapshotDescription {
  const textBytes = Math.max(0, file.sizeBytes - trailerBytes);
  const trailer = readExactly(path, file, textBytes, file.sizeBytes - textBytes).toString('latin1');
  const description = decodeTrailer(path, textBytes, trailer);
  if (snapshotName(description.lastIncludedIndex) !== basename(path)) {
    throw damage(path, textBytes, `its last line is that of a snapshot up to entry ${description.lastIncludedIndex}`);
  }
  if (description.totalBytes !== textBytes) {
    throw damage(path, textBytes, `the text ends here, and should after ${description.totalBytes} bytes`);
  }
  const checksum = new Crc32c();
  for (let offset = 0; offset < textBytes; offset += verifiedAtOnceBytes) {
    checksum.add(readExactly(path, file, offset, Math.min(verifiedAtOnceBytes, textBytes - offset)));
  }
  if (checksum.text !== description.checksum) {
    throw damage(path, 0, `the checksum of the text, the ${textBytes} bytes from here, is wrong`);
  }
  return description;
}

function decodeTrailer(path: string, offset: number, trailer: string): SnapshotDescription {
  const [, line, version, ownChecksum] = /^(raft-snapshot (\d{4}) .*)([0-9a-f]{8})\n$/.exec(trailer) ?? [];
  if (line === undefined || trailer.length !== trailerBytes) {
    throw damage(path, offset, 'the file does not end with the last line of a snapshot');
  }
  if (checksumOf(line) !== ownChecksum) throw damage(path, offset, 'the checksum of the last line is wrong');
  if (Number(version) !== snapshotFormatVersion) throw otherVersion(path, Number(version));
  const [, , index, term, totalBytes, checksum = ''] = line.split(' ');
  const description = {
    lastIncludedIndex: Number(index),
    lastIncludedTerm: Number(term),
    totalBytes: Number(totalBytes),
    checksum,
  };
  if (!encodeTrailer(description).equals(Buffer.from(trailer, 'latin1'))) {
    throw damage(path, offset, 'the last line is not understood, though its checksum is right');
  }
  return description;
}

/** A complete snapshot. The file stays open for reading until it is released. */
export class StoredSnapshotFile implements StoredSnapshot {
  readonly path: string;
  readonly description: SnapshotDescription;
  readonly #file: ReadableFile;
  #isOpen = true;

  constructor(fileSystem: FileSystem, directory: string, description: SnapshotDescription) {
    this.path = join(directory, snapshotName(description.lastIncludedIndex));
    this.description = description;
    this.#file = fileSystem.openForReadingSync(this.path);
  }

  read(offset: number, maxBytes: number): string {
    const { totalBytes } = this.description;
    assert(this.#isOpen && offset <= totalBytes, 'a snapshot is read before it is released, and not beyond its end');
    return readExactly(this.path, this.#file, offset, Math.min(maxBytes, totalBytes - offset)).toString('latin1');
  }

  release(): void {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
  }
}

function readExactly(path: string, file: ReadableFile, position: number, length: number): Buffer {
  const first = file.readSync(position, length);
  if (first.length === length) return first;
  const parts = [first];
  for (let read = first.length; read < length; ) {
    const part = file.readSync(position + read, length - read);
    if (part.length === 0) throw damage(path, position + read, `it ends here, and was ${file.sizeBytes} bytes long`);
    parts.push(part);
    read += part.length;
  }
  return Buffer.concat(parts);
}

function checksumOf(line: string): string {
  const checksum = new Crc32c();
  checksum.addLatin1(line);
  return checksum.text;
}

function digits(number: number, count: number): string {
  return String(number).padStart(count, '0');
}
