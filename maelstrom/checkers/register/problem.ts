/** What the search works on: the operations of one key, reduced to numbers in flat arrays. */
import type { Json } from '../../../src/services/json.ts';
import type { Operation } from '../../history/operations.ts';
import type { CertainOperation, Part } from './part.ts';
import { absent, any, isPure, transitionOf, Values } from './register.ts';
import type { Transition } from './register.ts';

/**
 * Operations have numbers: the certain ones from 0 in the order of their invocations, then the possible ones, those of
 * a kind together and in the order of their invocations. A *kind* is what does the same: expects one value (or any) and
 * leaves one. A *rank* is a place among the completions of the certain operations, from 0; time is counted in ranks.
 */
export interface Problem {
  readonly operations: readonly Operation[];
  readonly certainCount: number;
  /** By operation. */
  readonly kindOf: Int32Array;
  /** By rank, the certain operation that completes there, and how many of the certain ones were invoked before. */
  readonly completions: Int32Array;
  readonly openedAt: Int32Array;
  /** By certain operation, its rank. By possible operation, the first rank before which it was invoked. */
  readonly rankOf: Int32Array;
  readonly kinds: readonly Kind[];
  readonly values: readonly Value[];
  /** The values that the register may hold at first. */
  readonly starts: readonly number[];
  /**
   * By certain operation, a number that no other of its sort (pure, write, cas) has while it is open: so few suffice
   * as are open at once. The counts say how many there are of each sort.
   */
  readonly slotOf: Int32Array;
  readonly slotCounts: Readonly<Record<Sort, number>>;
  /** How many kinds have options that matter at the same time. */
  readonly optionSlotCount: number;
  /** The kinds whose options cease to matter where a rank is passed. */
  readonly kindsEndingAt: ReadonlyMap<number, readonly Kind[]>;
}

/** What the search must know of an operation: a pure one changes nothing, a write expects nothing, a cas does both. */
export type Sort = 'pure' | 'write' | 'cas';

export interface Kind extends Transition {
  readonly number: number;
  readonly sort: Sort;
  /** Its possible operations have the numbers from `firstOption`, `optionCount` of them. */
  firstOption: number;
  optionCount: number;
  /** A number that no other kind has while the options of both matter; -1 where there are none. */
  optionSlot: number;
}

export interface Value {
  /** How many certain operations expect it. */
  expectedBy: number;
  /** How many operations, certain or possible, leave it where another value was. */
  leftBy: number;
  /** Whether a possible operation expects it. */
  feedsOptions: boolean;
  /** The kinds that leave it where another value was, and among them the write. */
  readonly sources: Kind[];
  write: Kind | undefined;
}

export function problemOf(part: Part): Problem {
  const certain = part.certain;
  const table = new Table();
  const certainKinds = certain.map((operation) => table.kindOf(operation));
  const options = usefulOptions(
    certainKinds,
    part.possible.map((operation) => ({ operation, kind: table.kindOf(operation) })),
  );
  const inKinds = groupByKind(options, certain.length);
  const operations = [...certain, ...inKinds.map(({ operation }) => operation)];
  const kindOf = Int32Array.from([...certainKinds, ...inKinds.map(({ kind }) => kind)], ({ number }) => number);

  const numbers = certain.map((_, number) => number);
  const byCompletion = numbers.toSorted((left, right) => endOf(certain, left) - endOf(certain, right));
  const completions = Int32Array.from(byCompletion);
  const rankOf = new Int32Array(operations.length);
  byCompletion.forEach((operation, rank) => (rankOf[operation] = rank));
  const ends = byCompletion.map((operation) => endOf(certain, operation));
  const openedAt = invokedBefore(certain, ends);
  for (let number = certain.length; number < operations.length; number += 1) {
    rankOf[number] = firstAfter(ends, operations[number]?.invoked.index ?? 0);
  }

  const { startsWith } = part;
  const start = startsWith === undefined ? undefined : table.numberOf(startsWith.value);
  const values = valuesOf(table, certainKinds, inKinds.map(({ kind }) => kind));
  const { slotOf, slotCounts } = giveSlots(certainKinds, completions, openedAt);
  const { optionSlotCount, kindsEndingAt } = giveOptionSlots(table.kinds, certainKinds, rankOf, values);
  const starts = start === undefined ? startsOf(values) : [start];
  const { kinds } = table;
  const ofOperations = { operations, certainCount: certain.length, kindOf, completions, openedAt, rankOf };
  return { ...ofOperations, kinds, values, starts, slotOf, slotCounts, optionSlotCount, kindsEndingAt };
}

/** Numbers values and kinds in the order in which they are met. */
class Table {
  readonly kinds: Kind[] = [];
  readonly #values = new Values();
  readonly #byName = new Map<number, Map<number, Kind>>();

  get valueCount(): number {
    return this.#values.count;
  }

  numberOf(value: Json): number {
    return this.#values.numberOf(value);
  }

  kindOf(operation: Operation): Kind {
    const transition = transitionOf(operation, this.#values);
    const { expects, leaves } = transition;
    let row = this.#byName.get(expects);
    if (row === undefined) {
      row = new Map();
      this.#byName.set(expects, row);
    }
    const known = row.get(leaves);
    if (known !== undefined) return known;
    const sort = isPure(transition) ? 'pure' : expects === any ? 'write' : 'cas';
    const number = this.kinds.length;
    const added: Kind = { expects, leaves, number, sort, firstOption: 0, optionCount: 0, optionSlot: -1 };
    this.kinds.push(added);
    row.set(leaves, added);
    return added;
  }
}

interface Option {
  readonly operation: Operation;
  readonly kind: Kind;
}

/**
 * Leaves out options that cannot help: what they write is never seen. Seen is what a certain read or cas expects, and
 * what an option expects that leaves something seen. Leaving the others out is sound: take them all out of an order
 * that has some. Where one of them stood, the value up to the next change was an unseen one, so nothing that was
 * kept and stood there expected a value, and the next change, being a write that was kept, expects none either.
 */
function usefulOptions(certainKinds: readonly Kind[], options: readonly Option[]): readonly Option[] {
  const seen = new Set(certainKinds.filter(({ expects }) => expects !== any).map(({ expects }) => expects));
  for (let before = -1; before < seen.size; ) {
    before = seen.size;
    for (const { kind } of options) {
      if (seen.has(kind.leaves) && kind.expects !== any) {
        seen.add(kind.expects);
      }
    }
  }
  return options.filter(({ kind }) => kind.sort !== 'pure' && seen.has(kind.leaves));
}

function groupByKind(options: readonly Option[], firstNumber: number): readonly Option[] {
  const groups = new Map<Kind, Option[]>();
  for (const option of options) {
    const group = groups.get(option.kind);
    if (group === undefined) {
      groups.set(option.kind, [option]);
    } else {
      group.push(option);
    }
  }
  let number = firstNumber;
  for (const [kind, group] of groups) {
    kind.firstOption = number;
    kind.optionCount = group.length;
    number += group.length;
  }
  return [...groups.values()].flat();
}

function endOf(certain: readonly CertainOperation[], number: number): number {
  return certain[number]?.completed.index ?? 0;
}

function invokedBefore(certain: readonly CertainOperation[], ends: readonly number[]): Int32Array {
  let opened = 0;
  return Int32Array.from(ends, (end) => {
    while ((certain[opened]?.invoked.index ?? Infinity) < end) opened += 1;
    return opened;
  });
}

/** The first place of an ascending list that is above a number. */
function firstAfter(ascending: readonly number[], number: number): number {
  let low = 0;
  for (let high = ascending.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) > number) high = middle;
    else low = middle + 1;
  }
  return low;
}

function valuesOf(table: Table, certainKinds: readonly Kind[], optionKinds: readonly Kind[]): readonly Value[] {
  const values = Array.from({ length: table.valueCount }, (): Value => {
    return { expectedBy: 0, leftBy: 0, feedsOptions: false, sources: [], write: undefined };
  });
  const expected = ({ expects }: Kind): Value | undefined => (expects === any ? undefined : values[expects]);
  for (const kind of certainKinds) {
    const [from, to] = [expected(kind), values[kind.leaves]];
    if (from !== undefined) from.expectedBy += 1;
    if (to !== undefined && kind.sort !== 'pure') to.leftBy += 1;
  }
  for (const kind of optionKinds) {
    const [from, to] = [expected(kind), values[kind.leaves]];
    if (from !== undefined) from.feedsOptions = true;
    if (to !== undefined) to.leftBy += 1;
  }
  for (const kind of table.kinds) {
    const value = values[kind.leaves];
    if (value === undefined || kind.sort === 'pure') continue;
    value.sources.push(kind);
    if (kind.sort === 'write') value.write = kind;
  }
  return values;
}

/** What nobody expects need not be tried as a start: one such value, here the absent one, stands for all. */
function startsOf(values: readonly Value[]): readonly number[] {
  const isExpected = ({ expectedBy, feedsOptions }: Value): boolean => expectedBy > 0 || feedsOptions;
  const expected = values.flatMap((value, number) => (isExpected(value) ? [number] : []));
  return expected.includes(absent) ? expected : [absent, ...expected];
}

function giveSlots(
  certainKinds: readonly Kind[],
  completions: Int32Array,
  openedAt: Int32Array,
): Pick<Problem, 'slotOf' | 'slotCounts'> {
  const slotOf = new Int32Array(certainKinds.length);
  const slotCounts = { pure: 0, write: 0, cas: 0 };
  const free: Readonly<Record<Sort, number[]>> = { pure: [], write: [], cas: [] };
  let opened = 0;
  completions.forEach((completed, rank) => {
    for (; opened < (openedAt[rank] ?? 0); opened += 1) {
      const sort = certainKinds[opened]?.sort ?? 'pure';
      slotOf[opened] = free[sort].pop() ?? slotCounts[sort]++;
    }
    free[certainKinds[completed]?.sort ?? 'pure'].push(slotOf[completed] ?? 0);
  });
  return { slotOf, slotCounts };
}

/** The options of a kind matter from the first that is invoked to the last completion that expects what they leave. */
function giveOptionSlots(
  kinds: readonly Kind[],
  certainKinds: readonly Kind[],
  rankOf: Int32Array,
  values: readonly Value[],
): Pick<Problem, 'optionSlotCount' | 'kindsEndingAt'> {
  const lastExpected = new Map<number, number>();
  certainKinds.forEach(({ expects }, number) => {
    lastExpected.set(expects, Math.max(lastExpected.get(expects) ?? 0, rankOf[number] ?? 0));
  });
  const endOfKind = (kind: Kind): number =>
    values[kind.leaves]?.feedsOptions === true ? certainKinds.length : (lastExpected.get(kind.leaves) ?? -1);
  const withOptions = kinds.filter(({ optionCount }) => optionCount > 0);
  const startOf = ({ firstOption }: Kind): number => rankOf[firstOption] ?? 0;
  const byStart = withOptions.toSorted((left, right) => startOf(left) - startOf(right));
  const ending = withOptions.toSorted((left, right) => endOfKind(left) - endOfKind(right)).values();
  const kindsEndingAt = new Map<number, Kind[]>();
  const free: number[] = [];
  let count = 0;
  let next = ending.next().value;
  for (const kind of byStart) {
    while (next !== undefined && endOfKind(next) < startOf(kind)) {
      if (next.optionSlot >= 0) free.push(next.optionSlot);
      next = ending.next().value;
    }
    const end = endOfKind(kind);
    if (end < startOf(kind)) continue;
    kind.optionSlot = free.pop() ?? count++;
    const others = kindsEndingAt.get(end);
    if (others === undefined) kindsEndingAt.set(end, [kind]);
    else others.push(kind);
  }
  return { optionSlotCount: count, kindsEndingAt };
}
