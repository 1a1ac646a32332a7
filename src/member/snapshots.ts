import type { NodeId } from '../raft/messages.ts';
import type { Raft } from '../raft/raft.ts';
import type { Outgoing, OutgoingChunk } from '../raft/ready.ts';
import type { LogPlace } from '../raft/log.ts';
import { SnapshotEncoder } from './snapshot-text.ts';
import type { Capture, StateMachine } from '../services/state-machine.ts';
import type { SnapshotWriter, Storage, StoredSnapshot } from '../storage/storage.ts';

/** When to take snapshots, and what to leave of the log behind them. Every node may have its own. */
export interface SnapshotPolicy {
  /** A snapshot is taken when so many entries have been applied since the last; at least 1. */
  readonly snapshotEntries: number;
  /**
   * Or when those that have been applied since the last are so large together, whichever comes first. They have to be
   * as large as the last snapshot is, too: a large state is not written down again for a few entries.
   */
  readonly snapshotBytes: number;
  /** Entries before the snapshot that stay, for followers that are a little late. */
  readonly keepEntries: number;
  /** How large those may be together. */
  readonly keepBytes: number;
}

export const defaultSnapshotPolicy: SnapshotPolicy = {
  snapshotEntries: 100_000,
  snapshotBytes: 32 * 1024 * 1024,
  keepEntries: 10_000,
  keepBytes: 16 * 1024 * 1024,
};

/** The most text of a snapshot that is written in a turn. */
const maxTextBytesPerTurn = 4 * 1024 * 1024;

/** A snapshot that is being taken. */
interface Taking {
  readonly lastIncludedIndex: number;
  readonly capture: Capture;
  readonly encoder: SnapshotEncoder;
  readonly writer: SnapshotWriter;
  /** `text`: there is more to write. `disk`: the log on the disk has to come as far. `finish`: it is being made current. */
  waitsFor: 'text' | 'disk' | 'finish';
  /** So much text is to be written soon: twice what has been applied since it was begun, less what was written. */
  owedBytes: number;
}

/**
 * This node's own snapshots (Raft paper, section 7): when one is due, the state is taken down and written a piece a
 * turn, so that nothing else waits long; then the log lets go of what it covers. And the text of those that are sent.
 */
export class Snapshots {
  readonly #policy: SnapshotPolicy;
  readonly #founders: readonly NodeId[];
  readonly #raft: Raft;
  readonly #storage: Storage;
  readonly #stateMachine: StateMachine<never, unknown>;
  /** The current one, and older ones that are still being sent. */
  readonly #readable = new Map<number, StoredSnapshot>();
  #lastIncludedIndex: number;
  #taking: Taking | undefined;
  /** As far as entries have been counted, and how large they are since the last snapshot was begun. */
  #countedIndex: number;
  #bytesSince = 0;

  constructor(
    policy: SnapshotPolicy,
    founders: readonly NodeId[],
    raft: Raft,
    storage: Storage,
    stateMachine: StateMachine<never, unknown>,
    nowMs: number,
  ) {
    this.#policy = policy;
    this.#founders = founders;
    this.#raft = raft;
    this.#storage = storage;
    this.#stateMachine = stateMachine;
    this.#lastIncludedIndex = storage.snapshot?.description.lastIncludedIndex ?? 0;
    this.#countedIndex = this.#lastIncludedIndex;
    this.#compact(nowMs);
  }

  /** Whether there is something to do in a turn of its own. */
  get wantsTurn(): boolean {
    return this.#taking?.waitsFor === 'text' && this.#taking.writer.isReady;
  }

  /** A snapshot from a leader has taken the place of the state: what was taken of that is of no use. */
  installed(lastIncludedIndex: number): void {
    this.#lastIncludedIndex = lastIncludedIndex;
    this.#countedIndex = lastIncludedIndex;
    this.#bytesSince = 0;
    if (this.#taking === undefined) return;
    this.#taking.capture.end();
    if (this.#taking.waitsFor !== 'finish') this.#taking.writer.abandon();
    this.#taking = undefined;
  }

  /** The end of a turn, in which everything up to `lastApplied` has been applied. */
  advance(lastApplied: LogPlace, nowMs: number): void {
    const appliedBytes = this.#raft.bytesBetween(this.#countedIndex, lastApplied.index);
    this.#countedIndex = lastApplied.index;
    this.#bytesSince += appliedBytes;
    if (this.#taking !== undefined) this.#taking.owedBytes += 2 * appliedBytes;
    else if (this.#isDue(lastApplied)) this.#taking = this.#begin(lastApplied);
    if (this.#taking !== undefined) this.#continue(this.#taking, nowMs);
    this.#releaseUnread();
  }

  #isDue(lastApplied: LogPlace): boolean {
    const { snapshotEntries, snapshotBytes } = this.#policy;
    if (lastApplied.index === this.#lastIncludedIndex) return false;
    if (lastApplied.index - this.#lastIncludedIndex >= snapshotEntries) return true;
    return this.#bytesSince >= Math.max(snapshotBytes, this.#storage.snapshot?.description.totalBytes ?? 0);
  }

  /** A message with the piece of text in it; undefined where that snapshot is gone: Raft will send another. */
  fill({ to, afterBatch, message, maxBytes, number, term }: OutgoingChunk): Outgoing | undefined {
    const snapshot = this.#readable.get(message.last_included_index);
    if (snapshot === undefined || snapshot.description.checksum !== message.checksum) return undefined;
    const data = snapshot.read(message.offset, maxBytes);
    const done = message.offset + data.length === message.total_bytes;
    return { kind: 'request', to, afterBatch, number, term, message: { ...message, data, done } };
  }

  #begin({ index, term }: LogPlace): Taking {
    const capture = this.#stateMachine.capture();
    this.#bytesSince = 0;
    return {
      lastIncludedIndex: index,
      capture,
      encoder: new SnapshotEncoder(index, term, this.#founders, this.#raft.configurationAsOf(index).members, capture),
      writer: this.#storage.beginSnapshot(index, term),
      waitsFor: 'text',
      owedBytes: 0,
    };
  }

  /** One piece a turn, and more where more was applied: the log grows until the snapshot is there. */
  #continue(taking: Taking, nowMs: number): void {
    if (taking.waitsFor === 'text' && taking.writer.isReady) {
      const text = textOf(taking.encoder, Math.min(taking.owedBytes, maxTextBytesPerTurn));
      taking.owedBytes = Math.max(0, taking.owedBytes - text.length);
      if (text === '') taking.waitsFor = 'disk';
      else taking.writer.write(text);
    }
    // A snapshot covers only what is on this node's own disk.
    if (taking.waitsFor === 'disk' && taking.writer.isReady && taking.lastIncludedIndex <= this.#raft.persistedIndex) {
      taking.waitsFor = 'finish';
      taking.writer.finish();
    }
    const current = this.#storage.snapshot?.description;
    if (taking.waitsFor !== 'finish' || current?.lastIncludedIndex !== taking.lastIncludedIndex) return;
    this.#taking = undefined;
    this.#lastIncludedIndex = current.lastIncludedIndex;
    this.#raft.snapshotTaken(current);
    this.#compact(nowMs);
  }

  #compact(nowMs: number): void {
    const { keepEntries, keepBytes } = this.#policy;
    const lastIncludedIndex = this.#lastIncludedIndex;
    const upTo = Math.max(lastIncludedIndex - keepEntries, this.#raft.startOfTail(lastIncludedIndex, keepBytes));
    if (upTo > 0) this.#storage.compact(this.#raft.compact(upTo, nowMs));
  }

  #releaseUnread(): void {
    const { snapshot } = this.#storage;
    if (snapshot === undefined) return;
    this.#readable.set(snapshot.description.lastIncludedIndex, snapshot);
    if (this.#readable.size === 1) return;
    const isBeingSent = new Set(this.#raft.snapshotsBeingSent);
    for (const [lastIncludedIndex, readable] of this.#readable) {
      if (readable === snapshot || isBeingSent.has(lastIncludedIndex)) continue;
      readable.release();
      this.#readable.delete(lastIncludedIndex);
    }
  }
}

/** The next piece, and more until there are `leastBytes`; less at the end, and nothing behind it. */
function textOf(encoder: SnapshotEncoder, leastBytes: number): string {
  let text = '';
  do {
    const piece = encoder.nextPiece();
    if (piece === undefined) break;
    text += piece;
  } while (text.length < leastBytes);
  return text;
}
