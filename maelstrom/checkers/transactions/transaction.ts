/** What the checker of transactions works on: whole transactions, each with its beginning and what is known of its end. */
import type { Json } from '../../../src/services/json.ts';

/** What a key holds: a list to whose end clients append, or a register that they overwrite. */
export type DataType = 'list-append' | 'rw-register';

/**
 * One step of a transaction. Of a list, a read brings all elements, none where the key does not exist. Of a register it
 * brings the value, null where the key does not exist. `result` is undefined where the transaction did not succeed.
 */
export type Step =
  | { readonly f: 'read'; readonly key: number; readonly result: Json | undefined }
  | { readonly f: 'write'; readonly key: number; readonly value: Json };

/** A transaction as its client saw it. Keys are places in the list of keys of the history. */
export interface Transaction {
  /** Counts from 1, in the order of the invocations; people call it T1, T2, ... */
  readonly number: number;
  readonly process: number;
  /** `ok`: committed. `fail`: aborted. `info`: unknown. */
  readonly outcome: 'ok' | 'fail' | 'info';
  readonly steps: readonly Step[];
  /** Places in the history; the end of what never ended is infinitely far away. */
  readonly invokedAt: number;
  readonly completedAt: number;
  /** In nanoseconds, for people; `completedNs` is undefined where nothing came back. */
  readonly invokedNs: number;
  readonly completedNs: number | undefined;
}

/** A history of transactions on keys of one type. */
export interface TransactionHistory {
  readonly type: DataType;
  readonly transactions: readonly Transaction[];
  /** The keys as the clients wrote them. */
  readonly keys: readonly Json[];
}
