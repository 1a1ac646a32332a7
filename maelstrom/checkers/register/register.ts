/**
 * The model: one register with read, write and cas. Its states are small integers that stand for values, so that the
 * search compares numbers, and each operation is reduced to what the search needs to know of it.
 */
import { canonical } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';
import type { Call } from '../../history/history.ts';

/** The register that holds nothing. A read sees null there, and a cas from null succeeds. */
export const absent = 0;

/** Stands for every state, in the place of the one state in which an operation can happen. */
export const any = -1;

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

export function transitionOf(call: Call, values: Values): Transition {
  switch (call.f) {
    case 'read': {
      const seen = values.numberOf(call.value);
      return { expects: seen, leaves: seen };
    }
    case 'write':
      return { expects: any, leaves: values.numberOf(call.value) };
    case 'cas':
      return { expects: values.numberOf(call.value[0]), leaves: values.numberOf(call.value[1]) };
  }
}

/** Whether an operation changes nothing, like a read, or a cas from a value to itself. */
export function isPure({ expects, leaves }: Transition): boolean {
  return expects === leaves;
}
