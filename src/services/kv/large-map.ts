/**
 * How many keys one `Map` is given. A `Map` of V8 takes at most 2^24 of them and throws at the next; and it is copied
 * whenever it has doubled, which holds everything up: about 0.2 s at this size, near 1 s at the largest.
 */
export const defaultMaxKeysPerMap = 2 ** 22;

/** A map of as many keys as memory holds: a row of `Map`s, each filled before the next is begun. */
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
    (this.#mapWith(key) ?? this.#mapWithRoom()).set(key, value);
  }

  delete(key: Key): void {
    this.#mapWith(key)?.delete(key);
  }

  /**
   * The pairs that are there now, one after the other, while the map goes on changing. Each is given as it is by the time
   * it is reached. Of keys that are added or removed meanwhile, some may be given and some not.
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
  /** How many keys it had when the walk began. */
  readonly size: number;
}

function* pairsOf<Key, Value>(maps: readonly SizedMap<Key, Value>[]): Generator<readonly [Key, Value], undefined> {
  for (const { map, size } of maps) {
    let visited = 0;
    for (const pair of map) {
      // New keys stand at the end. Without this they might come faster than they are passed.
      if (visited === size) break;
      visited += 1;
      yield pair;
    }
  }
  return undefined;
}
