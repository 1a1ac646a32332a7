/** What the search works on: the operations of one key, linked in the orders in which the search walks them. */
import type { Operation } from '../operations.ts';
import { any, isPure, transitionOf, Values } from './register.ts';
import type { Transition } from './register.ts';

/** An operation that happened. All of them must be placed. */
export interface Step extends Transition {
  readonly certain: true;
  readonly operation: Operation;
  readonly pure: boolean;
  readonly invokedAt: number;
  readonly completedAt: number;
  /** Its bit in a configuration: flipped where it is placed, and back where its completion is passed. */
  bit: number;
  placed: boolean;
  /** The neighbours among the steps that are not placed, by invocation. */
  previous: Step | undefined;
  next: Step | undefined;
  /** The place among all completions, from 0, and the neighbours there. */
  rank: number;
  completesAfter: Step | undefined;
  completesBefore: Step | undefined;
}

/** An operation that may have happened, at any time after its invocation, or not. */
export interface Option extends Transition {
  readonly certain: false;
  readonly operation: Operation;
  readonly invokedAt: number;
  readonly kind: Kind;
  readonly bit: number;
  /** The option of the same kind that was invoked next. */
  next: Option | undefined;
}

/** The options that do the same. They are taken in the order of their invocations, so `free` is the next to take. */
export interface Kind extends Transition {
  free: Option | undefined;
  readonly next: Kind | undefined;
}

/** The operations of one key, ready to be searched. */
export interface Steps {
  readonly firstInvoked: Step | undefined;
  readonly firstCompleted: Step | undefined;
  readonly kinds: Kind | undefined;
  /** How many words of a configuration hold the bits of steps that change the value, of pure steps, of options. */
  readonly changeWords: number;
  readonly pureWords: number;
  readonly optionWords: number;
}

/**
 * Whether an operation says anything about the values of its key: it did happen, or it may have and could be seen. What
 * failed has no effect, and a read that did not come back saw nothing.
 */
export function constrains(operation: Operation): boolean {
  return operation.outcome === 'ok' || (operation.outcome === 'info' && operation.f !== 'read');
}

/**
 * The steps and options of operations that constrain (see above), given in the order of their invocations. Their bits
 * start at `firstBit`, which must be a multiple of 32.
 */
export function stepsOf(operations: readonly Operation[], firstBit: number): Steps {
  const values = new Values();
  const steps: Step[] = [];
  const options: { operation: Operation; transition: Transition }[] = [];
  for (const operation of operations) {
    const transition = transitionOf(operation, values);
    if (operation.outcome === 'ok') {
      steps.push(stepOf(operation, transition, operation.completed.index));
    } else {
      options.push({ operation, transition });
    }
  }
  const completed = steps.toSorted((left, right) => left.completedAt - right.completedAt);
  link(steps, completed);
  const changeWords = giveBits(
    steps.filter((step) => !step.pure),
    firstBit,
  );
  const pureBit = firstBit + 32 * changeWords;
  const pureWords = giveBits(
    steps.filter((step) => step.pure),
    pureBit,
  );
  const useful = usefulOptions(steps, options);
  return {
    firstInvoked: steps[0],
    firstCompleted: completed[0],
    kinds: kindsOf(useful, pureBit + 32 * pureWords),
    changeWords,
    pureWords,
    optionWords: Math.ceil(useful.length / 32),
  };
}

function stepOf(operation: Operation, transition: Transition, completedAt: number): Step {
  return {
    ...transition,
    certain: true,
    operation,
    pure: isPure(transition),
    invokedAt: operation.invoked.index,
    completedAt,
    bit: 0,
    placed: false,
    previous: undefined,
    next: undefined,
    rank: 0,
    completesAfter: undefined,
    completesBefore: undefined,
  };
}

function link(invoked: readonly Step[], completed: readonly Step[]): void {
  for (const [index, step] of invoked.entries()) {
    step.previous = invoked[index - 1];
    step.next = invoked[index + 1];
  }
  for (const [index, step] of completed.entries()) {
    step.rank = index;
    step.completesAfter = completed[index - 1];
    step.completesBefore = completed[index + 1];
  }
}

/**
 * Gives each step a bit that no other has while it is open, so that as many bits suffice as steps are open at once and
 * not as there are steps. Gives the number of words.
 */
function giveBits(invoked: readonly Step[], firstBit: number): number {
  const completed = invoked.toSorted((left, right) => left.completedAt - right.completedAt).values();
  const free: number[] = [];
  let end = firstBit;
  let done = completed.next().value;
  for (const step of invoked) {
    while (done !== undefined && done.completedAt < step.invokedAt) {
      free.push(done.bit);
      done = completed.next().value;
    }
    step.bit = free.pop() ?? end++;
  }
  return Math.ceil((end - firstBit) / 32);
}

/**
 * Leaves out options that cannot help: what they write is never seen. Seen is what a certain read or cas expects, and
 * what an option expects that leaves something seen. Leaving the others out is sound: take them all out of an order
 * that has some. Where one of them stood, the value up to the next change was an unseen one, so nothing that was
 * kept and stood there expected a value, and the next change, being a write that was kept, expects none either.
 */
function usefulOptions<T extends { readonly transition: Transition }>(
  steps: readonly Step[],
  options: readonly T[],
): readonly T[] {
  const seen = new Set(steps.filter(({ expects }) => expects !== any).map(({ expects }) => expects));
  for (let before = -1; before < seen.size; ) {
    before = seen.size;
    for (const { transition } of options) {
      if (seen.has(transition.leaves) && transition.expects !== any) {
        seen.add(transition.expects);
      }
    }
  }
  return options.filter(({ transition }) => seen.has(transition.leaves));
}

function kindsOf(
  options: readonly { readonly operation: Operation; readonly transition: Transition }[],
  firstBit: number,
): Kind | undefined {
  const latest = new Map<string, Option>();
  let kinds: Kind | undefined;
  let bit = firstBit;
  for (const { operation, transition } of options) {
    const name = `${transition.expects} ${transition.leaves}`;
    const before = latest.get(name);
    const kind: Kind = before?.kind ?? { ...transition, free: undefined, next: kinds };
    const invokedAt = operation.invoked.index;
    const option: Option = { ...transition, certain: false, operation, invokedAt, kind, bit, next: undefined };
    if (before === undefined) {
      kind.free = option;
      kinds = kind;
    } else {
      before.next = option;
    }
    latest.set(name, option);
    bit += 1;
  }
  return kinds;
}
