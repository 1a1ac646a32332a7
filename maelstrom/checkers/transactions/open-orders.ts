import type { ListFacts } from './list-facts.ts';
import type { RegisterFacts } from './register-facts.ts';
import { versionsByKey } from './register-sessions.ts';

/** A key of which nobody could read in what order it was written. */
export interface OpenKey {
  readonly versions: readonly OpenVersion[];
}

export interface OpenVersion {
  /** Transactions are places in the history. */
  readonly writer: number;
  readonly readers: readonly number[];
}

/** Of a list only those appends are open that were never read. */
export function openLists({ orders, writers, takesPart }: ListFacts): readonly OpenKey[] {
  return orders.flatMap(({ positions }, key) => {
    const unread = new Set<number>();
    for (const [element, { place }] of writers.all(key)) {
      if (takesPart[place] === 1 && !positions.has(element)) unread.add(place);
    }
    return unread.size < 2 ? [] : [{ versions: [...unread].map((writer) => ({ writer, readers: [] })) }];
  });
}

/** Of a register all writes are. */
export function openRegisters(facts: RegisterFacts): readonly OpenKey[] {
  return versionsByKey(facts).flatMap((versions) => (versions.size < 2 ? [] : [{ versions: [...versions.values()] }]));
}
