import { assert } from './assert.ts';
import type { RaftLog } from './log.ts';
import type { Committed, InstalledSnapshot } from './ready.ts';

/** How far this node knows its log to be committed, and has handed it out to be applied (Raft paper, figure 2). */
export class Commitment {
  readonly #log: RaftLog;
  #commitIndex: number;
  #handedOutIndex: number;
  #installed: InstalledSnapshot | undefined;

  /** @param snapshotIndex the last entry that is in the state from the start; 0 where none is */
  constructor(log: RaftLog, snapshotIndex: number) {
    this.#log = log;
    this.#commitIndex = snapshotIndex;
    this.#handedOutIndex = snapshotIndex;
  }

  get commitIndex(): number {
    return this.#commitIndex;
  }

  /** The last entry that has been handed out, or is covered by a snapshot that has. */
  get handedOutIndex(): number {
    return this.#handedOutIndex;
  }

  /** The commit index never goes back, and never beyond the log. */
  advanceTo(index: number): void {
    assert(index <= this.#log.lastIndex, 'only what is in the log is committed');
    this.#commitIndex = Math.max(this.#commitIndex, index);
  }

  /** A snapshot has taken the place of everything up to its last included entry. */
  install(installed: InstalledSnapshot): void {
    const { lastIncludedIndex } = installed.description;
    assert(lastIncludedIndex > this.#commitIndex, 'a snapshot never moves a node backwards');
    this.advanceTo(lastIncludedIndex);
    this.#handedOutIndex = lastIncludedIndex;
    this.#installed = installed;
  }

  /** At most `maxEntries` at a time, and at most `maxBytes`, but for a single larger one. */
  take(maxEntries: number, maxBytes: number): Committed {
    const fitting = this.#log.lastIndexWithin(this.#handedOutIndex + 1, maxBytes);
    const upTo = Math.min(this.#commitIndex, this.#handedOutIndex + maxEntries, fitting);
    const committed = this.#log.slice(this.#handedOutIndex + 1, upTo);
    const installed = this.#installed;
    this.#handedOutIndex = upTo;
    this.#installed = undefined;
    return { installed, committed };
  }
}
