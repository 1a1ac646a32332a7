import type { Gate } from './ready-nodes.ts';
import type { Version } from './version.ts';

interface State {
  /** The version that the key has: its place among the versions; -1 before the first. */
  current: number;
  /** For each version how many have still to read it. */
  readonly unread: number[];
}

interface Place {
  readonly key: number;
  readonly version: number;
}

/** Lets no transaction overwrite a version before all transactions that read it have done so. */
export class VersionGate implements Gate {
  readonly #states: readonly State[];
  /** By node. */
  readonly #writes: (Place[] | undefined)[];
  readonly #reads: (Place[] | undefined)[];

  constructor(nodeCount: number, keys: readonly (readonly Version[])[]) {
    this.#states = keys.map((versions) => ({ current: -1, unread: versions.map(({ readers }) => readers.length) }));
    this.#writes = new Array<Place[] | undefined>(nodeCount);
    this.#reads = new Array<Place[] | undefined>(nodeCount);
    for (const [key, versions] of keys.entries()) {
      for (const [version, { commit, readers }] of versions.entries()) {
        addTo(this.#writes, commit, { key, version });
        for (const reader of readers) addTo(this.#reads, reader, { key, version });
      }
    }
  }

  waitsFor(node: number): number | undefined {
    return this.#writes[node]?.find(({ key }) => {
      const state = this.#states[key];
      if (state === undefined || state.current === -1) return false;
      const isOwn = this.#reads[node]?.some((read) => read.key === key && read.version === state.current) === true;
      return (state.unread[state.current] ?? 0) > (isOwn ? 1 : 0);
    })?.key;
  }

  pass(node: number): readonly number[] {
    const free: number[] = [];
    for (const { key, version } of this.#reads[node] ?? []) {
      const state = this.#states[key];
      if (state === undefined) continue;
      const left = (state.unread[version] ?? 0) - 1;
      state.unread[version] = left;
      // One that is left may be the reader that waits to overwrite what it read.
      if (state.current === version && left <= 1) free.push(key);
    }
    for (const { key, version } of this.#writes[node] ?? []) {
      const state = this.#states[key];
      if (state === undefined) continue;
      state.current = version;
      if ((state.unread[version] ?? 0) <= 1) free.push(key);
    }
    return free;
  }
}

function addTo(places: (Place[] | undefined)[], node: number, place: Place): void {
  const known = places[node];
  if (known === undefined) places[node] = [place];
  else known.push(place);
}
