/** What the search works on: the operations of one key, reduced to numbers in flat arrays. */
import type { Json } from '../../../src/services/json.ts';
import type { Operation } from '../../history/operations.ts';
import type { CertainOperation, Part } from './part.ts';
import { absent, any, deniedState, isPure, transitionOf, Values } from './register.ts';
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
  /** The values that the register may hold at first; `values.length` stands for one that is in no operation. */
  readonly starts: readonly number[];
  /** Whether there are denials, and by certain write, 1 where a denial may be served by it: one that completes later. */
  readonly hasDenials: boolean;
  readonly mayServeDenials: Uint8Array;
  /** The kinds that have options. */
  readonly optionKinds: readonly Kind[];
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

/**
 * What the search must know of an operation: a pure one changes nothing, a write expects nothing, a cas does both. A pure
 * one may be a *denial*: a cas that failed because another value was there. It happens wherever the register holds
 * anything else.
 */
export type Sort = 'pure' | 'write' | 'cas';

export interface Kind extends Transition {
  readonly number: number;
  readonly sort: Sort;
  /** Of denials, the value that they must not find; -1 for all other kinds. */
  readonly denies: number;
  /** Its possible operations have the numbers from `firstOption`, `optionCount` of them. */
  firstOption: number;
  optionCount: number;
  /** A number that no other kind has while the options of both matter; -1 where there are none. */
  optionSlot: number;
}

export interface Value {
  /** How many certain operations expect it, and how many deny it. */
  expectedBy: number;
  deniedBy: number;
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
  const ofCertain = certain.map((operation) => table.transitionOf(operation));
  const useful = usefulOptions(
    ofCertain,
    part.possible.map((operation) => ({ operation, transition: table.transitionOf(operation) })),
  );
  const merged = mergeUnseen(ofCertain, useful);
  const certainKinds = merged.certain.map((transition) => table.kindOf(transition));
  const options = merged.options.map(({ operation, transition }) => ({ operation, kind: table.kindOf(transition) }));
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
  const optionKinds = kinds.filter(({ optionCount }) => optionCount > 0);
  const mayServeDenials = serversOf(certain, certainKinds);
  const hasDenials = kinds.some(({ denies }) => denies !== -1);
  const ofOperations = { operations, certainCount: certain.length, kindOf, completions, openedAt, rankOf };
  return { ...ofOperations, kinds, values, starts, slotOf, slotCounts, optionSlotCount, kindsEndingAt, hasDenials, mayServeDenials, optionKinds };
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

  transitionOf(operation: Operation): Transition {
    return transitionOf(operation, this.#values);
  }

  kindOf(transition: Transition): Kind {
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
    const denies = deniedState(transition);
    const added: Kind = { expects, leaves, number, sort, denies, firstOption: 0, optionCount: 0, optionSlot: -1 };
    this.kinds.push(added);
    row.set(leaves, added);
    return added;
  }
}

interface Option {
  readonly operation: Operation;
  readonly kind: Kind;
}

interface PossibleTransition {
  readonly operation: Operation;
  readonly transition: Transition;
}

/**
 * Leaves out options that cannot help: what they write is never seen. Seen is what a certain read or cas expects, what
 * an option expects that is kept, and what is denied. A denial is helped by every write, and by a cas that leads away from
 * the value that it denies: those are kept, too.
 *
 * Leaving the others out is sound: take them all out of an order that has some. Where one of them stood, the value up to
 * the next change was an unseen one, so nothing that was kept and stood there expected a value, and the next change,
 * being a write that was kept, expects none either. What stood there can only be a denial. There are denials only where
 * all writes are kept, so what was left out is a cas, and the value that is there without it is the one that it
 * expects. That one is not denied, or the cas would have been kept.
 */
function usefulOptions(
  ofCertain: readonly Transition[],
  possible: readonly PossibleTransition[],
): readonly PossibleTransition[] {
  const denied = new Set(ofCertain.map(deniedState).filter((state) => state !== -1));
  const seen = new Set([...ofCertain.map(({ expects }) => expects).filter((state) => state > any), ...denied]);
  const isKept = ({ transition }: PossibleTransition): boolean => {
    const { expects, leaves } = transition;
    if (isPure(transition)) return false;
    return seen.has(leaves) || (denied.size > 0 && (expects === any || denied.has(expects)));
  };
  for (let before = -1; before < seen.size; ) {
    before = seen.size;
    for (const option of possible) {
      if (isKept(option) && option.transition.expects !== any) seen.add(option.transition.expects);
    }
  }
  return possible.filter(isKept);
}

/**
 * Where there are denials, values that nothing expects and nothing denies become one: no operation tells them apart. So
 * many writes that help nobody but denials are of one kind.
 */
function mergeUnseen(
  certain: readonly Transition[],
  options: readonly PossibleTransition[],
): { readonly certain: readonly Transition[]; readonly options: readonly PossibleTransition[] } {
  const denied = certain.map(deniedState).filter((state) => state !== -1);
  if (denied.length === 0) return { certain, options };
  const all = [...certain, ...options.map(({ transition }) => transition)];
  const told = new Set([...all.map(({ expects }) => expects), ...denied]);
  const unseen = all.find((transition) => !isPure(transition) && !told.has(transition.leaves))?.leaves;
  if (unseen === undefined) return { certain, options };
  const merge = (transition: Transition): Transition => {
    return isPure(transition) || told.has(transition.leaves) ? transition : { ...transition, leaves: unseen };
  };
  return { certain: certain.map(merge), options: options.map((option) => ({ ...option, transition: merge(option.transition) })) };
}

/** Which certain writes were invoked before a denial completes. */
function serversOf(certain: readonly CertainOperation[], kinds: readonly Kind[]): Uint8Array {
  let last = -1;
  certain.forEach(({ completed }, number) => {
    if ((kinds[number]?.denies ?? -1) !== -1) last = Math.max(last, completed.index);
  });
  return Uint8Array.from(certain, ({ invoked }, number) => (kinds[number]?.sort === 'write' && invoked.index < last ? 1 : 0));
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
    return { expectedBy: 0, deniedBy: 0, leftBy: 0, feedsOptions: false, sources: [], write: undefined };
  });
  const expected = ({ expects }: Kind): Value | undefined => (expects > any ? values[expects] : undefined);
  for (const kind of certainKinds) {
    const denied = values[kind.denies];
    if (denied !== undefined) denied.deniedBy += 1;
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

/**
 * What nobody expects need not be tried as a start: one such value stands for all, and it is best to begin with one that
 * is not denied either. Where nothing is denied that is the absent one.
 */
function startsOf(values: readonly Value[]): readonly number[] {
  const isExpected = ({ expectedBy, feedsOptions }: Value): boolean => expectedBy > 0 || feedsOptions;
  const expected = values.flatMap((value, number) => (isExpected(value) ? [number] : []));
  if (values.some(({ deniedBy }) => deniedBy > 0)) return [...expected, values.length];
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

/**
 * The options of a kind matter from the first that is invoked to the last completion that expects what they leave, or
 * that denies anything.
 */
function giveOptionSlots(
  kinds: readonly Kind[],
  certainKinds: readonly Kind[],
  rankOf: Int32Array,
  values: readonly Value[],
): Pick<Problem, 'optionSlotCount' | 'kindsEndingAt'> {
  const lastExpected = new Map<number, number>();
  let lastDenied = -1;
  certainKinds.forEach(({ expects, denies }, number) => {
    const rank = rankOf[number] ?? 0;
    lastExpected.set(expects, Math.max(lastExpected.get(expects) ?? 0, rank));
    if (denies !== -1) lastDenied = Math.max(lastDenied, rank);
  });
  const endOfKind = (kind: Kind): number =>
    values[kind.leaves]?.feedsOptions === true ? certainKinds.length : Math.max(lastExpected.get(kind.leaves) ?? -1, lastDenied);
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
