/**
 * Reads segments back, and tells what a crash leaves from what has been damaged since.
 *
 * Batches are written one at a time, each synced before the next is begun. So a crash can have hurt only the last one:
 * that was never acknowledged, and is cut off. Whatever is wrong *before* something that was written later has been
 * damaged after it was synced, and what it said may have been acknowledged: then nothing starts.
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
  /** The last whole thing in the file, its header or a record: from where to where. All 0 where there is nothing. */
  readonly lastStart: number;
  readonly end: number;
  readonly lastBytes: Buffer;
  /** What follows it and has to go, in words. */
  readonly torn: string | undefined;
}

/** A place in a file, to be named where something is wrong. */
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
  /** What says where the log begins; undefined where it begins at its beginning. */
  origin: Origin | undefined;
  readonly #mayBeginLate: boolean;
  #isFirst = true;

  /** @param mayBeginLate whether there is a snapshot, so that older segments may be gone */
  constructor(mayBeginLate: boolean) {
    this.#mayBeginLate = mayBeginLate;
  }

  /** Takes the segments in their order. */
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

  /** Undefined where the file is the rest of an attempt to create it. */
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

  /** What came before the first segment is taken on trust, where it may be gone. */
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

  /** Something is not whole. Returns what to say where a crash explains it, and throws where none does. */
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

  /** As the storage was told to write it; returns what cannot be. */
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
