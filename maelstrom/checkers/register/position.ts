/**
 * Where the search is: what the register holds, which completion comes next, and which operations are placed. All of
 * it are numbers in cells, so that a move is taken back whole.
 *
 * A certain write is *owed* at first. It becomes *free* where it could be placed without being seen: right before
 * another write that is placed, or where the register holds its value anyway. A free one may still be placed where it
 * is seen, up to its completion, or never: it stands where it became free then. So the search need not guess which
 * writes nobody sees.
 *
 * A denial (a cas that failed because another value was there) is placed wherever it is open and the register holds
 * anything but what it denies. So while one is open and not placed the register has held that value all the time.
 *
 * Right before a write that is placed is a *gap*. Only the last one is kept in mind: what was open at an earlier one
 * and still is was open at the last one too. A read that was open at the last gap can be placed there when it
 * completes, if a write of its value is left that was open there as well; a denial, if a write of any other is.
 */
import { Cells } from './cells.ts';
import { layoutOf, rankAt, valueAt } from './layout.ts';
import type { Layout } from './layout.ts';
import { orderOf, placed, placedInGap, unlessPlaced, unlessPlacedInGap } from './log.ts';
import type { Kind, Problem, Value } from './problem.ts';
import { any } from './register.ts';

/** What is known of a certain operation. Owed: it must be placed. */
export const owed = 0;
export const free = 1;
export const done = 2;

/**
 * How far it looks ahead: a far-sighted position goes on nowhere from where something will not fit that completes later;
 * a short-sighted one goes on up to the completion of what does not fit.
 */
export type Sight = 'far' | 'short';

/** A state to come back to. */
export interface Moment {
  readonly cells: number;
  readonly log: number;
}

export class Position {
  readonly problem: Problem;
  readonly #cells: Cells;
  readonly #at: Layout;
  /** By sort, the operations that are open and not placed, each plus 1, among zeros. */
  readonly open: Readonly<Record<Kind['sort'], Int32Array>>;
  /** What was placed, as `orderOf` reads it. */
  readonly #log: number[] = [];

  readonly #sight: Sight;

  constructor(problem: Problem, sight: Sight) {
    this.problem = problem;
    this.#sight = sight;
    this.#at = layoutOf(problem);
    this.#cells = new Cells(this.#at.size);
    const openOf = (sort: Kind['sort']): Int32Array => {
      const from = this.#at.slots[sort];
      return this.#cells.values.subarray(from, from + problem.slotCounts[sort]);
    };
    this.open = { pure: openOf('pure'), write: openOf('write'), cas: openOf('cas') };
    this.#cells.values[this.#at.gapAge] = problem.certainCount + 1;
    problem.values.forEach(({ expectedBy, leftBy, deniedBy }, value) => {
      this.#cells.values[this.#at.expected + value] = expectedBy;
      this.#cells.values[this.#at.denied + value] = deniedBy;
      this.#cells.values[this.#at.left + value] = leftBy;
    });
  }

  /** How many words of `row` are a configuration's, for `Configurations`. */
  get words(): { readonly key: number; readonly burden: number; readonly costs: number } {
    return this.#at.words;
  }

  /** The configuration, and behind it what follows from it. */
  get row(): Int32Array {
    return this.#cells.values;
  }

  /** The rank of the next completion of an operation that is not done. */
  get rank(): number {
    return this.#cells.get(rankAt);
  }

  get value(): number {
    return this.#cells.get(valueAt);
  }

  get isComplete(): boolean {
    return this.rank === this.problem.certainCount;
  }

  /** The operation that completes next. */
  get pending(): number {
    return this.problem.completions[this.rank] ?? 0;
  }

  /** Whether something was placed in front of a pending operation that could have passed: so it has to be placed. */
  get isCommitted(): boolean {
    return this.#cells.get(this.#at.committed) !== 0;
  }

  status(operation: number): number {
    return this.#cells.get(this.#at.status + operation);
  }

  /** Begins with this value in the register; false where that leads nowhere. */
  start(value: number): boolean {
    this.#cells.set(valueAt, value);
    for (let other = 0; other < this.problem.values.length; other += 1) {
      if (other !== value && this.#isBeyondReach(other)) return false;
    }
    this.#open();
    this.#advance();
    return true;
  }

  /** The possible operation of this kind that would be placed next, or -1. */
  optionOf(kind: Kind): number {
    const used = this.#cells.get(this.#at.used + kind.number);
    const option = kind.firstOption + used;
    return used < kind.optionCount && (this.problem.rankOf[option] ?? 0) <= this.rank ? option : -1;
  }

  /** Whether an operation that is not placed, or may be, expects this value. */
  isWanted(value: number): boolean {
    return this.#cells.get(this.#at.expected + value) > 0 || this.problem.values[value]?.feedsOptions === true;
  }

  /** Whether a denial of this value is not placed. */
  isDenied(value: number): boolean {
    return value !== this.#nothing && this.#cells.get(this.#at.denied + value) > 0;
  }

  /** Places an operation that fits; false where no order goes on from there. */
  place(operation: number): boolean {
    const kind = this.#kind(operation);
    const before = this.value;
    if (operation !== this.pending && this.mayPass) this.#cells.set(this.#at.committed, 1);
    this.#log.push(4 * operation + placed);
    if (kind.expects === any) {
      this.#cells.set(this.#at.gapAge, this.problem.certainCount - this.rank);
      this.#freeAll(operation);
    }
    this.#use(operation, kind);
    this.#cells.set(valueAt, kind.leaves);
    if (kind.leaves !== before && before !== this.#nothing && this.#isBeyondReach(before)) return false;
    this.#visit(kind.leaves);
    this.#advance();
    return true;
  }

  /** Whether the pending operation can complete without a move: a free write, or a read that fits in the last gap. */
  get mayPass(): boolean {
    const pending = this.pending;
    const kind = this.#kind(pending);
    if (kind.sort === 'write') return this.status(pending) === free;
    if (kind.sort !== 'pure' || pending >= this.gapOpened) return false;
    return kind.denies === -1 ? this.#sourceInGap(kind.expects) !== -1 : this.othersInGap(kind.denies).length > 0;
  }

  /** Of each kind that writes another value, the operation that `#sourceInGap` gives. */
  othersInGap(value: number): readonly number[] {
    const others = new Set<number>();
    for (const entry of this.open.write) {
      const leaves = entry === 0 || entry > this.gapOpened ? value : this.#kind(entry - 1).leaves;
      if (leaves !== value) others.add(leaves);
    }
    for (const { expects, leaves } of this.problem.optionKinds) {
      if (expects === any && leaves !== value) others.add(leaves);
    }
    return [...others].map((other) => this.#sourceInGap(other)).filter((operation) => operation !== -1);
  }

  /** The rank at which the last write was placed, or -1. */
  get gapRank(): number {
    return this.problem.certainCount - this.#cells.get(this.#at.gapAge);
  }

  /** The certain operations below this number were invoked before the last gap. */
  get gapOpened(): number {
    return this.problem.openedAt[this.gapRank] ?? 0;
  }

  /** A write that is not placed and could have been, right before the last one that was; -1 where there is none. */
  #sourceInGap(value: number): number {
    const opened = this.gapOpened;
    const { rankOf } = this.problem;
    let first = -1;
    for (const entry of this.open.write) {
      if (entry === 0) continue;
      const operation = entry - 1;
      if (operation >= opened || this.#kind(operation).leaves !== value) continue;
      if (first === -1 || (rankOf[operation] ?? 0) < (rankOf[first] ?? 0)) first = operation;
    }
    if (first !== -1) return first;
    const { write } = this.#value(value);
    const option = write === undefined ? -1 : this.optionOf(write);
    return option !== -1 && (rankOf[option] ?? 0) <= this.gapRank ? option : -1;
  }

  /** Lets the pending operation complete without a move; false where no order goes on from there. It is no denial. */
  pass(): boolean {
    const kind = this.#kind(this.pending);
    if (kind.sort === 'pure') return this.passWith(this.#sourceInGap(kind.expects));
    this.#passWrite(this.pending, kind.leaves);
    return this.#hasPassed(kind.leaves);
  }

  /** Lets the pending operation, which is pure, complete by placing this write in the last gap. */
  passWith(write: number): boolean {
    const { leaves } = this.#kind(write);
    this.#spend(write, leaves);
    return this.#hasPassed(leaves);
  }

  #hasPassed(value: number): boolean {
    if (value !== this.value && this.#isBeyondReach(value)) return false;
    this.#advance();
    return true;
  }

  #passWrite(write: number, value: number): void {
    if (write < this.gapOpened && this.#readsInGap(value) > 0) this.#spend(write, value);
    else this.#drop(write);
  }

  #readsInGap(value: number): number {
    const opened = this.gapOpened;
    let count = 0;
    for (const entry of this.open.pure) {
      if (entry === 0) continue;
      const operation = entry - 1;
      if (operation < opened && fitsValue(this.#kind(operation), value)) count += 1;
    }
    return count;
  }

  /** Places a write, and the reads and denials that fit its value, right before the last write. */
  #spend(write: number, value: number): void {
    this.#log.push(4 * write + placedInGap);
    const opened = this.gapOpened;
    for (const entry of this.open.pure) {
      if (entry === 0) continue;
      const operation = entry - 1;
      if (operation >= opened || !fitsValue(this.#kind(operation), value)) continue;
      this.#log.push(4 * operation + placedInGap);
      this.#donePure(operation);
    }
    this.#use(write, this.#kind(write));
  }

  get moment(): Moment {
    return { cells: this.#cells.moment, log: this.#log.length };
  }

  takeBack(moment: Moment): void {
    this.#cells.takeBack(moment.cells);
    this.#log.length = moment.log;
  }

  /** The operations in the order in which they are placed. */
  order(): readonly number[] {
    return orderOf(this.#log, this.problem);
  }

  #kind(operation: number): Kind {
    const kind = this.problem.kinds[this.problem.kindOf[operation] ?? 0];
    if (kind === undefined) throw new Error('assertion: every operation is of a kind');
    return kind;
  }

  #value(value: number): Value {
    const found = this.problem.values[value];
    if (found === undefined) throw new Error('assertion: every value that is expected or left is in the table');
    return found;
  }

  /** It is still expected, but nothing that could leave it is left. */
  #isBeyondReach(value: number): boolean {
    if (this.#sight === 'short') return false;
    return this.#cells.get(this.#at.expected + value) > 0 && this.#cells.get(this.#at.left + value) === 0;
  }

  #use(operation: number, kind: Kind): void {
    this.#cells.add(this.#at.left + kind.leaves, -1);
    if (operation >= this.problem.certainCount) {
      this.#cells.add(this.#at.used + kind.number, 1);
      if (kind.optionSlot >= 0) this.#cells.add(this.#at.usedOptions + kind.optionSlot, 1);
      return;
    }
    const slot = this.problem.slotOf[operation] ?? 0;
    this.#cells.set(this.#at.status + operation, done);
    this.#cells.set(this.#at.slots[kind.sort] + slot, 0);
    if (kind.sort === 'cas') {
      this.#cells.add(this.#at.expected + kind.expects, -1);
      this.#cells.setBit(this.#at.placedCas, slot);
      return;
    }
    this.#cells.clearBit(this.#at.owedWrites, slot);
    const matters = this.isWanted(kind.leaves) || this.problem.mayServeDenials[operation] === 1;
    if (matters) this.#cells.setBit(this.#at.usedWrites, slot);
  }

  /** A free write that is not placed. */
  #drop(operation: number): void {
    const kind = this.#kind(operation);
    this.#cells.add(this.#at.left + kind.leaves, -1);
    this.#cells.set(this.#at.status + operation, done);
    this.#cells.set(this.#at.slots.write + (this.problem.slotOf[operation] ?? 0), 0);
  }

  /** The register holds this value: open reads of it are placed, open writes of it become free. */
  #visit(value: number): void {
    for (const entry of this.open.pure) {
      if (entry === 0) continue;
      const operation = entry - 1;
      if (!fitsValue(this.#kind(operation), value)) continue;
      this.#log.push(4 * operation + placed);
      this.#donePure(operation);
    }
    for (const entry of this.open.write) {
      if (entry === 0) continue;
      const operation = entry - 1;
      if (this.#kind(operation).leaves === value) this.#free(operation, unlessPlaced);
    }
  }

  #donePure(operation: number): void {
    const slot = this.problem.slotOf[operation] ?? 0;
    this.#cells.set(this.#at.status + operation, done);
    this.#cells.set(this.#at.slots.pure + slot, 0);
    this.#cells.clearBit(this.#at.owedPure, slot);
    this.#countPure(this.#kind(operation));
  }

  /** One less of a kind of pure operations is left. */
  #countPure({ expects, denies }: Kind): void {
    if (denies === -1) this.#cells.add(this.#at.expected + expects, -1);
    else this.#cells.add(this.#at.denied + denies, -1);
  }

  #freeAll(except: number): void {
    for (const entry of this.open.write) {
      if (entry === 0) continue;
      const operation = entry - 1;
      if (operation !== except) this.#free(operation, unlessPlacedInGap);
    }
  }

  #free(operation: number, where: number): void {
    if (this.status(operation) !== owed) return;
    this.#log.push(4 * operation + where);
    this.#cells.set(this.#at.status + operation, free);
    this.#cells.clearBit(this.#at.owedWrites, this.problem.slotOf[operation] ?? 0);
  }

  /** Goes on to the next completion of an operation that is not done. */
  #advance(): void {
    const from = this.rank;
    while (!this.isComplete) {
      const pending = this.pending;
      const kind = this.#kind(pending);
      const isFree = this.status(pending) === free;
      if (isFree && this.#wouldMissNobody(pending, kind.leaves)) this.#passWrite(pending, kind.leaves);
      if (this.status(pending) !== done) break;
      const slot = this.problem.slotOf[pending] ?? 0;
      if (kind.sort === 'cas') this.#cells.clearBit(this.#at.placedCas, slot);
      if (kind.sort === 'write') this.#cells.clearBit(this.#at.usedWrites, slot);
      for (const ended of this.problem.kindsEndingAt.get(this.rank) ?? []) {
        this.#cells.set(this.#at.usedOptions + ended.optionSlot, 0);
      }
      this.#cells.set(rankAt, this.rank + 1);
      this.#open();
    }
    if (this.rank !== from && this.isCommitted) this.#cells.set(this.#at.committed, 0);
    // A value that nobody wants, and nobody denies, is as good as any other.
    const { value } = this;
    if (value !== this.#nothing && !this.isWanted(value) && !this.isDenied(value)) this.#cells.set(valueAt, this.#nothing);
  }

  get #nothing(): number {
    return this.problem.values.length;
  }

  /**
   * Once what fits in the last gap with it is placed there, nobody wants what this free write leaves, and no denial wants
   * it to replace something: neither what is there, nor what others that are open leave or want to find.
   */
  #wouldMissNobody(write: number, value: number): boolean {
    if (this.problem.values[value]?.feedsOptions === true) return false;
    const inGap = write < this.gapOpened ? this.gapOpened : 0;
    let reads = 0;
    let denials = 0;
    for (const entry of this.open.pure) {
      if (entry === 0) continue;
      const { expects, denies } = this.#kind(entry - 1);
      if (denies !== -1) {
        // It is served in the gap, by this write, or else the write might serve it by making a gap.
        if (denies === value || entry > inGap) return false;
        denials += 1;
      } else if (expects === value) reads += entry <= inGap ? 1 : 0;
      else if (this.isDenied(expects)) return false;
    }
    if (this.#cells.get(this.#at.expected + value) !== reads) return false;
    if (!this.problem.hasDenials) return true;
    const replaced = this.value === value || this.value === this.#nothing ? 0 : this.#cells.get(this.#at.denied + this.value);
    return replaced <= denials && !this.#isDeniedLeftByOpen(value);
  }

  /** Whether something that is open, and has to be placed, leaves another value than this one that is denied. */
  #isDeniedLeftByOpen(value: number): boolean {
    for (const entry of this.open.write) {
      if (entry === 0 || this.status(entry - 1) !== owed) continue;
      const { leaves } = this.#kind(entry - 1);
      if (leaves !== value && this.isDenied(leaves)) return true;
    }
    for (const entry of this.open.cas) {
      if (entry === 0) continue;
      const { leaves } = this.#kind(entry - 1);
      if (leaves !== value && this.isDenied(leaves)) return true;
    }
    return false;
  }

  /** Takes in what was invoked before the next completion. */
  #open(): void {
    if (this.isComplete) return;
    const end = this.problem.openedAt[this.rank] ?? 0;
    for (let operation = this.#cells.get(this.#at.opened); operation < end; operation += 1) {
      const kind = this.#kind(operation);
      if (kind.sort === 'pure' && fitsValue(kind, this.value)) {
        this.#log.push(4 * operation + placed);
        this.#cells.set(this.#at.status + operation, done);
        this.#countPure(kind);
        continue;
      }
      const slot = this.problem.slotOf[operation] ?? 0;
      this.#cells.set(this.#at.slots[kind.sort] + slot, operation + 1);
      if (kind.sort === 'pure') this.#cells.setBit(this.#at.owedPure, slot);
      if (kind.sort === 'write') this.#cells.setBit(this.#at.owedWrites, slot);
      if (kind.sort === 'write' && kind.leaves === this.value) this.#free(operation, unlessPlaced);
    }
    this.#cells.set(this.#at.opened, end);
  }
}

/** Whether a pure operation can happen where the register holds this value. */
function fitsValue({ expects, denies }: Kind, value: number): boolean {
  return denies === -1 ? expects === value : denies !== value;
}
