/** Puts denials into an order of everything else, where they fit. */
import { jsonEquals } from '../../../src/services/json.ts';
import type { Operation } from '../../history/operations.ts';
import { deniedBy, leftBy } from './meaning.ts';
import type { CertainOperation, Part } from './part.ts';

/**
 * The order with the denials of the part in it, each at the first place where time allows it and the register holds
 * another value. Undefined where one has no such place. The part begins with a known value.
 */
export function withDenials(order: readonly Operation[], part: Part): readonly Operation[] | undefined {
  const denials = part.certain.filter((operation) => deniedBy(operation) !== undefined);
  if (denials.length === 0) return order;
  const initial = part.startsWith?.value ?? null;
  const { lastBegun, firstDone } = boundsOf(order, new Set(part.possible));
  const at = new Map<number, CertainOperation[]>();
  const done = denials.toSorted((left, right) => left.completed.index - right.completed.index);
  const placeOf = new Map<CertainOperation, number>();
  let [doneCount, atLeast] = [0, 0];
  for (const denial of denials) {
    // Not before those that had completed when this one began.
    for (let other = done[doneCount]; other !== undefined && other.completed.index < denial.invoked.index; other = done[doneCount]) {
      atLeast = Math.max(atLeast, placeOf.get(other) ?? 0);
      doneCount += 1;
    }
    const last = firstWhere(order.length, (place) => (lastBegun[place + 1] ?? 0) > denial.completed.index);
    const value = deniedBy(denial)?.value ?? null;
    let place = Math.max(atLeast, firstWhere(order.length, (before) => (firstDone[before] ?? Infinity) > denial.invoked.index));
    while (place <= last && jsonEquals(place === 0 ? initial : heldAt(order, place), value)) place += 1;
    if (place > last) return undefined;
    placeOf.set(denial, place);
    const others = at.get(place);
    if (others === undefined) at.set(place, [denial]);
    else others.push(denial);
  }
  const whole: Operation[] = [];
  for (let place = 0; place <= order.length; place += 1) {
    whole.push(...(at.get(place) ?? []));
    const operation = order[place];
    if (operation !== undefined) whole.push(operation);
  }
  return whole;
}

function heldAt(order: readonly Operation[], place: number) {
  const before = order[place - 1];
  return before === undefined ? null : leftBy(before);
}

/** By place, the last invocation of what stands before it, and the first completion of what stands behind it. */
function boundsOf(order: readonly Operation[], open: ReadonlySet<Operation>) {
  const lastBegun = new Float64Array(order.length + 1).fill(-1);
  const firstDone = new Float64Array(order.length + 1).fill(Infinity);
  order.forEach(({ invoked }, place) => (lastBegun[place + 1] = Math.max(lastBegun[place] ?? -1, invoked.index)));
  for (let place = order.length - 1; place >= 0; place -= 1) {
    const operation = order[place];
    const done = operation === undefined || open.has(operation) ? Infinity : (operation.completed?.index ?? Infinity);
    firstDone[place] = Math.min(firstDone[place + 1] ?? Infinity, done);
  }
  return { lastBegun, firstDone };
}

/** The first place from 0 to `count` of which something holds that holds of all that follow; `count` where of none. */
function firstWhere(count: number, holds: (place: number) => boolean): number {
  let low = 0;
  for (let high = count; low < high; ) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
