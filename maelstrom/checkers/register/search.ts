/**
 * The search for an order: Wing and Gong's ("Testing and verifying concurrent objects") with Lowe's memory of the
 * configurations that it was in, and his rule to place as late as possible ("Testing for linearizability"), for one
 * register. It makes one move after another (moves.ts) on a position (position.ts), takes the last one back where none
 * goes on, and never enters a configuration that is covered by one that it was in (configurations.ts).
 *
 * What keeps it small. Each keeps an order if there is one:
 * - A pure operation (a read, a cas that failed) is placed wherever it is open and fits: it changes nothing for those
 *   that it overtakes.
 * - Writes that nobody sees, and those that are seen by reads only and then overwritten, are not tried one by one.
 *   Right before any write that is placed there is a *gap*, in which the register can have held anything that could be
 *   written then. What was open at the last gap may be placed there afterwards, when its completion comes: so it is
 *   decided late whether a write that is left serves a read in a gap or is kept for a place where it stays.
 * - Operations that do the same are placed in the order of their completions, those that never complete last.
 * - An operation that may not have happened is placed only where something that is open would see it.
 * - A value that nobody expects any more, and nobody denies, is as good as any other such value.
 * - Where a value is still expected, is replaced and nothing is left that could bring it back, no order goes on.
 * - Of configurations that hold the same value after the same cas, one that has no operation more to place, no write
 *   and no option less to use and no earlier gap covers the other: it can do whatever the other can.
 */
import type { Operation } from '../../history/operations.ts';
import { Configurations } from './configurations.ts';
import { Moves, pass, passedWith } from './moves.ts';
import { Position } from './position.ts';
import type { Moment, Sight } from './position.ts';
import type { Problem } from './problem.ts';

/** There is an order; there is none; it is not known yet; there is no memory left to find out. */
export type Outcome = 'order' | 'none' | 'open' | 'full';

interface Frame {
  readonly moment: Moment;
  readonly moves: readonly number[];
  next: number;
}

export class Search {
  readonly #problem: Problem;
  readonly #position: Position;
  readonly #moves: Moves;
  readonly #cacheBytes: number;
  #seen: Configurations;
  /** How many configurations it has been in, and has forgotten. */
  #forgotten = 0;
  /** The moves that led here. The first is the value that the register starts with. */
  readonly #frames: Frame[];
  #noise: (() => number) | undefined;
  #furthest = 0;
  #turns = 0;

  /** `cacheBytes` bounds the memory for configurations; the rest follows the size of the problem. */
  constructor(problem: Problem, cacheBytes: number, sight: Sight = 'far') {
    this.#problem = problem;
    this.#position = new Position(problem, sight);
    this.#moves = new Moves(problem, this.#position);
    this.#cacheBytes = cacheBytes;
    this.#seen = new Configurations(this.#position.words, cacheBytes);
    this.#frames = [{ moment: this.#position.moment, moves: problem.starts, next: 0 }];
  }

  /** How many configurations it has been in. */
  get configurations(): number {
    return this.#forgotten + this.#seen.count;
  }

  /** How many moves it has tried: the measure of its work. */
  get turns(): number {
    return this.#turns;
  }

  /** It knows an order of all that completes before this rank. */
  get furthest(): number {
    return this.#furthest;
  }

  /** The order, once it is found: everything certain, and of what is possible as much as it takes. */
  order(): readonly Operation[] {
    return this.#position.order().flatMap((number) => this.#problem.operations[number] ?? []);
  }

  /**
   * Takes back what it did in so many ranks before the furthest, and forgets where it has been. From there it tries all
   * again, in an order that depends on `noise` (see `Moves.list`).
   */
  goBack(ranks: number, noise: () => number): void {
    this.#noise = noise;
    this.#forgotten += this.#seen.count;
    this.#seen = new Configurations(this.#position.words, this.#cacheBytes);
    const [first] = this.#frames;
    for (let frame = this.#frames.at(-1); frame !== undefined && frame !== first; frame = this.#frames.at(-1)) {
      this.#position.takeBack(frame.moment);
      this.#frames.pop();
      if (this.#position.rank > this.#furthest - ranks) continue;
      this.#frames.push({ moment: frame.moment, moves: this.#moves.list(noise), next: 0 });
      return;
    }
    if (first !== undefined) first.next = 0;
  }

  /** Goes on for at most so many turns. */
  run(turns: number): Outcome {
    const position = this.#position;
    for (const end = this.#turns + turns; !position.isComplete; this.#turns += 1) {
      if (this.#turns === end) return 'open';
      const frame = this.#frames.at(-1);
      if (frame === undefined) return 'none';
      position.takeBack(frame.moment);
      const move = frame.moves[frame.next];
      frame.next += 1;
      if (move === undefined) {
        this.#frames.pop();
      } else if (this.#make(move)) {
        this.#furthest = Math.max(this.#furthest, position.rank);
        const entered = position.isComplete ? 'added' : this.#seen.add(position.row);
        if (entered === 'full') return 'full';
        if (entered === 'added' && !position.isComplete) {
          this.#frames.push({ moment: position.moment, moves: this.#moves.list(this.#noise), next: 0 });
        }
      }
    }
    return 'order';
  }

  /** False where no order goes on from there. */
  #make(move: number): boolean {
    if (this.#frames.length === 1) return this.#position.start(move);
    if (move < pass) return this.#position.passWith(passedWith(move));
    return move === pass ? this.#position.pass() : this.#position.place(move);
  }
}
