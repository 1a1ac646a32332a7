/**
 * Where the search is: what the register holds, which completion comes next, and which operations are placed. All of it
 * are numbers in cells, so that a move is taken back whole.
 *
 * A certain write is *owed* at first. It becomes *free* where it could be placed without being seen: right before
 * another write that is placed, or where the register holds its value anyway. A free one may still be placed where it is
 * seen, up to its completion, or never: it stands where it became free then. So the search need not guess which writes
 * nobody sees.
 */
import { Cells } from './cells.ts';
import { any } from './register.ts';
import type { Kind, Problem, Value } from './problem.ts';

/** What is known of a certain operation. Owed: it must be placed. */
export const owed = 0;
export const free = 1;
export const done = 2;

/** A state to come back to. */
export interface Moment {
  readonly cells: number;
  readonly log: number;
}

export class Position {
  readonly problem: Problem;
  /** The first words are the configuration, as `layout` says. */
  readonly #cells: Cells;
  readonly #at: ReturnType<typeof layoutOf>;
  /** What was placed, as `orderOf` reads it. */
  readonly #log: number[] = [];

  constructor(problem: Problem) {
    this.problem = problem;
    this.#at = layoutOf(problem);
    this.#cells = new Cells(this.#at.size);
    this.#cells.values[this.#at.gapAge] = problem.certainCount + 1;
    problem.values.forEach(({ expectedBy, leftBy }, value) => {
      this.#cells.values[this.#at.expected + value] = expectedBy;
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

  /** Whether something was placed while the pending write was free: it has to be placed as well then, see moves.ts. */
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

  /** The operations of a sort that are open and not placed are those in these slots (counted from 1; 0: none). */
  slots(sort: Kind['sort']): { readonly from: number; readonly to: number } {
    const from = this.#at.slots[sort];
    return { from, to: from + this.problem.slotCounts[sort] };
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
    return kind.sort === 'pure' && pending < this.gapOpened && this.sourceInGap(kind.expects) !== -1;
  }

  /** The rank at which the last write was placed, or -1; and the certain operations that were open or done there. */
  get gapRank(): number {
    return this.problem.certainCount - this.#cells.get(this.#at.gapAge);
  }

  get gapOpened(): number {
    return this.problem.openedAt[this.gapRank] ?? 0;
  }

  /** A write that is not placed and could have been, right before the last one that was; -1 where there is none. */
  sourceInGap(value: number): number {
    const opened = this.gapOpened;
    const { rankOf } = this.problem;
    let first = -1;
    const writes = this.slots('write');
    for (let slot = writes.from; slot < writes.to; slot += 1) {
      const operation = (this.row[slot] ?? 0) - 1;
      if (operation < 0 || operation >= opened || this.#kind(operation).leaves !== value) continue;
      if (first === -1 || (rankOf[operation] ?? 0) < (rankOf[first] ?? 0)) first = operation;
    }
    if (first !== -1) return first;
    const { write } = this.#value(value);
    const option = write === undefined ? -1 : this.optionOf(write);
    return option !== -1 && (rankOf[option] ?? 0) <= this.gapRank ? option : -1;
  }

  /** Lets the pending operation complete without a move; false where no order goes on from there. */
  pass(): boolean {
    const kind = this.#kind(this.pending);
    if (kind.sort === 'pure') {
      this.#spend(this.sourceInGap(kind.expects), kind.expects);
    } else {
      this.#passWrite(this.pending, kind.leaves);
    }
    const value = kind.leaves;
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
    const reads = this.slots('pure');
    for (let slot = reads.from; slot < reads.to; slot += 1) {
      const operation = (this.row[slot] ?? 0) - 1;
      if (operation >= 0 && operation < opened && this.#kind(operation).expects === value) count += 1;
    }
    return count;
  }

  /** Places a write and the reads of its value right before the last write. */
  #spend(write: number, value: number): void {
    this.#log.push(4 * write + placedInGap);
    const opened = this.gapOpened;
    const reads = this.slots('pure');
    for (let slot = reads.from; slot < reads.to; slot += 1) {
      const operation = (this.row[slot] ?? 0) - 1;
      if (operation < 0 || operation >= opened || this.#kind(operation).expects !== value) continue;
      this.#log.push(4 * operation + placedInGap);
      this.#donePure(operation, value);
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
    return this.#cells.get(this.#at.expected + value) > 0 && this.#cells.get(this.#at.left + value) === 0;
  }

  #use(operation: number, kind: Kind): void {
    this.#cells.add(this.#at.left + kind.leaves, -1);
    if (operation >= this.problem.certainCount) {
      this.#cells.add(this.#at.used + kind.number, 1);
      if (kind.optionSlot >= 0) this.#cells.add(this.#at.costs + kind.optionSlot, 1);
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
    if (this.isWanted(kind.leaves)) this.#cells.setBit(this.#at.usedWrites, slot);
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
    const reads = this.slots('pure');
    for (let slot = reads.from; slot < reads.to; slot += 1) {
      const operation = (this.row[slot] ?? 0) - 1;
      if (operation < 0 || this.#kind(operation).expects !== value) continue;
      this.#log.push(4 * operation + placed);
      this.#donePure(operation, value);
    }
    const writes = this.slots('write');
    for (let slot = writes.from; slot < writes.to; slot += 1) {
      const operation = (this.row[slot] ?? 0) - 1;
      if (operation >= 0 && this.#kind(operation).leaves === value) this.#free(operation, unlessPlaced);
    }
  }

  #donePure(operation: number, value: number): void {
    const slot = this.problem.slotOf[operation] ?? 0;
    this.#cells.set(this.#at.status + operation, done);
    this.#cells.set(this.#at.slots.pure + slot, 0);
    this.#cells.clearBit(this.#at.owedPure, slot);
    this.#cells.add(this.#at.expected + value, -1);
  }

  #freeAll(except: number): void {
    const writes = this.slots('write');
    for (let slot = writes.from; slot < writes.to; slot += 1) {
      const operation = (this.row[slot] ?? 0) - 1;
      if (operation >= 0 && operation !== except) this.#free(operation, unlessPlacedInGap);
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
      if (this.status(pending) === free && this.#isLostOnNobody(pending, kind.leaves)) this.#passWrite(pending, kind.leaves);
      if (this.status(pending) !== done) break;
      const slot = this.problem.slotOf[pending] ?? 0;
      if (kind.sort === 'cas') this.#cells.clearBit(this.#at.placedCas, slot);
      if (kind.sort === 'write') this.#cells.clearBit(this.#at.usedWrites, slot);
      for (const ended of this.problem.kindsEndingAt.get(this.rank) ?? []) {
        this.#cells.set(this.#at.costs + ended.optionSlot, 0);
      }
      this.#cells.set(rankAt, this.rank + 1);
      this.#open();
    }
    if (this.rank !== from && this.isCommitted) this.#cells.set(this.#at.committed, 0);
    // A value that nobody wants is as good as any other.
    if (this.value !== this.#nothing && !this.isWanted(this.value)) this.#cells.set(valueAt, this.#nothing);
  }

  get #nothing(): number {
    return this.problem.values.length;
  }

  /** Once the reads that fit in the last gap are placed there, nobody wants what this free write leaves. */
  #isLostOnNobody(write: number, value: number): boolean {
    if (this.problem.values[value]?.feedsOptions === true) return false;
    const expected = this.#cells.get(this.#at.expected + value);
    return expected === 0 || (write < this.gapOpened && this.#readsInGap(value) === expected);
  }

  /** Takes in what was invoked before the next completion. */
  #open(): void {
    if (this.isComplete) return;
    const end = this.problem.openedAt[this.rank] ?? 0;
    for (let operation = this.#cells.get(this.#at.opened); operation < end; operation += 1) {
      const kind = this.#kind(operation);
      if (kind.sort === 'pure' && kind.expects === this.value) {
        this.#log.push(4 * operation + placed);
        this.#cells.set(this.#at.status + operation, done);
        this.#cells.add(this.#at.expected + kind.expects, -1);
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

/** What a log says of an operation: it is placed here, or right before the last write that was placed; or it is unless it is placed elsewhere. */
const placed = 0;
const placedInGap = 1;
const unlessPlaced = 2;
const unlessPlacedInGap = 3;

export function orderOf(log: readonly number[], problem: Problem): readonly number[] {
  const elsewhere = new Set(log.filter((entry) => (entry & 3) < unlessPlaced).map((entry) => entry >>> 2));
  const parts: { readonly gap: number[]; readonly rest: number[] }[] = [{ gap: [], rest: [] }];
  for (const entry of log) {
    const operation = entry >>> 2;
    const where = entry & 3;
    if (where >= unlessPlaced && elsewhere.has(operation)) continue;
    const isWrite = problem.kinds[problem.kindOf[operation] ?? 0]?.sort === 'write';
    if (where === placed && isWrite) parts.push({ gap: [], rest: [] });
    const last = parts.at(-1);
    if (where === placedInGap || where === unlessPlacedInGap) last?.gap.push(operation);
    else last?.rest.push(operation);
  }
  return parts.flatMap(({ gap, rest }) => [...gap, ...rest]);
}

const rankAt = 0;
const valueAt = 1;

/** Where what stands among the cells. The configuration is first: its key, its burden, its costs. */
function layoutOf({ slotCounts, optionSlotCount, kinds, values, certainCount }: Problem) {
  let size = 0;
  const take = (count: number): number => {
    size += count;
    return size - count;
  };
  const bits = (count: number): number => take(Math.ceil(count / 32));
  take(2);
  const placedCas = bits(slotCounts.cas);
  const key = size;
  const owedPure = bits(slotCounts.pure);
  const owedWrites = bits(slotCounts.write);
  const usedWrites = bits(slotCounts.write);
  const committed = take(1);
  const burden = size - key;
  const costs = take(optionSlotCount);
  const gapAge = take(1);
  const words = { key, burden, costs: optionSlotCount + 1 };
  const slots = { pure: take(slotCounts.pure), write: take(slotCounts.write), cas: take(slotCounts.cas) };
  const opened = take(1);
  const used = take(kinds.length);
  const expected = take(values.length);
  const left = take(values.length);
  const status = take(certainCount);
  return { words, placedCas, owedPure, owedWrites, usedWrites, committed, costs, gapAge, slots, opened, used, expected, left, status, size };
}
