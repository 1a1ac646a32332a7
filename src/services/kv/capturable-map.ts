/** What a map held at one moment, read out little by little. */
export interface MapCapture<Key, Value> {
  /** The next key and its value, in no order; undefined when there are no more. A key may come twice, with one value. */
  next(): readonly [Key, Value] | undefined;
  /** Gives up what is left. */
  end(): void;
}

/**
 * A map that can be captured while it goes on changing. To begin costs nothing, however large the map is: from then on
 * the first write to a key puts aside what the capture still has to see.
 */
export class CapturableMap<Key, Value> {
  readonly #map = new Map<Key, Value>();
  /** What the keys written since the capture began had then; undefined is nothing. */
  #before: Map<Key, Value | undefined> | undefined;

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
    const before = new Map<Key, Value | undefined>();
    this.#before = before;
    const captured = this.#captured(before, this.#map.size);
    return {
      next: () => captured.next().value ?? undefined,
      end: () => this.#stopPuttingAside(before),
    };
  }

  *#captured(before: Map<Key, Value | undefined>, size: number): Generator<readonly [Key, Value], undefined> {
    let visited = 0;
    for (const [key, value] of this.#map) {
      // New keys stand at the end. Without this they might come faster than they are passed.
      if (visited === size) break;
      visited += 1;
      if (!before.has(key)) yield [key, value];
    }
    this.#stopPuttingAside(before);
    for (const [key, value] of before) {
      if (value !== undefined) yield [key, value];
    }
    return undefined;
  }

  #putAside(key: Key): void {
    if (this.#before?.has(key) === false) this.#before.set(key, this.#map.get(key));
  }

  #stopPuttingAside(before: Map<Key, Value | undefined>): void {
    if (this.#before === before) this.#before = undefined;
  }
}
