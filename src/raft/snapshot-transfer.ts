import type { SnapshotDescription } from './snapshot.ts';

/**
 * A snapshot on its way from a leader to one follower (Raft paper, section 7): one piece at a time, the next when the
 * follower has told how much it has. A piece or an answer that is lost costs a repetition of that piece, no more.
 */
export class SnapshotTransfer {
  readonly snapshot: SnapshotDescription;
  #offset = 0;
  /** The first request that carried the piece at `offset`: answers to earlier ones are stale. */
  #firstNumber: number | undefined;

  constructor(snapshot: SnapshotDescription) {
    this.snapshot = snapshot;
  }

  /** Where the next piece begins. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether the piece at `offset` is on its way; it may be sent again when no answer comes. */
  get isUnderWay(): boolean {
    return this.#firstNumber !== undefined;
  }

  get isInstalled(): boolean {
    return this.#offset === this.snapshot.totalBytes;
  }

  /** Request `number` carries the piece at `offset`. */
  sent(number: number): void {
    this.#firstNumber ??= number;
  }

  /** Whether an answer to request `number` is one to the piece at `offset`. */
  awaits(number: number): boolean {
    return this.#firstNumber !== undefined && number >= this.#firstNumber;
  }

  /** The follower says, in answer to request `number`, that it has so much. It may be less than before: it was restarted. */
  answered(number: number, offset: number): void {
    if (!this.awaits(number)) return;
    this.#offset = offset;
    this.#firstNumber = undefined;
  }
}
