/**
 * Reads back what a node has written, and tells what a crash leaves from what has been damaged since.
 *
 * Batches are written one at a time, each synced before the next is begun. So a crash can have hurt only the last one:
 * that was never acknowledged, and is cut off. Whatever is wrong *before* something that was written later has been
 * damaged after it was synced, and what it said may have been acknowledged: then nothing starts.
 */
import { basename, join } from 'node:path';
import type { HardState } from '../raft/hard-state.ts';
import type { Entry } from '../raft/messages.ts';
import { decodeBatch } from './batch-codec.ts';
import type { BatchContents } from './batch-codec.ts';
import type { FileSystem, OpenFile } from './file-system.ts';
import { findLaterRecord, readRecord } from './record.ts';
import type { Record } from './record.ts';
import { isSegmentName, readHeader, segmentHeaderBytes, sequenceOfName } from './segments.ts';
import { writeAllSync } from './write-all.ts';

/** Where the log ends and goes on. */
export interface LogTail {
  /** Of the last batch; both 0 where there is none. */
  readonly sequence: number;
  readonly checksum: number;
  /** The segment that goes on, open for writing; undefined where there is none yet. */
  readonly segment: OpenSegment | undefined;
}

export interface OpenSegment {
  readonly path: string;
  readonly file: OpenFile;
  readonly sizeBytes: number;
}

export interface RecoveredLog {
  /** Undefined for a node that has never finished a write. */
  readonly hardState: HardState | undefined;
  readonly entries: readonly Entry[];
  readonly tail: LogTail;
  /** What was cut off, in words for whoever reads the log of the node. */
  readonly notes: readonly string[];
}

/** Reads the log in a directory and mends its end. Throws where it is damaged; then it has changed nothing. */
export function recoverLog(fileSystem: FileSystem, directory: string): RecoveredLog {
  const paths = fileSystem.listSync(directory).filter(isSegmentName).sort().map((name) => join(directory, name));
  const reader = new LogReader();
  for (const path of paths) reader.readSegment(path, fileSystem.readFileSync(path), path === paths.at(-1));
  const { hardState, entries, sequence, checksum, last } = reader;
  const notes = last?.torn === undefined ? [] : [last.torn];
  return { hardState, entries, tail: { sequence, checksum, segment: mendEnd(fileSystem, directory, last) }, notes };
}

/** What was found in the last segment. */
interface LastSegment {
  readonly path: string;
  /** The last whole thing in the file, its header or a record: from where to where. All 0 where there is nothing. */
  readonly lastStart: number;
  readonly end: number;
  readonly lastBytes: Buffer;
  /** What follows it and has to go, in words. */
  readonly torn: string | undefined;
}

class LogReader {
  hardState: HardState | undefined;
  readonly entries: Entry[] = [];
  sequence = 0;
  checksum = 0;
  last: LastSegment | undefined;

  /** Takes the segments in their order. */
  readSegment(path: string, bytes: Buffer, isLast: boolean): void {
    const isHeaderWhole = this.#readHeader(path, bytes, isLast);
    if (!isHeaderWhole) return;
    let start = 0;
    let end = segmentHeaderBytes;
    let torn: string | undefined;
    while (end < bytes.length && torn === undefined) {
      const read = readRecord(bytes, end);
      if (read.kind === 'bad') {
        torn = this.#judgeBad(path, bytes, end, read.why, isLast);
      } else {
        this.#take(path, end, read.record);
        start = end;
        end = read.record.end;
      }
    }
    this.last = { path, lastStart: start, end, lastBytes: bytes.subarray(start, end), torn };
  }

  /** False where the file is the rest of an attempt to create it. */
  #readHeader(path: string, bytes: Buffer, isLast: boolean): boolean {
    const expected = this.sequence + 1;
    const named = sequenceOfName(basename(path));
    if (named !== expected) {
      throw damage(path, 0, `it begins with batch ${named}, where batch ${expected} should follow`);
    }
    const read = readHeader(bytes);
    switch (read.kind) {
      case 'other-version':
        throw new Error(`${path}: is in version ${read.version} of the format, which this program does not read`);
      case 'bad': {
        const torn = this.#judgeBad(path, bytes, 0, read.why, isLast);
        this.last = { path, lastStart: 0, end: 0, lastBytes: bytes.subarray(0, 0), torn };
        return false;
      }
      case 'header': {
        const { sequence, predecessor } = read.header;
        if (sequence === expected && predecessor === this.checksum) return true;
        throw damage(path, 0, `its header is that of batch ${sequence}, and does not follow batch ${this.sequence}`);
      }
    }
  }

  /** Something is not whole. Returns what to say where a crash explains it, and throws where none does. */
  #judgeBad(path: string, bytes: Buffer, start: number, why: string, isLast: boolean): string {
    if (!isLast) throw damage(path, start, `${why}, but a later file follows`);
    const later = findLaterRecord(bytes, start, this.sequence);
    if (later !== undefined) throw damage(path, start, `${why}, but a later batch follows at offset ${later}`);
    const cut = `cut off the last ${bytes.length - start} bytes`;
    return `${path}: ${cut}, at offset ${start}: ${why}. It was being written when the node stopped, or is damaged`;
  }

  #take(path: string, start: number, { sequence, predecessor, checksum, payload }: Record): void {
    if (sequence !== this.sequence + 1 || predecessor !== this.checksum) {
      throw damage(path, start, `batch ${sequence} does not follow batch ${this.sequence}`);
    }
    const decoded = decodeBatch(payload);
    if (decoded.kind === 'bad') throw damage(path, start, `batch ${sequence} is not understood: ${decoded.why}`);
    const fault = this.#apply(decoded.batch);
    if (fault !== undefined) throw damage(path, start, `batch ${sequence} is impossible: ${fault}`);
    this.sequence = sequence;
    this.checksum = checksum;
  }

  /** As the storage was told to write it; returns what cannot be. */
  #apply({ hardState, entries }: BatchContents): string | undefined {
    this.hardState = hardState ?? this.hardState;
    if (this.hardState === undefined) return 'no hard state comes before it';
    const [first] = entries;
    if (first === undefined) return undefined;
    if (first.index > this.entries.length + 1) return `entry ${first.index} after entry ${this.entries.length}`;
    this.entries.length = first.index - 1;
    for (const entry of entries) {
      const lastTerm = this.entries.at(-1)?.term ?? 0;
      if (entry.index !== this.entries.length + 1) return `entry ${entry.index} after entry ${this.entries.length}`;
      if (entry.term < lastTerm) return `entry ${entry.index} of term ${entry.term} after one of term ${lastTerm}`;
      this.entries.push(entry);
    }
    return undefined;
  }
}

/** What was synced before is not touched, so a crash in here leaves nothing worse. */
function mendEnd(fileSystem: FileSystem, directory: string, last: LastSegment | undefined): OpenSegment | undefined {
  if (last === undefined) return undefined;
  const { path, lastStart, end, lastBytes, torn } = last;
  if (end === 0) {
    // The next batch makes it anew, and syncs its name.
    fileSystem.removeFileSync(path);
    return undefined;
  }
  const file = fileSystem.openSync(path);
  // What is whole may be so in the page cache only, where a sync has failed: it is written once more, as it is.
  if (torn === undefined) writeAllSync(file, lastBytes, lastStart);
  else file.truncateSync(end);
  file.syncSync();
  fileSystem.syncDirectorySync(directory);
  return { path, file, sizeBytes: end };
}

function damage(path: string, offset: number, what: string): Error {
  return new Error(`${path}: damaged at offset ${offset}: ${what}`);
}
