import type { FindingList } from './finding.ts';

/** A transaction that read a version of a key and then wrote the key. */
export interface Update {
  /** By place in the history. */
  readonly place: number;
  readonly key: number;
  /** The same for two reads of the same version of the key. */
  readonly version: number | string | null;
}

/**
 * Finds where several transactions read the same version of a key and all of them changed it: in any order of them, all
 * but the first would have had to see the change of the one before.
 */
export function findLostUpdates(
  updates: Iterable<Update>,
  findings: FindingList,
  describe: (places: readonly number[], key: number) => readonly string[],
): void {
  const byKey = new Map<number, Map<Update['version'], number[]>>();
  for (const { place, key, version } of updates) {
    const ofKey = byKey.get(key) ?? new Map<Update['version'], number[]>();
    byKey.set(key, ofKey);
    const places = ofKey.get(version);
    if (places === undefined) ofKey.set(version, [place]);
    else places.push(place);
  }
  for (const [key, ofKey] of byKey) {
    for (const places of ofKey.values()) {
      if (places.length < 2) continue;
      findings.add('lost-update', () => ({ sentences: describe(places, key), transactions: places.slice(0, maxShown) }));
    }
  }
}

/** How many of those that took part in one lost update are told. */
const maxShown = 5;
