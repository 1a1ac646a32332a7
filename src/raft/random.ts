/**
 * A seeded generator of pseudo-random numbers: the same seed gives the same sequence on every machine, which is what
 * makes a simulation repeatable. The step is a 32-bit Weyl sequence with a multiply-xorshift finish; not for secrets.
 */
export class Random {
  #state: number;

  /** Any number serves as seed; it is taken modulo 2^32. */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A fraction in [0, 1). */
  fraction(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  }

  /** An integer in [0, below). */
  integer(below: number): number {
    return Math.floor(this.fraction() * below);
  }
}
