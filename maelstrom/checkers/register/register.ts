/**
 * The model: one register with read, write and cas, some of which failed and say why. Its states are small integers that stand for values, so that the
 * search compares numbers, and each operation is reduced to what the search needs to know of it.
 */
import { canonical } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';
import type { Operation } from '../../history/operations.ts';
import { deniedBy, leftBy, neededBy } from './meaning.ts';

/** The register that holds nothing. A read sees null there, and a cas from null succeeds. */
export const absent = 0;

/** Stands for every state, in the place of the one state in which an operation can happen. */
export const any = -1;

/** Stands for every state but one. What happens there changes nothing, so it stands in both places of a transition. */
function anyBut(state: number): number {
  return -2 - state;
}

/** An operation happens where the register holds `expects` (or anything, for `any`) and leaves `leaves` in it. */
export interface Transition {
  readonly expects: number;
  readonly leaves: number;
}

/** Numbers values in the order in which they are met; values that are equal as JSON get the same number. */
export class Values {
  /** Of values that are the same as themselves only, and as text of those that have members. */
  readonly #plain = new Map<Json, number>([[null, absent]]);
  readonly #withMembers = new Map<string, number>();

  get count(): number {
    return this.#plain.size + this.#withMembers.size;
  }

  numberOf(value: Json): number {
    const hasMembers = typeof value === 'object' && value !== null;
    return hasMembers ? this.#number(this.#withMembers, canonical(value)) : this.#number(this.#plain, value);
  }

  #number<Name>(numbers: Map<Name, number>, name: Name): number {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    const number = this.count;
    numbers.set(name, number);
    return number;
  }
}

export function transitionOf(operation: Operation, values: Values): Transition {
  const denied = deniedBy(operation);
  if (denied !== undefined) {
    const allBut = anyBut(values.numberOf(denied.value));
    return { expects: allBut, leaves: allBut };
  }
  const needed = neededBy(operation);
  return { expects: needed === undefined ? any : values.numberOf(needed.value), leaves: values.numberOf(leftBy(operation)) };
}

/** Whether an operation changes nothing, like a read, or a cas from a value to itself. */
export function isPure({ expects, leaves }: Transition): boolean {
  return expects === leaves;
}

/** The state that such an operation must not find; -1 where there is none. */
export function deniedState({ expects }: Transition): number {
  return expects < any ? -2 - expects : -1;
}
