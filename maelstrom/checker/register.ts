/**
 * The model: one register with read, write and cas. Its states are small integers that stand for values, so that the
 * search compares numbers, and each operation is reduced to what the search needs to know of it.
 */
import { canonical } from '../../src/json.ts';
import type { Json } from '../../src/json.ts';
import type { Call } from '../history.ts';

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
  readonly #numbers = new Map<string, number>([[canonical(null), absent]]);

  get count(): number {
    return this.#numbers.size;
  }

  numberOf(value: Json): number {
    const text = canonical(value);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(text, number);
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
