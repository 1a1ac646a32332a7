import type { Json } from '../../../src/services/json.ts';
import { identityOf } from './identity.ts';
import type { Identity } from './identity.ts';
import type { Transaction, TransactionHistory } from './transaction.ts';
import { WriterIndex } from './writers.ts';

/** What a transaction saw of a key before it wrote it itself. */
export interface RegisterRead {
  /** The transaction, by its place in the history. */
  readonly place: number;
  readonly key: number;
  /** Null where nothing had been written. */
  readonly value: Identity;
  /** Whether the transaction went on to write the key. */
  isThenWritten: boolean;
}

/** A read that does not show what the transaction itself had read or written before, or shows what it writes later. */
export interface RegisterMisread {
  readonly kind: 'internal' | 'future-read';
  readonly place: number;
  readonly step: number;
  readonly expected: Json;
}

/** What is known of a history of registers before anything is concluded from it. */
export interface RegisterFacts {
  readonly history: TransactionHistory;
  readonly writers: WriterIndex;
  /** What successful transactions read of others. */
  readonly reads: readonly RegisterRead[];
  readonly misreads: readonly RegisterMisread[];
  /** By place: 1 for what committed; also what has an unknown outcome, if one of its writes was read. */
  readonly takesPart: Uint8Array;
}

export function registerFactsOf(history: TransactionHistory): RegisterFacts {
  const { transactions } = history;
  const writers = new WriterIndex(history);
  const misreads: RegisterMisread[] = [];
  const reads = transactions.flatMap((transaction, place) => {
    return transaction.outcome === 'ok' ? readsOf(place, transaction, misreads) : [];
  });
  const takesPart = Uint8Array.from(transactions, ({ outcome }) => (outcome === 'ok' ? 1 : 0));
  for (const { outcome, steps } of transactions) {
    if (outcome !== 'ok') continue;
    for (const step of steps) {
      if (step.f !== 'read' || step.result === undefined) continue;
      const place = writers.of(step.key, identityOf(step.result))?.place;
      if (place !== undefined && transactions[place]?.outcome === 'info') takesPart[place] = 1;
    }
  }
  return { history, writers, reads, misreads, takesPart };
}

/** What a transaction knows of a key: the value that it has to see. */
interface Known {
  value: Json;
  read: RegisterRead | undefined;
}

function readsOf(place: number, { steps }: Transaction, misreads: RegisterMisread[]): readonly RegisterRead[] {
  const byKey = new Map<number, Known>();
  const reads: RegisterRead[] = [];
  for (const [number, step] of steps.entries()) {
    const known = byKey.get(step.key);
    if (step.f === 'write') {
      if (known?.read !== undefined) known.read.isThenWritten = true;
      byKey.set(step.key, { value: step.value, read: known?.read });
      continue;
    }
    const result = step.result ?? null;
    const value = identityOf(result);
    const isLater = steps.some(
      (other, at) => at > number && other.f === 'write' && other.key === step.key && identityOf(other.value) === value,
    );
    if (isLater) misreads.push({ kind: 'future-read', place, step: number, expected: null });
    if (known !== undefined) {
      if (identityOf(known.value) === value) continue;
      misreads.push({ kind: 'internal', place, step: number, expected: known.value });
    } else if (!isLater) {
      const read = { place, key: step.key, value, isThenWritten: false };
      reads.push(read);
      byKey.set(step.key, { value: result, read });
    }
  }
  return reads;
}
