/**
 * Reads the segments of the log, and separates the traces of a crash from damage.
 *
 * Batches are written one at a time, and each is synced before the next is begun. So a crash can leave only the last
 * batch incomplete. It was never acknowledged, and is cut off. Anything wrong *before* a later batch was damaged after
 * its sync, and may have been acknowledged. Then the node must not start.
 */
import { basename } from 'node:path';
import type { HardState } from '../raft/hard-state.ts';
import { decodeBatch } from './batch-codec.ts';
import type { BatchContents } from './batch-codec.ts';
import { damage, otherVersion } from './damage.ts';
import type { Segment } from './log-writer.ts';
import { findLaterRecord, readRecord } from './record.ts';
import type { Record } from './record.ts';
import { ReplayedLog } from './replayed-log.ts';
import { readHeader, segmentHeaderBytes, sequenceOfName } from './segments.ts';
import type { SegmentHeader } from './segments.ts';

/** What was found in the last segment. */
export interface LastSegment {
  readonly path: string;
  /**
   * From where to where the last complete item in the file lies: its header or a record. Both are 0 if there is none.
   */
  readonly lastStart: number;
  readonly end: number;
  readonly lastBytes: Buffer;
  /** Describes what follows it and must be cut off, in words. */
  readonly torn: string | undefined;
}

/** A place in a file, for error messages. */
interface Origin {
  readonly path: string;
  readonly offset: number;
}

export class LogReader {
  hardState: HardState | undefined;
  readonly log = new ReplayedLog();
  readonly segments: Segment[] = [];
  sequence = 0;
  checksum = 0;
  last: LastSegment | undefined;
  /** The place that says where the log begins. Undefined if the log begins at index 1. */
  origin: Origin | undefined;
  readonly #mayBeginLate: boolean;
  #isFirst = true;

  /** @param mayBeginLate whether there is a snapshot, so that older segments may have been removed */
  constructor(mayBeginLate: boolean) {
    this.#mayBeginLate = mayBeginLate;
  }

  /** Reads the segments, in their order. */
  readSegment(path: string, bytes: Buffer, isLast: boolean): void {
    const header = this.#readHeader(path, bytes, isLast);
    if (header === undefined) return;
    this.#takeHeader(path, header);
    const segment = { path, sizeBytes: segmentHeaderBytes, highestIndex: 0 };
    this.segments.push(segment);
    let start = 0;
    let torn: string | undefined;
    while (segment.sizeBytes < bytes.length && torn === undefined) {
      const end = segment.sizeBytes;
      const read = readRecord(bytes, end);
      if (read.kind === 'bad') {
        torn = this.#judgeBad(path, bytes, end, read.why, isLast);
      } else {
        this.#take(segment, read.record);
        start = end;
      }
    }
    const end = segment.sizeBytes;
    this.last = { path, lastStart: start, end, lastBytes: bytes.subarray(start, end), torn };
  }

  /** Undefined if a crash interrupted the creation of the file. */
  #readHeader(path: string, bytes: Buffer, isLast: boolean): SegmentHeader | undefined {
    const named = sequenceOfName(basename(path));
    if (this.#isFirst && this.#mayBeginLate) this.sequence = named - 1;
    const expected = this.sequence + 1;
    if (named !== expected) {
      throw damage(path, 0, `it begins with batch ${named}, where batch ${expected} should follow`);
    }
    const read = readHeader(bytes);
    switch (read.kind) {
      case 'other-version':
        throw otherVersion(path, read.version);
      case 'bad': {
        const torn = this.#judgeBad(path, bytes, 0, read.why, isLast);
        this.last = { path, lastStart: 0, end: 0, lastBytes: bytes.subarray(0, 0), torn };
        return undefined;
      }
      case 'header':
        return read.header;
    }
  }

  /**
   * Takes the header of a segment. If earlier segments may have been removed, what the first header says of them is
   * trusted.
   */
  #takeHeader(path: string, { sequence, predecessor, lastIndex }: SegmentHeader): void {
    const expected = this.sequence + 1;
    if (this.#isFirst && sequence === expected && expected > 1) {
      this.checksum = predecessor;
      this.log.beginAfter(lastIndex);
      this.origin = { path, offset: 0 };
    }
    this.#isFirst = false;
    if (sequence !== expected || predecessor !== this.checksum) {
      throw damage(path, 0, `its header is that of batch ${sequence}, and does not follow batch ${this.sequence}`);
    }
    if (lastIndex !== this.log.lastIndex) {
      throw damage(path, 0, `its header follows entry ${lastIndex}, and the log ends at entry ${this.log.lastIndex}`);
    }
  }

  /** Judges an incomplete item. Returns a description if a crash explains it, and throws otherwise. */
  #judgeBad(path: string, bytes: Buffer, start: number, why: string, isLast: boolean): string {
    if (!isLast) throw damage(path, start, `${why}, but a later file follows`);
    const later = findLaterRecord(bytes, start, this.sequence);
    if (later !== undefined) throw damage(path, start, `${why}, but a later batch follows at offset ${later}`);
    const cut = `cut off the last ${bytes.length - start} bytes`;
    return `${path}: ${cut}, at offset ${start}: ${why}. It was being written when the node stopped, or is damaged`;
  }

  #take(segment: Segment, { sequence, predecessor, checksum, payload, end }: Record): void {
    const { path, sizeBytes: offset } = segment;
    if (sequence !== this.sequence + 1 || predecessor !== this.checksum) {
      throw damage(path, offset, `batch ${sequence} does not follow batch ${this.sequence}`);
    }
    const decoded = decodeBatch(payload);
    if (decoded.kind === 'bad') throw damage(path, offset, `batch ${sequence} is not understood: ${decoded.why}`);
    const startBefore = this.log.startIndex;
    const fault = this.#apply(segment, decoded.batch);
    if (fault !== undefined) throw damage(path, offset, `batch ${sequence} is impossible: ${fault}`);
    if (this.log.startIndex !== startBefore) this.origin = { path, offset };
    this.sequence = sequence;
    this.checksum = checksum;
    segment.sizeBytes = end;
  }

  /** Applies a batch, as the storage was told to write it. Returns what is impossible in it, as a clause. */
  #apply(segment: Segment, { hardState, replacedBy, entries }: BatchContents): string | undefined {
    this.hardState = hardState ?? this.hardState;
    if (this.hardState === undefined) return 'no hard state comes before it';
    if (replacedBy !== undefined) {
      this.log.replaceBy(replacedBy);
      for (const before of this.segments) before.highestIndex = 0;
    }
    segment.highestIndex = Math.max(segment.highestIndex, entries.at(-1)?.index ?? 0);
    return this.log.add(entries);
  }
}
