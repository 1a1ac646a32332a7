/**
 * Decides a part in which no value is brought twice, by sorting and sweeping instead of a search.
 *
 * There it is known who saw whose change. The operations around one value, the one that brings it and those that find it,
 * stand together in every order; a cas joins the value that it finds to the one that it leaves. What is joined is a
 * *block*, and an order is a sequence of blocks. A block of which one operation completes before another begins, at `f`
 * and `s`, takes all of the time from f to s: such blocks may not overlap. All others fit into a moment at which all of
 * their operations are open, from s to f, unless all of that time is taken by one block (Gibbons and Korach, "Testing
 * shared memories", section 4.1, where blocks have no cas).
 *
 * Denials are put into the order afterwards. Where one does not fit, nothing is decided: another order may be right.
 */
import type { Operation } from '../../history/operations.ts';
import type { CertainOperation, Part } from './part.ts';
import { any, deniedState, transitionOf, Values } from './register.ts';
import { withDenials } from './with-denials.ts';

export type UniqueDecision = { readonly kind: 'order'; readonly order: readonly Operation[] } | NoOrder;

/** All that completes up to the event of this index has no order. */
interface NoOrder {
  readonly kind: 'none';
  readonly wrongByIndex: number;
}

/** One value, and who is about it. */
interface Group {
  /** Undefined for the value that is there at first. */
  readonly bringer: Operation | undefined;
  /** When the bringer is complete; Infinity where it only may have happened. */
  readonly doneAt: number;
  /** The value that the bringer finds, where it is a cas; else `any`. */
  readonly from: number;
  /** What finds it and changes nothing, by invocation. */
  readonly finders: CertainOperation[];
  /** The cas that replaces it. */
  next: Group | undefined;
}

interface Block {
  readonly first: Group;
  /** The first completion and the last invocation in it. */
  readonly f: number;
  readonly s: number;
  /** The last completion that has to be known to tell. */
  readonly end: number;
}

/** Undefined where a value is brought twice, or where it is not known what is there at first. */
export function decideUnique(part: Part): UniqueDecision | undefined {
  if (part.startsWith === undefined) return undefined;
  const found = groupsOf(part, part.startsWith);
  if (found?.kind !== 'groups') return found;
  const blocks: Block[] = [];
  for (const first of found.groups) {
    if (first.from !== any) continue;
    const block = blockOf(first);
    if (block.wrongBy !== undefined) return { kind: 'none', wrongByIndex: block.wrongBy };
    blocks.push(block);
  }
  const sequence = inSequence(blocks);
  if (sequence.kind === 'none') return sequence;
  const order = withDenials(orderOf(sequence.blocks), part);
  return order === undefined ? undefined : { kind: 'order', order };
}

interface Groups {
  readonly kind: 'groups';
  readonly groups: readonly Group[];
}

/** The groups of all values that were there; of what may have happened only what was found, which did happen. */
function groupsOf(part: Part, startsWith: NonNullable<Part['startsWith']>): Groups | UniqueDecision | undefined {
  const values = new Values();
  const groups: (Group | undefined)[] = [];
  const bring = (bringer: Operation | undefined, value: number, from: number, doneAt: number): Group => {
    const group: Group = { bringer, doneAt, from, finders: [], next: undefined };
    groups[value] = group;
    return group;
  };
  bring(undefined, values.numberOf(startsWith.value), any, -1);
  /** What a cas that happened finds, and what it leaves. */
  const replaced: { readonly value: number; readonly by: number }[] = [];
  const finders: { readonly value: number; readonly by: CertainOperation }[] = [];
  for (const operation of part.certain) {
    const transition = transitionOf(operation, values);
    const { expects, leaves } = transition;
    if (deniedState(transition) !== -1) continue;
    if (expects === leaves) {
      finders.push({ value: expects, by: operation });
      continue;
    }
    if (groups[leaves] !== undefined) return undefined;
    bring(operation, leaves, expects, operation.completed.index);
    if (expects !== any) replaced.push({ value: expects, by: leaves });
  }
  const options = new Map<number, { readonly operation: Operation; readonly from: number }>();
  for (const operation of part.possible) {
    const { expects, leaves } = transitionOf(operation, values);
    if (expects === leaves) continue;
    if (groups[leaves] !== undefined || options.has(leaves)) return undefined;
    options.set(leaves, { operation, from: expects });
  }
  const groupOf = (value: number): Group | undefined => {
    const known = groups[value];
    const option = known === undefined ? options.get(value) : undefined;
    if (option === undefined) return known;
    if (option.from !== any) replaced.push({ value: option.from, by: value });
    return bring(option.operation, value, option.from, Infinity);
  };
  for (const { value, by } of finders) {
    const group = groupOf(value);
    if (group === undefined) return { kind: 'none', wrongByIndex: by.completed.index };
    group.finders.push(by);
  }
  for (const { value, by } of replaced) {
    const group = groupOf(value);
    // It is never there, or was replaced twice.
    if (group === undefined || group.next !== undefined) return wrongAtEnd(part);
    group.next = groups[by];
  }
  return withoutCircles(groups.filter((group) => group !== undefined), part);
}

/** Where cas lead in a circle, none of them is the first. */
function withoutCircles(groups: readonly Group[], part: Part): Groups | UniqueDecision {
  let reached = 0;
  for (const first of groups) {
    if (first.from !== any) continue;
    for (let group: Group | undefined = first; group !== undefined; group = group.next) reached += 1;
  }
  return reached === groups.length ? { kind: 'groups', groups } : wrongAtEnd(part);
}

function wrongAtEnd({ certain }: Part): NoOrder {
  let last = 0;
  for (const { completed } of certain) last = Math.max(last, completed.index);
  return { kind: 'none', wrongByIndex: last };
}

/** What follows a value has to be able to come after all that is about it. */
function blockOf(first: Group): Block & { readonly wrongBy: number | undefined } {
  let [f, s, end] = [Infinity, -1, -1];
  let wrongBy: number | undefined;
  for (let group: Group | undefined = first; group !== undefined; group = group.next) {
    const { bringer, doneAt, finders } = group;
    const begun = bringer?.invoked.index ?? -1;
    if (doneAt !== Infinity) end = Math.max(end, doneAt);
    let firstDone = doneAt;
    let lastBegun = begun;
    for (const { invoked, completed } of finders) {
      if (completed.index < begun) wrongBy ??= completed.index;
      firstDone = Math.min(firstDone, completed.index);
      lastBegun = Math.max(lastBegun, invoked.index);
      end = Math.max(end, completed.index);
    }
    if (firstDone < s) wrongBy ??= end;
    f = Math.min(f, firstDone);
    s = Math.max(s, lastBegun);
  }
  return { first, f, s, end, wrongBy };
}

interface Sequence {
  readonly kind: 'sequence';
  readonly blocks: readonly Block[];
}

/** The blocks in an order that respects time. */
function inSequence(blocks: readonly Block[]): Sequence | NoOrder {
  const wide = blocks.filter(({ f, s }) => f < s).toSorted((left, right) => left.f - right.f);
  for (let place = 1; place < wide.length; place += 1) {
    const [before, after] = [wide[place - 1], wide[place]];
    if (before !== undefined && after !== undefined && after.f < before.s) {
      return { kind: 'none', wrongByIndex: Math.max(before.end, after.end) };
    }
  }
  const placed = wide.map((block) => ({ block, at: block.f }));
  for (const block of blocks) {
    if (block.f < block.s) continue;
    const around = lastBefore(wide, block.s);
    const isInside = around !== undefined && block.s < around.s;
    if (isInside && block.f < around.s) return { kind: 'none', wrongByIndex: Math.max(around.end, block.end) };
    placed.push({ block, at: (isInside ? around.s : block.s) + 0.5 });
  }
  const sorted = placed.sort((left, right) => left.at - right.at);
  return { kind: 'sequence', blocks: sorted.map(({ block }) => block) };
}

/** The last of the blocks, which are sorted by f, that begins before a moment. */
function lastBefore(blocks: readonly Block[], index: number): Block | undefined {
  let low = 0;
  for (let high = blocks.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle]?.f ?? Infinity) < index) low = middle + 1;
    else high = middle;
  }
  return blocks[low - 1];
}

function orderOf(blocks: readonly Block[]): readonly Operation[] {
  const order: Operation[] = [];
  for (const { first } of blocks) {
    for (let group: Group | undefined = first; group !== undefined; group = group.next) {
      if (group.bringer !== undefined) order.push(group.bringer);
      for (const finder of group.finders) order.push(finder);
    }
  }
  return order;
}
