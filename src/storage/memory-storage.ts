import { assert } from '../raft/assert.ts';
import type { Batch } from '../raft/durability.ts';
import type { HardState } from '../raft/hard-state.ts';
import { RaftLog } from '../raft/log.ts';
import { placeOf } from '../raft/snapshot.ts';
import type { ReceivedSnapshot, SnapshotDescription } from '../raft/snapshot.ts';
import { Crc32c } from './crc32c.ts';
import { PiecewiseText } from './piecewise-text.ts';
import type { Recovered, SnapshotWriter, Storage, StoredSnapshot } from './storage.ts';

/** What a {@link MemoryStorage} leaves to the next incarnation: what recovery finds, and the snapshot's text. */
export interface MemoryContents extends Recovered {
  readonly snapshotText?: StoredSnapshot;
}

/**
 * The storage of a node that has no disk. A batch is persisted as soon as it is written. The contents survive a node
 * that is created again in the same process, as tests do it, and nothing else.
 */
export class MemoryStorage implements Storage {
  readonly recovered: MemoryContents | undefined;
  readonly isNearlyFull = false;
  readonly #log: RaftLog;
  #hardState: HardState | undefined;
  #snapshot: StoredSnapshot | undefined;
  #persistedBatch = 0;

  /** @param recovered what an earlier incarnation left; omitted for a new node */
  constructor(recovered?: MemoryContents) {
    this.recovered = recovered;
    this.#hardState = recovered?.hardState;
    this.#snapshot = recovered?.snapshotText;
    this.#log = new RaftLog(recovered?.entries, recovered?.snapshot && placeOf(recovered.snapshot));
  }

  get persistedBatch(): number {
    return this.#persistedBatch;
  }

  get snapshot(): StoredSnapshot | undefined {
    return this.#snapshot;
  }

  /** What a node would recover if it started on this storage now. */
  get contents(): MemoryContents | undefined {
    if (this.#hardState === undefined) return undefined;
    const snapshot = this.#snapshot && { snapshot: this.#snapshot.description, snapshotText: this.#snapshot };
    const entries = this.#log.slice(this.#log.firstIndex, this.#log.lastIndex);
    return { hardState: this.#hardState, ...snapshot, entries };
  }

  write({ number, hardState, snapshot, entries }: Batch): void {
    assert(number === this.#persistedBatch + 1, 'batches are written in order, one at a time');
    if (hardState !== undefined) this.#hardState = hardState;
    if (snapshot !== undefined) this.#install(snapshot);
    const [first] = entries;
    if (first !== undefined) {
      if (first.index <= this.#log.lastIndex) this.#log.truncateFrom(first.index);
      this.#log.append(entries);
    }
    this.#persistedBatch = number;
  }

  beginSnapshot(lastIncludedIndex: number, lastIncludedTerm: number): SnapshotWriter {
    const pieces: string[] = [];
    const checksum = new Crc32c();
    return {
      isReady: true,
      write: (piece) => {
        pieces.push(piece);
        checksum.addLatin1(piece);
      },
      finish: () => {
        const totalBytes = pieces.reduce((sum, { length }) => sum + length, 0);
        const description = { lastIncludedIndex, lastIncludedTerm, totalBytes, checksum: checksum.text };
        this.#snapshot = storedInMemory(description, pieces);
      },
      abandon: () => {},
    };
  }

  compact(index: number): void {
    if (index >= this.#log.firstIndex) this.#log.compactTo(index);
  }

  #install({ description, pieces }: ReceivedSnapshot): void {
    this.#snapshot = storedInMemory(description, pieces);
    this.#log.restartAfter(placeOf(description));
  }
}

function storedInMemory(description: SnapshotDescription, pieces: readonly string[]): StoredSnapshot {
  const text = new PiecewiseText(pieces);
  return { description, read: (offset, maxBytes) => text.read(offset, maxBytes), release: () => {} };
}
