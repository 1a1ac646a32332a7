import { LargeMap } from './large-map.ts';

/** What a map held at one moment, read out little by little. */
export interface MapCapture<Key, Value> {
  /** The next key and its value, in no order; undefined when there are no more. A key may come twice, with one value. */
  next(): readonly [Key, Value] | undefined;
  /** Gives up what is left. */
  end(): void;
}

/** Stands for the value of a key that is not there. */
const absent = Symbol('absent');

type Before<Key, Value> = LargeMap<Key, Value | typeof absent>;

/**
 * A map that can be captured while it goes on changing. To begin costs nothing, however large the map is: from then on
 * the first write to a key puts aside what the capture still has to see.
 */
export class CapturableMap<Key, Value> {
  readonly #maxKeysPerMap: number | undefined;
  readonly #map: LargeMap<Key, Value>;
  /** What the keys written since the capture began had then. */
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

  /** Takes the place of any capture that has not come to its end. */
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
