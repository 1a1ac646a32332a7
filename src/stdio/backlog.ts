/**
 * For each lane, how much text it may write in a turn, in UTF-16 units. The text that reaches the limit is written
 * whole.
 */
export type Limits<Lane extends string> = Readonly<Record<Lane, number>>;

/**
 * Output that is decided but not written yet, in order. It is kept as values and encoded only when a turn has room for
 * it: one line of a client can ask for more text than memory holds. Each lane has its own limit, so that large answers
 * to clients do not delay messages to peers.
 */
export class Backlog<Effect, Lane extends string> {
  readonly #laneOf: (effect: Effect) => Lane;
  readonly #limits: Limits<Lane>;
  #held: readonly Effect[] = [];

  constructor(laneOf: (effect: Effect) => Lane, limits: Limits<Lane>) {
    this.#laneOf = laneOf;
    this.#limits = limits;
  }

  /** How many values wait for a later turn. */
  get size(): number {
    return this.#held.length;
  }

  /**
   * Writes what the limits allow: first the values that waited, then the new ones. `say` writes one and returns the
   * length of its text.
   */
  say(fresh: readonly Effect[], say: (effect: Effect) => number): void {
    const room: Record<Lane, number> = { ...this.#limits };
    const held: Effect[] = [];
    for (const effects of [this.#held, fresh]) {
      for (const effect of effects) {
        const lane = this.#laneOf(effect);
        if (room[lane] > 0) room[lane] -= say(effect);
        else held.push(effect);
      }
    }
    this.#held = held;
  }
}
