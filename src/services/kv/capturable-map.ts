import { LargeMap } from './large-map.ts';

/** The contents of a map at one moment, read out piece by piece. */
export interface MapCapture<Key, Value> {
  /**
   * The next key and its value, in any order; undefined when there are no more. A key may come twice, with the same
   * value.
   */
  next(): readonly [Key, Value] | undefined;
  /** Ends the capture early. */
  end(): void;
}

/** Stands for the value of a key that does not exist. */
const absent = Symbol('absent');

type Before<Key, Value> = LargeMap<Key, Value | typeof absent>;

/**
 * A map that can be captured while it changes (copy on write). To begin a capture takes constant time. After that, the
 * first write to a key saves the value that the capture still has to give.
 */
export class CapturableMap<Key, Value> {
  readonly #maxKeysPerMap: number | undefined;
  readonly #map: LargeMap<Key, Value>;
  /** The values at the beginning of the capture, of the keys that were written since. */
  #before: Before<Key, Value> | undefined;

  /** @param maxKeysPerMap for tests: as in {@link LargeMap} */
  constructor(maxKeysPerMap?: number) {
    this.#maxKeysPerMap = maxKeysPerMap;
    this.#map = new LargeMap(maxKeysPerMap);
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  set(key: Key, value: Value): void {
    this.#putAside(key);
    this.#map.set(key, value);
  }

  delete(key: Key): void {
    this.#putAside(key);
    this.#map.delete(key);
  }

  /** Begins a capture. It ends a capture that is still going on. */
  capture(): MapCapture<Key, Value> {
    const before: Before<Key, Value> = new LargeMap(this.#maxKeysPerMap);
    this.#before = before;
    const captured = this.#captured(before, this.#map.pairs());
    return {
      next: () => captured.next().value ?? undefined,
      end: () => this.#stopPuttingAside(before),
    };
  }

  *#captured(
    before: Before<Key, Value>,
    pairs: Iterable<readonly [Key, Value]>,
  ): Generator<readonly [Key, Value], undefined> {
    for (const pair of pairs) {
      if (!before.has(pair[0])) yield pair;
    }
    this.#stopPuttingAside(before);
    for (const [key, value] of before.pairs()) {
      if (value !== absent) yield [key, value];
    }
    return undefined;
  }

  #putAside(key: Key): void {
    if (this.#before?.has(key) !== false) return;
    const value = this.#map.get(key);
    this.#before.set(key, value === undefined ? absent : value);
  }

  #stopPuttingAside(before: Before<Key, Value>): void {
    if (this.#before === before) this.#before = undefined;
  }
}
