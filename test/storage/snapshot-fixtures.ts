import type { HardState } from '../../src/raft/hard-state.ts';
import { RaftLog } from '../../src/raft/log.ts';
import type { LogPlace } from '../../src/raft/log.ts';
import type { Entry } from '../../src/raft/messages.ts';
import type { ReceivedSnapshot, SnapshotDescription } from '../../src/raft/snapshot.ts';
import { Crc32c } from '../../src/storage/crc32c.ts';
import type { DiskStorage } from '../../src/storage/disk-storage.ts';
import type { FaultyFileSystem } from './faulty-file-system.ts';

export function entriesOf(term: number, from: number, to: number): readonly Entry[] {
  return Array.from({ length: to - from + 1 }, (_, offset) => ({ term, index: from + offset, command: `${term}` }));
}

export function describe(place: LogPlace, text: string): SnapshotDescription {
  const checksum = new Crc32c();
  checksum.add(Buffer.from(text));
  const { index: lastIncludedIndex, term: lastIncludedTerm } = place;
  return { lastIncludedIndex, lastIncludedTerm, totalBytes: text.length, checksum: checksum.text };
}

export function received(place: LogPlace, pieces: readonly string[]): ReceivedSnapshot {
  return { description: describe(place, pieces.join('')), pieces };
}

/** A snapshot of the node's own, from its beginning until it is current. */
export function takeSnapshot(
  storage: DiskStorage,
  fileSystem: FaultyFileSystem,
  place: LogPlace,
  pieces: readonly string[],
): void {
  const writer = storage.beginSnapshot(place.index, place.term);
  for (const piece of pieces) {
    fileSystem.complete();
    writer.write(piece);
  }
  fileSystem.complete();
  writer.finish();
  fileSystem.complete();
}

/** What a node is, whatever of its log it still holds before the end of its snapshot. */
export interface State {
  readonly hardState: HardState;
  readonly snapshot: { readonly description: SnapshotDescription; readonly text: string } | undefined;
  /** Those after the snapshot. */
  readonly entries: readonly Entry[];
}

/** What a node finds on its storage. Throws where the log does not go on where the snapshot ends. */
export function stateOn(storage: DiskStorage): State | undefined {
  const { recovered, snapshot } = storage;
  if (recovered === undefined) return undefined;
  if (recovered.snapshot?.checksum !== snapshot?.description.checksum) throw new Error('there are two snapshots');
  const place = placeOf(recovered.snapshot);
  const log = new RaftLog(recovered.entries, place);
  const entries = log.slice(place.index + 1, log.lastIndex);
  const found = snapshot && { description: snapshot.description, text: snapshot.read(0, Infinity) };
  return { hardState: recovered.hardState, snapshot: found, entries };
}

export function placeOf(snapshot: SnapshotDescription | undefined): LogPlace {
  return { index: snapshot?.lastIncludedIndex ?? 0, term: snapshot?.lastIncludedTerm ?? 0 };
}
