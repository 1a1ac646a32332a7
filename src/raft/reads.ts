import type { NodeId } from './messages.ts';

/** A read that waits at the leader: one of this node's own, by its number, or a follower's `read_index` request. */
export type WaitingRead =
  | { readonly from: 'here'; readonly id: number }
  | { readonly from: 'follower'; readonly follower: NodeId; readonly ticket: number };

/** A read that is linearizable as soon as everything up to `index` has been applied. */
export interface ConfirmedRead {
  readonly read: WaitingRead;
  readonly index: number;
}

/** All reads of one turn. Whatever is sent with a number of at least `firstNumber` was sent after they arrived. */
interface Round {
  readonly firstNumber: number;
  readonly index: number | undefined;
  readonly reads: readonly WaitingRead[];
}

/**
 * ReadIndex at the leader (Ongaro's thesis, section 6.4): a read may be served once a majority has shown, by answers
 * to what was sent after the read arrived, that this leader had not been replaced when it arrived.
 */
export class ReadRounds {
  readonly #maxRounds: number;
  #waiting: WaitingRead[] = [];
  #rounds: Round[] = [];

  /** @param maxRounds rounds in flight; further reads wait and share the next, so their number is not bounded here */
  constructor(maxRounds: number) {
    this.#maxRounds = maxRounds;
  }

  add(read: WaitingRead): void {
    this.#waiting.push(read);
  }

  /** How many reads are not confirmed yet. */
  get size(): number {
    return this.#rounds.reduce((sum, round) => sum + round.reads.length, this.#waiting.length);
  }

  /** What has to be answered by a majority: the newest round's first number, 0 where no read waits for it. */
  get newestNumber(): number {
    return this.#rounds.at(-1)?.firstNumber ?? 0;
  }

  /**
   * Makes one round of all reads that have arrived since the last.
   *
   * @param commitIndex what the round's reads must see; undefined while no entry of the leader's term is committed, as
   *   until then the leader does not know what is
   */
  openRound(firstNumber: number, commitIndex: number | undefined): void {
    if (this.#waiting.length === 0 || this.#rounds.length >= this.#maxRounds) return;
    this.#rounds.push({ firstNumber, index: commitIndex, reads: this.#waiting });
    this.#waiting = [];
  }

  /**
   * Takes out the reads that are confirmed by now.
   *
   * @param commitIndex as for {@link openRound}
   * @param isConfirmed whether a quorum has answered something sent with the number or a later one. The follower that
   *   asked, if one did, needs to answer nothing: its question of this term was sent after the read had arrived there.
   */
  takeConfirmed(
    commitIndex: number | undefined,
    isConfirmed: (firstNumber: number, asker: NodeId | undefined) => boolean,
  ): readonly ConfirmedRead[] {
    if (commitIndex === undefined) return [];
    const confirmed: ConfirmedRead[] = [];
    const remaining: Round[] = [];
    for (const round of this.#rounds) {
      const unconfirmed: WaitingRead[] = [];
      // Of this node's own reads there are many, and what confirms one confirms all.
      const isConfirmedHere = isConfirmed(round.firstNumber, undefined);
      for (const read of round.reads) {
        const hasQuorum = isConfirmedHere || (read.from === 'follower' && isConfirmed(round.firstNumber, read.follower));
        if (!hasQuorum) unconfirmed.push(read);
        else confirmed.push({ read, index: round.index ?? commitIndex });
      }
      if (unconfirmed.length > 0) remaining.push({ ...round, reads: unconfirmed });
    }
    this.#rounds = remaining;
    return confirmed;
  }

  /** These reads of this node's own are of no interest any more. A round that holds no other is given up with them. */
  forget(ids: ReadonlySet<number>): void {
    const isKept = (read: WaitingRead): boolean => read.from !== 'here' || !ids.has(read.id);
    this.#waiting = this.#waiting.filter(isKept);
    this.#rounds = this.#rounds
      .map((round) => ({ ...round, reads: round.reads.filter(isKept) }))
      .filter(({ reads }) => reads.length > 0);
  }

  /** All reads that wait, which another leader has to confirm now. */
  takeAll(): readonly WaitingRead[] {
    const all = [...this.#rounds.flatMap((round) => round.reads), ...this.#waiting];
    this.#rounds = [];
    this.#waiting = [];
    return all;
  }
}
