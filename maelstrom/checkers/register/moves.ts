/**
 * What can come next. Placed is as late as can be: whatever is placed in front of the next completion is placed because
 * the operation that completes there has to come after it. So the moves at a rank go on until that operation is placed.
 * Where it can do without (a free write; a read that fits in the last gap), the first move may be to let it pass.
 *
 * Take any order, with reads where they first fit, and leave out of it what position.ts takes care of: writes that
 * another write follows, with the reads between the two, where all of them are in front of the same completion. What is
 * left is made of these moves, for each write in it is seen by a cas, or is the last in front of its completion:
 * - the operation that completes next;
 * - a cas that certainly happened and fits;
 * - a write of a value that the next to complete, or an open cas, or an option that helps, expects;
 * - an option, a cas, that leaves such a value, or one that an open read expects, or the value that is there (for where
 *   something leads away from it, and back);
 * - a write of the value that is there, if a cas from it follows: it makes a gap, and the value stays.
 *
 * A denial that is open and not placed needs the register to leave the value that is there, once. Whatever leads away
 * serves it. In front of its own completion that is all that is placed: one write of another value, or one cas, or a
 * write of another value in the last gap (the moves of `passWith`: one for each value). In front of another completion it
 * needs no move of its own but one: where that is a write of the value that is there, which then is there again, an
 * option, a cas from it, may come before. (Where it is anything else that is placed, the register leaves the value
 * anyway; and a write before it makes a gap.)
 */
import { any } from './register.ts';
import type { Kind, Problem } from './problem.ts';
import { owed } from './position.ts';
import type { Position } from './position.ts';

/** The move that lets the pending operation complete without being placed. */
export const pass = -1;

/** The move that lets a pending denial complete by placing a write in the last gap; the moves below `pass` are such. */
function passWith(write: number): number {
  return pass - 1 - write;
}

/** The write that such a move places. */
export function passedWith(move: number): number {
  return pass - 1 - move;
}

export class Moves {
  readonly #problem: Problem;
  readonly #position: Position;
  /** Counts the lists that were made: what is marked with the present one is of this list. */
  #turn = 0;
  /** The values that somebody expects, whoever brings them; those that only an option, a cas, is to bring. */
  readonly #wanted: Marked;
  readonly #wantedOfCas: Marked;
  /** By kind, the operation that is open and completes first. */
  readonly #openIn: Int32Array;
  readonly #firstOpen: Int32Array;
  /** The kinds of open cas that fit. */
  #fitting: Kind[] = [];
  #found: number[] = [];
  /** Whether a denial is open. */
  #hasDenial = false;

  constructor(problem: Problem, position: Position) {
    this.#problem = problem;
    this.#position = position;
    this.#wanted = new Marked(problem.values.length);
    this.#wantedOfCas = new Marked(problem.values.length);
    this.#openIn = new Int32Array(problem.kinds.length);
    this.#firstOpen = new Int32Array(problem.kinds.length);
  }

  /** The moves, the most promising first. What `noise` gives is added to how each is rated: a step is 1, less is better. */
  list(noise?: () => number): readonly number[] {
    const position = this.#position;
    const { pending, mayPass, isCommitted } = position;
    const own = this.#kind(pending);
    this.#turn += 1;
    this.#wanted.clear();
    this.#wantedOfCas.clear();
    this.#fitting = [];
    const hasReads = this.#lookAtReads();
    this.#lookAtCas();
    const owesWrites = this.#lookAtWrites();
    const needsGap = (hasReads || owesWrites) && position.gapRank < position.rank;
    const found = this.#inOrder(own.denies === -1 ? this.#find(own, needsGap) : this.#findOthers(), own, noise);
    if (mayPass && !isCommitted) {
      if (own.denies !== -1) return [...position.othersInGap(own.denies).map(passWith), ...found];
      const isLast = own.sort === 'write' && this.#wanted.has(own.leaves);
      if (isLast) found.push(pass);
      else found.unshift(pass);
    }
    return found;
  }

  #find(own: Kind, needsGap: boolean): number[] {
    const { value, pending } = this.#position;
    this.#found = this.#fitting.map((kind) => this.#next(kind));
    if (own.expects !== any && own.expects !== value) {
      this.#wanted.add(own.expects);
      if (!this.#canBeBrought(own.expects)) return [];
    }
    if (this.#fitting.length > 0) this.#wantedOfCas.add(value);
    // A cas whose result nobody expects costs nothing right before a write, unless a denial will need it.
    const mayWrite = this.#fitting.every(({ leaves }) => this.#position.isWanted(leaves)) || this.#position.isDenied(value);
    this.#findSources(mayWrite);
    if (this.#hasDenial) this.#addOptionsFrom(value);
    if (mayWrite && own.sort === 'write' && (own.leaves !== value || needsGap)) this.#found.push(pending);
    if (mayWrite && needsGap && this.#wantedOfCas.has(value)) this.#addWriteOf(value);
    return this.#found;
  }

  /** In front of a denial, which is of the value that is there: all that leads away from it. */
  #findOthers(): number[] {
    const { value } = this.#position;
    const found = new Set(this.#fitting.map((kind) => this.#next(kind)));
    for (const entry of this.#position.open.write) {
      const kind = entry === 0 ? undefined : this.#kind(entry - 1);
      if (kind !== undefined && kind.leaves !== value) found.add(this.#next(kind));
    }
    for (const kind of this.#problem.optionKinds) {
      if (kind.leaves !== value && (kind.expects === any || kind.expects === value)) found.add(this.#next(kind));
    }
    found.delete(-1);
    return [...found];
  }

  #addOptionsFrom(value: number): void {
    for (const kind of this.#problem.optionKinds) {
      const operation = kind.expects === value && kind.sort === 'cas' ? this.#next(kind) : -1;
      if (operation !== -1 && !this.#found.includes(operation)) this.#found.push(operation);
    }
  }

  #inOrder(found: number[], own: Kind, noise: (() => number) | undefined): number[] {
    if (noise === undefined) return found.sort((left, right) => this.#score(left, own) - this.#score(right, own));
    const rated = found.map((operation) => ({ operation, score: this.#score(operation, own) + noise() }));
    return rated.sort((left, right) => left.score - right.score).map(({ operation }) => operation);
  }

  #canBeBrought(value: number): boolean {
    return this.#sources(value).some((kind) => this.#next(kind) !== -1);
  }

  /** What brings the values that are wanted; what a source expects in turn is wanted as well. */
  #findSources(mayWrite: boolean): void {
    for (let all = 0, ofCas = 0; all < this.#wanted.count || ofCas < this.#wantedOfCas.count; ) {
      if (all < this.#wanted.count) {
        const value = this.#wanted.at(all++);
        for (const kind of this.#sources(value)) this.#addSource(kind, mayWrite);
      } else {
        const value = this.#wantedOfCas.at(ofCas++);
        if (this.#wanted.has(value)) continue;
        for (const kind of this.#sources(value)) {
          if (kind.sort === 'cas') this.#addSource(kind, mayWrite);
        }
      }
    }
  }

  #addSource(kind: Kind, mayWrite: boolean): void {
    const { value, pending } = this.#position;
    const operation = this.#next(kind);
    if (operation === -1) return;
    if (kind.expects === any) {
      if (mayWrite && operation !== pending) this.#found.push(operation);
    } else if (kind.expects !== value) {
      this.#wanted.add(kind.expects);
    } else if (operation >= this.#problem.certainCount && !this.#found.includes(operation)) {
      this.#found.push(operation);
      this.#wantedOfCas.add(value);
    }
  }

  #score(operation: number, own: Kind): number {
    const kind = this.#kind(operation);
    if (operation === this.#position.pending) return 0;
    const isCertain = operation < this.#problem.certainCount;
    if (kind.leaves === own.expects) return isCertain ? 1 : 3;
    if (kind.sort === 'cas') return isCertain ? 2 : 5;
    return isCertain ? 4 : 6;
  }

  #addWriteOf(value: number): void {
    const write = this.#problem.values[value]?.write;
    const operation = write === undefined ? -1 : this.#next(write);
    if (operation !== -1 && operation !== this.#position.pending) this.#found.push(operation);
  }

  /** Whether reads or denials are open. They do not fit, or they would be placed. */
  #lookAtReads(): boolean {
    let isOpen = false;
    this.#hasDenial = false;
    for (const entry of this.#position.open.pure) {
      if (entry === 0) continue;
      const { expects, denies } = this.#kind(entry - 1);
      isOpen = true;
      if (denies === -1) this.#wantedOfCas.add(expects);
      else this.#hasDenial = true;
    }
    return isOpen;
  }

  #lookAtCas(): void {
    for (const entry of this.#position.open.cas) {
      if (entry === 0) continue;
      const operation = entry - 1;
      const kind = this.#kind(operation);
      if (kind.expects !== this.#position.value) this.#wanted.add(kind.expects);
      else if (this.#openIn[kind.number] !== this.#turn) this.#fitting.push(kind);
      this.#keepFirst(kind, operation);
    }
  }

  /** Whether writes are owed. */
  #lookAtWrites(): boolean {
    let owes = false;
    for (const entry of this.#position.open.write) {
      if (entry === 0) continue;
      const operation = entry - 1;
      this.#keepFirst(this.#kind(operation), operation);
      if (this.#position.status(operation) === owed) owes = true;
    }
    return owes;
  }

  /** Of operations that do the same, the one that completes first is placed first. */
  #keepFirst(kind: Kind, operation: number): void {
    const { rankOf } = this.#problem;
    const isOpen = this.#openIn[kind.number] === this.#turn;
    if (isOpen && (rankOf[this.#firstOpen[kind.number] ?? 0] ?? 0) < (rankOf[operation] ?? 0)) return;
    this.#openIn[kind.number] = this.#turn;
    this.#firstOpen[kind.number] = operation;
  }

  /** The operation of this kind that would be placed next, or -1. */
  #next(kind: Kind): number {
    if (this.#openIn[kind.number] === this.#turn) return this.#firstOpen[kind.number] ?? -1;
    return kind.optionCount === 0 ? -1 : this.#position.optionOf(kind);
  }

  #sources(value: number): readonly Kind[] {
    return this.#problem.values[value]?.sources ?? [];
  }

  #kind(operation: number): Kind {
    const kind = this.#problem.kinds[this.#problem.kindOf[operation] ?? 0];
    if (kind === undefined) throw new Error('assertion: every operation is of a kind');
    return kind;
  }
}

/** A set of small numbers that keeps the order in which they came. */
class Marked {
  readonly #marks: Uint8Array;
  readonly #members: number[] = [];

  constructor(size: number) {
    this.#marks = new Uint8Array(size);
  }

  get count(): number {
    return this.#members.length;
  }

  at(place: number): number {
    return this.#members[place] ?? 0;
  }

  has(member: number): boolean {
    return this.#marks[member] === 1;
  }

  add(member: number): void {
    if (this.#marks[member] === 1) return;
    this.#marks[member] = 1;
    this.#members.push(member);
  }

  clear(): void {
    for (const member of this.#members) this.#marks[member] = 0;
    this.#members.length = 0;
  }
}
