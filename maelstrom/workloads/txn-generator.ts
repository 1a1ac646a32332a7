import type { Random } from '../../src/index.ts';
import type { Generator, GeneratorOptions, Settings } from './workload.ts';

/** A step as clients ask for it. */
export type AskedStep = readonly [f: 'r', key: number, value: null] | readonly [f: 'append' | 'w', key: number, value: number];

export interface TxnInvocation {
  readonly f: 'txn';
  readonly value: readonly AskedStep[];
}

/** Maelstrom's (doc/workloads.md and its flags), and Elle's where Maelstrom has none. */
const defaults = { keyCount: 10, maxTxnLength: 4, maxWritesPerKey: 16 };

/** A key that is in use. */
interface Key {
  number: number;
  writes: number;
}

/**
 * Maelstrom's (that is, Elle's) load of transactions: 1 to `maxTxnLength` steps, half of them reads, on `keyCount` keys
 * of which each is asked for twice as often as the one before. A key that was written `maxWritesPerKey` times is
 * replaced by a fresh one. Values count from 1 for each key, so that none is written to a key twice.
 */
export class TxnGenerator implements Generator<TxnInvocation> {
  readonly #write: 'append' | 'w';
  readonly #random: Random;
  readonly #keys: Key[];
  readonly #maxTxnLength: number;
  readonly #maxWritesPerKey: number;
  #nextKey: number;

  constructor(write: 'append' | 'w', { random }: GeneratorOptions, settings: Settings) {
    const { keyCount = defaults.keyCount } = settings;
    this.#write = write;
    this.#random = random;
    this.#maxTxnLength = settings.maxTxnLength ?? defaults.maxTxnLength;
    this.#maxWritesPerKey = settings.maxWritesPerKey ?? defaults.maxWritesPerKey;
    this.#keys = Array.from({ length: keyCount }, (_, number) => ({ number, writes: 0 }));
    this.#nextKey = keyCount;
  }

  next(): TxnInvocation {
    const length = 1 + this.#random.integer(this.#maxTxnLength);
    return { f: 'txn', value: Array.from({ length }, () => this.#step()) };
  }

  #step(): AskedStep {
    const key = this.#key();
    if (this.#random.integer(2) === 0) return ['r', key.number, null];
    if (key.writes === this.#maxWritesPerKey) {
      key.number = this.#nextKey;
      key.writes = 0;
      this.#nextKey += 1;
    }
    key.writes += 1;
    return [this.#write, key.number, key.writes];
  }

  /** The last one half of the time, the one before it half of the rest, and so on. */
  #key(): Key {
    const last = this.#keys.length - 1;
    const weight = (2 ** (last + 1) - 1) * this.#random.fraction();
    const place = Math.min(last, Math.floor(Math.log2(weight + 1)));
    const key = this.#keys[place];
    if (key === undefined) throw new Error(`there is no key at place ${place} of ${this.#keys.length}`);
    return key;
  }
}
