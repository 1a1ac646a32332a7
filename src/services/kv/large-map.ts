/**
 * The most keys in one `Map`. V8 throws when a `Map` would exceed 2^24 keys. It also copies a `Map` whenever its size
 * doubles, which blocks everything else: for about 0.2 s at this size, and for nearly 1 s at 2^24.
 */
export const defaultMaxKeysPerMap = 2 ** 22;

/** A map with as many keys as memory can hold. It fills one `Map` after the other. */
export class LargeMap<Key, Value> {
  readonly #maxKeysPerMap: number;
  readonly #maps: [Map<Key, Value>, ...Map<Key, Value>[]] = [new Map<Key, Value>()];

  /** @param maxKeysPerMap at least 1 */
  constructor(maxKeysPerMap: number = defaultMaxKeysPerMap) {
    this.#maxKeysPerMap = maxKeysPerMap;
  }

  get(key: Key): Value | undefined {
    for (const map of this.#maps) {
      const value = map.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  has(key: Key): boolean {
    return this.#mapWith(key) !== undefined;
  }

  set(key: Key, value: Value): void {
    const [first] = this.#maps;
    // One map is nearly always all: then the key need not be looked for.
    if (this.#maps.length === 1 && first.size < this.#maxKeysPerMap) first.set(key, value);
    else (this.#mapWith(key) ?? this.#mapWithRoom()).set(key, value);
  }

  delete(key: Key): void {
    for (const map of this.#maps) if (map.delete(key)) return;
  }

  /**
   * Iterates over the pairs while the map may change. A pair is given with the value that it has when it is reached. A
   * key that is added or removed during the iteration may be given or not.
   */
  pairs(): IterableIterator<readonly [Key, Value]> {
    return pairsOf(this.#maps.map((map) => ({ map, size: map.size })));
  }

  #mapWith(key: Key): Map<Key, Value> | undefined {
    for (const map of this.#maps) if (map.has(key)) return map;
    return undefined;
  }

  #mapWithRoom(): Map<Key, Value> {
    for (const map of this.#maps) if (map.size < this.#maxKeysPerMap) return map;
    const map = new Map<Key, Value>();
    this.#maps.push(map);
    return map;
  }
}

interface SizedMap<Key, Value> {
  readonly map: ReadonlyMap<Key, Value>;
  /** The number of keys when the iteration began. */
  readonly size: number;
}

function* pairsOf<Key, Value>(maps: readonly SizedMap<Key, Value>[]): Generator<readonly [Key, Value], undefined> {
  for (const { map, size } of maps) {
    let visited = 0;
    for (const pair of map) {
      // New keys are at the end. Without this limit they could be added faster than the iteration reaches them.
      if (visited === size) break;
      visited += 1;
      yield pair;
    }
  }
  return undefined;
}
