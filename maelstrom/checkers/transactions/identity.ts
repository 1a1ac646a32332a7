import { canonical } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';

/** Stands for a JSON value in a Map: two are the same exactly when the values are equal. */
export type Identity = number | string | null;

/** Numbers, which nearly all values of histories are, stay what they are. */
export function identityOf(value: Json): Identity {
  return typeof value === 'number' || value === null ? value : canonical(value);
}

/** Gives each key a number, from 0, in the order in which they are first seen. */
export class KeyNumbers {
  readonly #numbers = new Map<Identity, number>();
  readonly #keys: Json[] = [];

  /** All keys so far, each at its number. */
  get keys(): readonly Json[] {
    return this.#keys;
  }

  numberOf(key: Json): number {
    const identity = identityOf(key);
    const known = this.#numbers.get(identity);
    if (known !== undefined) return known;
    const number = this.#keys.length;
    this.#numbers.set(identity, number);
    this.#keys.push(key);
    return number;
  }
}
