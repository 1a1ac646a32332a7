/**
 * The search for an order: Wing and Gong's ("Testing and verifying concurrent objects") with Lowe's memory of the
 * configurations that it was in ("Testing for linearizability"), for one register.
 *
 * It places one operation after another, each time one that could be next: one that was invoked before the earliest
 * completion among those not placed. Where none fits the value, it takes the last one back and tries another. It is
 * done when every operation that certainly happened is placed.
 *
 * Four things keep it small. Each keeps an order if there is one:
 * - A pure operation (a read) that could be next and fits the value is placed at once, with no alternative: moved
 *   from where an order has it to here, it changes nothing for those that it overtakes.
 * - An option (an operation that may not have happened) is placed only where a read, a cas or another option that could
 *   be next would see it: one that is not seen by what follows it is overwritten, and an order without it is as good.
 * - Options that do the same are taken in the order of their invocations: they never complete, so of two the one that
 *   was invoked first can stand wherever the other can.
 * - Configurations that differ only in which pure operations are placed and which options are used up are compared:
 *   whoever has fewer pure ones left to place and more options left can do whatever the other can.
 */
import type { Operation } from '../operations.ts';
import { Configurations } from './configurations.ts';
import { absent, any } from './register.ts';
import { stepsOf } from './steps.ts';
import type { Kind, Option, Step } from './steps.ts';
import { Unplaced } from './unplaced.ts';

/** Where the search must stop. */
export interface Limit {
  /** Asked now and then; true ends the search. */
  readonly outOfTime: () => boolean;
  /** How much memory the configurations may take. */
  readonly cacheBytes: number;
}

export type SearchResult =
  | {
      readonly verdict: 'linearizable';
      /** Everything that happened, and of what may have happened as much as it takes, in an order that explains it. */
      readonly order: readonly Operation[];
    }
  | {
      readonly verdict: 'not-linearizable';
      /** Of the orders that get past the most completions, the longest. */
      readonly order: readonly Operation[];
      /**
       * What has to come next but does not fit the value that `order` leaves. The first is the one that ends every
       * order: up to its completion the history has none.
       */
      readonly unplaced: readonly [Operation, ...Operation[]];
    }
  | { readonly verdict: 'unknown'; readonly exhausted: 'time' | 'memory' };

type Move = Step | Option;

/** What was so before a move, to take it back. */
interface Frame {
  readonly move: Move;
  readonly value: number;
  readonly pending: Step;
}

/** So many turns of the search between two looks at the clock. */
const turnsPerLook = 1024;

/** The first words of a configuration: which completion comes next, and the value. */
const pendingWord = 0;
const valueWord = 1;
const firstBit = 64;

/**
 * Searches for an order of the operations of one key: those that constrain, in the order of their invocations.
 * `configurations` counts how many it has been in.
 */
export function search(
  operations: readonly Operation[],
  limit: Limit,
): { readonly result: SearchResult; readonly configurations: number } {
  const run = new Search(operations, limit.cacheBytes);
  const result = run.run(limit.outOfTime);
  return { result, configurations: run.configurations };
}

class Search {
  readonly #kinds: Kind | undefined;
  readonly #seen: Configurations;
  /** The configuration that the search is in: as the words of configurations.ts, and as the fields below. */
  readonly #row: Int32Array;
  #value = absent;
  readonly #unplaced: Unplaced;
  /** Among the steps that are not placed, the one that completes first. */
  #pending: Step | undefined;
  readonly #frames: Frame[] = [];
  #placed = 0;
  /** The best order so far, and how many moves from its start are those of `#frames`. */
  #best: { pending: Step; placed: number; moves: Move[] } | undefined;
  #shared = 0;

  constructor(operations: readonly Operation[], cacheBytes: number) {
    const steps = stepsOf(operations, firstBit);
    this.#kinds = steps.kinds;
    this.#unplaced = new Unplaced(steps.firstInvoked);
    this.#pending = steps.firstCompleted;
    const keyWords = firstBit / 32 + steps.changeWords;
    this.#seen = new Configurations(keyWords, steps.pureWords + steps.optionWords, cacheBytes);
    this.#row = new Int32Array(keyWords + steps.pureWords + steps.optionWords);
    this.#row.fill(-1, keyWords, keyWords + steps.pureWords);
  }

  get configurations(): number {
    return this.#seen.count;
  }

  run(outOfTime: () => boolean): SearchResult {
    let move: Move | undefined;
    for (let turn = 1; this.#pending !== undefined; turn += 1) {
      if (turn % turnsPerLook === 0 && outOfTime()) return { verdict: 'unknown', exhausted: 'time' };
      move = move === undefined ? this.#firstMove(this.#pending) : this.#moveAfter(move, this.#pending);
      if (move === undefined) {
        this.#keepBest(this.#pending);
        move = this.#takeBack();
        if (move === undefined) return this.#failure();
        continue;
      }
      this.#make(move, this.#pending);
      const entered = this.#enter();
      if (entered === 'full') return { verdict: 'unknown', exhausted: 'memory' };
      move = entered === 'covered' ? this.#takeBack() : undefined;
    }
    return { verdict: 'linearizable', order: this.#frames.map((frame) => frame.move.operation) };
  }

  /** A pure step that fits goes first, and then is the only move. */
  #firstMove(pending: Step): Move | undefined {
    for (let step = this.#unplaced.first; step !== undefined && couldBeNext(step, pending); step = step.next) {
      if (step.pure && step.expects === this.#value) return step;
    }
    return this.#stepFrom(this.#unplaced.first, pending);
  }

  #moveAfter(move: Move, pending: Step): Move | undefined {
    if (!move.certain) return this.#optionFrom(move.kind.next, pending);
    return move.pure ? undefined : this.#stepFrom(move.next, pending);
  }

  #stepFrom(first: Step | undefined, pending: Step): Move | undefined {
    for (let step = first; step !== undefined && couldBeNext(step, pending); step = step.next) {
      if (this.#fits(step.expects)) return step;
    }
    return this.#optionFrom(this.#kinds, pending);
  }

  #optionFrom(first: Kind | undefined, pending: Step): Option | undefined {
    for (let kind = first; kind !== undefined; kind = kind.next) {
      const option = kind.free;
      if (
        option !== undefined &&
        couldBeNext(option, pending) &&
        this.#fits(kind.expects) &&
        kind.leaves !== this.#value &&
        this.#wouldBeSeen(kind.leaves, pending)
      ) {
        return option;
      }
    }
    return undefined;
  }

  #fits(expects: number): boolean {
    return expects === any || expects === this.#value;
  }

  #wouldBeSeen(value: number, pending: Step): boolean {
    for (let step = this.#unplaced.first; step !== undefined && couldBeNext(step, pending); step = step.next) {
      if (step.expects === value) return true;
    }
    for (let kind = this.#kinds; kind !== undefined; kind = kind.next) {
      if (kind.expects === value && kind.free !== undefined && couldBeNext(kind.free, pending)) return true;
    }
    return false;
  }

  #make(move: Move, pending: Step): void {
    this.#frames.push({ move, value: this.#value, pending });
    this.#value = move.leaves;
    this.#flip(move.bit);
    if (!move.certain) {
      move.kind.free = move.next;
      return;
    }
    this.#unplaced.remove(move);
    this.#placed += 1;
    let next: Step | undefined = pending;
    for (; next?.placed === true; next = next.completesBefore) {
      this.#flip(next.bit);
    }
    this.#pending = next;
  }

  /** Takes the last move back and gives it; undefined where there is none. */
  #takeBack(): Move | undefined {
    const frame = this.#frames.pop();
    if (frame === undefined) return undefined;
    this.#shared = Math.min(this.#shared, this.#frames.length);
    const { move, pending } = frame;
    for (let step: Step | undefined = pending; step?.placed === true; step = step.completesBefore) {
      this.#flip(step.bit);
    }
    this.#value = frame.value;
    this.#pending = pending;
    this.#flip(move.bit);
    if (move.certain) {
      this.#unplaced.putBack(move);
      this.#placed -= 1;
    } else {
      move.kind.free = move;
    }
    return move;
  }

  #flip(bit: number): void {
    const word = bit >>> 5;
    this.#row[word] = (this.#row[word] ?? 0) ^ (1 << (bit & 31));
  }

  #enter(): 'added' | 'covered' | 'full' {
    if (this.#pending === undefined) return 'added';
    this.#row[pendingWord] = this.#pending.rank;
    this.#row[valueWord] = this.#value;
    return this.#seen.add(this.#row);
  }

  /** Copies only the moves that the best order does not share yet: all copies together cost no more than the moves. */
  #keepBest(pending: Step): void {
    const best = this.#best;
    if (best !== undefined && !isFurther(pending, this.#placed, best)) return;
    const moves = best?.moves ?? [];
    moves.length = this.#shared;
    for (let index = this.#shared; index < this.#frames.length; index += 1) {
      const frame = this.#frames[index];
      if (frame !== undefined) {
        moves.push(frame.move);
      }
    }
    this.#shared = moves.length;
    this.#best = { pending, placed: this.#placed, moves };
  }

  #failure(): SearchResult {
    if (this.#best === undefined) throw new Error('assertion: a search that fails has been somewhere');
    const { pending, moves } = this.#best;
    while (moves.at(-1)?.certain === false) {
      moves.pop();
    }
    const placed = new Set<Move>(moves);
    const others: Operation[] = [];
    // All moves are taken back by now, so this list holds every step.
    for (let step = this.#unplaced.first; step !== undefined && couldBeNext(step, pending); step = step.next) {
      if (step !== pending && !placed.has(step)) {
        others.push(step.operation);
      }
    }
    const order = moves.map((move) => move.operation);
    return { verdict: 'not-linearizable', order, unplaced: [pending.operation, ...others] };
  }
}

/** Getting past more completions counts first, then placing more. */
function isFurther(pending: Step, placed: number, best: { readonly pending: Step; readonly placed: number }): boolean {
  return pending === best.pending ? placed > best.placed : pending.rank > best.pending.rank;
}

/** No operation that is not placed completed before this one was invoked. */
function couldBeNext(move: { readonly invokedAt: number }, pending: Step): boolean {
  return move.invokedAt < pending.completedAt;
}
