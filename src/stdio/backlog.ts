/** How much of one kind may be said in a turn: the text that makes it full is the last, in UTF-16 units. */
export type Limits<Lane extends string> = Readonly<Record<Lane, number>>;

/**
 * What has been decided and not been said, in order. It is kept as values, and becomes text only as far as there is room
 * for it in a turn: a client may ask for more in one line than memory holds as text. Each lane has room of its own, so
 * that large answers to clients do not keep a leader from its followers.
 */
export class Backlog<Effect, Lane extends string> {
  readonly #laneOf: (effect: Effect) => Lane;
  readonly #limits: Limits<Lane>;
  #held: readonly Effect[] = [];

  constructor(laneOf: (effect: Effect) => Lane, limits: Limits<Lane>) {
    this.#laneOf = laneOf;
    this.#limits = limits;
  }

  /** How much waits for a later turn. */
  get size(): number {
    return this.#held.length;
  }

  /** Says what there is room for: what waited first, then what is new. `say` returns how long the text has become. */
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
