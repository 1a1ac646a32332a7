/**
 * What can come next. Placed is as late as can be ("just in time"): whatever is placed in front of the next completion
 * is placed because that operation has to come after it. So the moves at a rank go on until the operation that completes
 * there is placed; where it is a free write the first move may also be to let it pass.
 *
 * Each move is one of these, and an order that there is has only such moves, given that reads are placed where they fit
 * and that writes that nobody sees take care of themselves:
 * - the operation that completes next;
 * - a cas that certainly happened;
 * - something that brings a value that an open operation wants, or an option that brings such a value wants, and so on;
 * - a write of the value that is there, in order that owed writes become free and the value stays.
 */
import { any } from './register.ts';
import type { Kind, Problem } from './problem.ts';
import { owed } from './position.ts';
import type { Position } from './position.ts';

/** The move that lets the pending write, which is free, complete without being seen. */
export const pass = -1;

export class Moves {
  readonly #problem: Problem;
  readonly #position: Position;
  /** What was last looked at in which turn: by value whether it is wanted, by kind its operation to be placed next. */
  #turn = 0;
  #hasRead = false;
  readonly #wantedIn: Int32Array;
  readonly #openIn: Int32Array;
  readonly #firstOpen: Int32Array;
  readonly #wanted: number[] = [];
  readonly #readIn: Int32Array;
  readonly #read: number[] = [];
  readonly #kindsHere: Kind[] = [];

  constructor(problem: Problem, position: Position) {
    this.#problem = problem;
    this.#position = position;
    this.#wantedIn = new Int32Array(problem.values.length);
    this.#readIn = new Int32Array(problem.values.length);
    this.#openIn = new Int32Array(problem.kinds.length);
    this.#firstOpen = new Int32Array(problem.kinds.length);
  }

  /** The moves, the most promising first. */
  list(): number[] {
    const position = this.#position;
    const { pending, value, mayPass, isCommitted } = position;
    const own = this.#kind(pending);
    this.#turn += 1;
    this.#wanted.length = 0;
    this.#read.length = 0;
    this.#kindsHere.length = 0;
    this.#lookAtOpen(value);
    const needsGap = this.#lookAtWrites() && position.gapRank < position.rank;
    const found: number[] = [];
    const isIdle = this.#kindsHere.some(({ leaves }) => !position.isWanted(leaves));
    for (const kind of this.#kindsHere) found.push(this.#firstOpen[kind.number] ?? 0);
    if (this.#kindsHere.length > 0) this.#wantByCas(value);
    let canBePlaced = own.expects === any || own.expects === value;
    if (own.expects !== any && own.expects !== value) this.#want(own.expects);
    for (let next = 0, read = 0; next < this.#wanted.length || read < this.#read.length; ) {
      const isRead = next >= this.#wanted.length;
      const wanted = (isRead ? this.#read[read++] : this.#wanted[next++]) ?? 0;
      if (isRead && this.#wantedIn[wanted] === this.#turn) continue;
      for (const kind of this.#problem.values[wanted]?.sources ?? []) {
        if (isRead && kind.sort === 'write') continue;
        const operation = this.#next(kind);
        if (operation === -1) continue;
        if (wanted === own.expects) canBePlaced = true;
        if (kind.expects === any) {
          if (!isIdle && operation !== pending) found.push(operation);
        } else if (kind.expects !== value) {
          this.#want(kind.expects);
        } else if (operation >= this.#problem.certainCount && !found.includes(operation)) {
          found.push(operation);
          this.#wantByCas(value);
        }
      }
    }
    if (!canBePlaced) found.length = 0;
    else {
      if (own.sort === 'write' && !isIdle && (own.leaves !== value || needsGap)) found.push(pending);
      if (needsGap && !isIdle && this.#readIn[value] === this.#turn) this.#addWriteOf(value, found);
      found.sort((left, right) => this.#score(left, own) - this.#score(right, own));
    }
    if (mayPass && !isCommitted) {
      if (this.#wantedIn[own.leaves] === this.#turn && own.sort === 'write') found.push(pass);
      else found.unshift(pass);
    }
    return found;
  }

  #score(operation: number, own: Kind): number {
    const kind = this.#kind(operation);
    if (operation === this.#position.pending) return 0;
    const isCertain = operation < this.#problem.certainCount;
    if (kind.leaves === own.expects) return isCertain ? 1 : 3;
    if (kind.sort === 'cas') return isCertain ? 2 : 5;
    return isCertain ? 4 : 6;
  }

  #addWriteOf(value: number, found: number[]): void {
    const write = this.#problem.values[value]?.write;
    const operation = write === undefined ? -1 : this.#next(write);
    if (operation !== -1 && operation !== this.#position.pending) found.push(operation);
  }

  #lookAtOpen(value: number): void {
    this.#hasRead = false;
    const reads = this.#position.slots('pure');
    for (let slot = reads.from; slot < reads.to; slot += 1) {
      const operation = (this.#position.row[slot] ?? 0) - 1;
      if (operation < 0) continue;
      this.#hasRead = true;
      const { expects } = this.#kind(operation);
      this.#wantByCas(expects);
    }
    const cas = this.#position.slots('cas');
    for (let slot = cas.from; slot < cas.to; slot += 1) {
      const operation = (this.#position.row[slot] ?? 0) - 1;
      if (operation < 0) continue;
      const kind = this.#kind(operation);
      if (kind.expects !== value) this.#want(kind.expects);
      else if (this.#openIn[kind.number] !== this.#turn) this.#kindsHere.push(kind);
      this.#keepFirst(kind, operation);
    }
  }

  /** Whether something open could use a gap. */
  #lookAtWrites(): boolean {
    let couldUseGap = this.#hasRead;
    const writes = this.#position.slots('write');
    for (let slot = writes.from; slot < writes.to; slot += 1) {
      const operation = (this.#position.row[slot] ?? 0) - 1;
      if (operation < 0) continue;
      this.#keepFirst(this.#kind(operation), operation);
      if (this.#position.status(operation) === owed) couldUseGap = true;
    }
    return couldUseGap;
  }

  /** Of operations that do the same, the one that completes first is placed first. */
  #keepFirst(kind: Kind, operation: number): void {
    const { rankOf } = this.#problem;
    const isOpen = this.#openIn[kind.number] === this.#turn;
    if (isOpen && (rankOf[this.#firstOpen[kind.number] ?? 0] ?? 0) < (rankOf[operation] ?? 0)) return;
    this.#openIn[kind.number] = this.#turn;
    this.#firstOpen[kind.number] = operation;
  }

  #next(kind: Kind): number {
    if (this.#openIn[kind.number] === this.#turn) return this.#firstOpen[kind.number] ?? -1;
    return kind.optionCount === 0 ? -1 : this.#position.optionOf(kind);
  }

  #wantByCas(value: number): void {
    if (this.#readIn[value] === this.#turn) return;
    this.#readIn[value] = this.#turn;
    this.#read.push(value);
  }

  #want(value: number): void {
    if (this.#wantedIn[value] === this.#turn) return;
    this.#wantedIn[value] = this.#turn;
    this.#wanted.push(value);
  }

  #kind(operation: number): Kind {
    const kind = this.#problem.kinds[this.#problem.kindOf[operation] ?? 0];
    if (kind === undefined) throw new Error('assertion: every operation is of a kind');
    return kind;
  }
}
