import type { ListFacts } from './list-facts.ts';
import type { RegisterFacts } from './register-facts.ts';
import { versionsByKey } from './register-sessions.ts';

/** A key of which no read shows in what order it was written. */
export interface OpenKey {
  readonly versions: readonly OpenVersion[];
}

export interface OpenVersion {
  /** Transactions are places in the history. */
  readonly writer: number;
  readonly readers: readonly number[];
  /** When the first transaction that met it had ended, and when the last one began; places in the history. */
  readonly firstEnd: number;
  readonly lastBegin: number;
}

/** Of a list only those appends are open that were never read. */
export function openLists({ history, orders, writers, takesPart }: ListFacts): readonly OpenKey[] {
  return orders.flatMap(({ positions }, key) => {
    const unread = new Set<number>();
    for (const [element, { place }] of writers.all(key)) {
      if (takesPart[place] === 1 && !positions.has(element)) unread.add(place);
    }
    if (unread.size < 2) return [];
    const versions = [...unread].map((writer) => {
      const { completedAt = 0, invokedAt = 0 } = history.transactions[writer] ?? {};
      return { writer, readers: [], firstEnd: completedAt, lastBegin: invokedAt };
    });
    return [{ versions }];
  });
}

/** Of a register all writes are. */
export function openRegisters(facts: RegisterFacts): readonly OpenKey[] {
  return versionsByKey(facts).flatMap((versions) => (versions.size < 2 ? [] : [{ versions: [...versions.values()] }]));
}
