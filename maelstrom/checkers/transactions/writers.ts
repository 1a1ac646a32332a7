import { identityOf } from './identity.ts';
import type { Identity } from './identity.ts';
import type { TransactionHistory } from './transaction.ts';

/** Who wrote a value. */
export interface Writer {
  /** The transaction, by its place in the history. */
  readonly place: number;
  /** Whether it is the last that the transaction wrote to the key. */
  isLast: boolean;
}

/** Every write of a history, by key and value; each value is written to a key once. */
export class WriterIndex {
  readonly #byKey: readonly Map<Identity, Writer>[];

  constructor({ transactions, keys }: TransactionHistory) {
    this.#byKey = keys.map(() => new Map());
    for (const [place, { steps }] of transactions.entries()) {
      const last = new Map<number, Writer>();
      for (const step of steps) {
        if (step.f !== 'write') continue;
        const before = last.get(step.key);
        if (before !== undefined) before.isLast = false;
        const writer: Writer = { place, isLast: true };
        last.set(step.key, writer);
        this.#byKey[step.key]?.set(identityOf(step.value), writer);
      }
    }
  }

  of(key: number, value: Identity): Writer | undefined {
    return this.#byKey[key]?.get(value);
  }

  /** Every value that was written to a key. */
  all(key: number): ReadonlyMap<Identity, Writer> {
    return this.#byKey[key] ?? new Map();
  }
}
