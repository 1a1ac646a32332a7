/**
 * Reads what a node has written: the newest snapshot, and the log after it. Everything is read and judged before
 * anything is changed. A change never touches what was synced before, so that a crash during recovery does no harm.
 */
import { basename, join } from 'node:path';
import type { HardState } from '../raft/hard-state.ts';
import type { LogPlace } from '../raft/log.ts';
import type { Entry } from '../raft/messages.ts';
import type { SnapshotDescription } from '../raft/snapshot.ts';
import { damage } from './damage.ts';
import type { FileSystem, OpenFile } from './file-system.ts';
import { LogReader } from './log-reader.ts';
import type { LastSegment } from './log-reader.ts';
import type { LogTail } from './log-writer.ts';
import { isSegmentCopyName, isSegmentName, segmentCopyName, segmentHeaderBytes } from './segments.ts';
import { isPartialSnapshotName, isSnapshotName, StoredSnapshotFile, verifySnapshot } from './snapshot-file.ts';
import { writeAllSync } from './write-all.ts';

export interface FoundOnDisk {
  /** Undefined for a node that has never finished a write. */
  readonly hardState: HardState | undefined;
  readonly snapshot: StoredSnapshotFile | undefined;
  readonly entries: readonly Entry[];
  readonly tail: LogTail;
  /** What was cut off or removed, as sentences for the log of the node. */
  readonly notes: readonly string[];
}

/**
 * Reads a node's directory and repairs what a crash has left. Throws if the directory is damaged, and has changed
 * nothing then.
 *
 * @param startsInFreshFile as in `DiskStorageOptions`
 */
export function recover(fileSystem: FileSystem, directory: string, startsInFreshFile = false): FoundOnDisk {
  const names = [...fileSystem.listSync(directory)].sort();
  const snapshotNames = names.filter(isSnapshotName);
  const newestPath = snapshotNames.slice(-1).map((name) => join(directory, name))[0];
  const description = newestPath === undefined ? undefined : verifySnapshot(fileSystem, newestPath);
  const reader = readLog(fileSystem, names.filter(isSegmentName).map((name) => join(directory, name)), description);
  const lastIndex = reader.log.lastIndex;
  const { replacedBy, note } = settle(reader, description, newestPath);

  const unfinished = names.filter((name) => isPartialSnapshotName(name) || isSegmentCopyName(name));
  const needless = [...snapshotNames.slice(0, -1), ...unfinished];
  if (description !== undefined) fileSystem.syncDirectorySync(directory);
  for (const name of needless) fileSystem.removeFileSync(join(directory, name));
  const file = startsInFreshFile
    ? replaceEnd(fileSystem, directory, reader.last)
    : mendEnd(fileSystem, directory, reader.last);
  const { hardState, log, segments, sequence, checksum, last } = reader;
  return {
    hardState,
    snapshot: description && new StoredSnapshotFile(fileSystem, directory, description),
    entries: log.entries,
    tail: { sequence, checksum, lastIndex, hasSnapshot: description !== undefined, replacedBy, segments, file },
    notes: [last?.torn, note].flatMap((words) => words ?? []),
  };
}

function readLog(
  fileSystem: FileSystem,
  paths: readonly string[],
  snapshot: SnapshotDescription | undefined,
): LogReader {
  const reader = new LogReader(snapshot !== undefined);
  for (const path of paths) reader.readSegment(path, fileSystem.readFileSync(path), path === paths.at(-1));
  return reader;
}

interface SettledLog {
  readonly replacedBy: LogPlace | undefined;
  readonly note: string | undefined;
}

/** Brings the log in line with the snapshot. A log that does not reach back to the snapshot is dropped. */
function settle(
  { log, hardState, origin }: LogReader,
  snapshot: SnapshotDescription | undefined,
  snapshotPath: string | undefined,
): SettledLog {
  if (snapshotPath !== undefined && hardState === undefined) {
    throw damage(snapshotPath, 0, 'it is here, but of the log that belongs to it not even the term and vote are');
  }
  const place = { index: snapshot?.lastIncludedIndex ?? 0, term: snapshot?.lastIncludedTerm ?? 0 };
  const settled = log.settle(place);
  switch (settled.kind) {
    case 'kept':
      return { replacedBy: undefined, note: undefined };
    case 'replaced': {
      const note = `${snapshotPath}: takes the place of the log, which ${settled.why}`;
      return { replacedBy: place, note: `${note}. It was being installed when the node stopped` };
    }
    case 'impossible':
      throw damage(origin?.path ?? snapshotPath ?? '', origin?.offset ?? 0, settled.why);
  }
}

function mendEnd(fileSystem: FileSystem, directory: string, last: LastSegment | undefined): OpenFile | undefined {
  if (last === undefined) return undefined;
  const { path, lastStart, end, lastBytes, torn } = last;
  if (end === 0) {
    // The next batch creates the file again, and syncs its name.
    fileSystem.removeFileSync(path);
    return undefined;
  }
  const file = fileSystem.openSync(path);
  // After a failed sync, a complete record may be in the page cache only. It is written once more, unchanged.
  if (torn === undefined) writeAllSync(file, lastBytes, lastStart);
  else file.truncateSync(end);
  file.syncSync();
  fileSystem.syncDirectorySync(directory);
  return file;
}

/**
 * As `mendEnd`, for a file that a previous owner may still write to. A copy of the contents takes the name of the file,
 * so that such a write has no effect. If the copy has a batch in it, it is not written to any more: the previous owner
 * would create the next file, or find that it exists, and is detected by that.
 */
function replaceEnd(fileSystem: FileSystem, directory: string, last: LastSegment | undefined): OpenFile | undefined {
  if (last === undefined || last.end === 0) return mendEnd(fileSystem, directory, last);
  const bytes = fileSystem.readFileSync(last.path).subarray(0, last.end);
  const copyPath = join(directory, segmentCopyName(basename(last.path)));
  const copy = fileSystem.createSync(copyPath);
  writeAllSync(copy, bytes, 0);
  copy.syncSync();
  copy.close();
  fileSystem.renameSync(copyPath, last.path);
  fileSystem.syncDirectorySync(directory);
  return last.end > segmentHeaderBytes ? undefined : fileSystem.openSync(last.path);
}
