import { Schedule } from '../../cluster/schedule.ts';

interface Action {
  run?: (() => void) | undefined;
}

/** More events at one moment mean that something wants one turn after another and does nothing in them. */
const maxEventsAtOnce = 100_000;

/** Something is busy for ever at one moment. */
export class Standstill extends Error {}

/** A clock that goes from event to event. Events that are due at the same time run in the order they were asked for. */
export class VirtualTime {
  readonly #schedule = new Schedule<Action>();
  #nowMs = 0;
  #events = 0;
  #eventsAtOnce = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** How many events have happened. */
  get events(): number {
    return this.#events;
  }

  /** Calls `run` once, `delayMs` (0 or more) from now, unless the function that it returns is called before. */
  after(delayMs: number, run: () => void): () => void {
    const action: Action = { run };
    this.#schedule.add(this.#nowMs + delayMs, action);
    return () => {
      action.run = undefined;
    };
  }

  /** Goes on to the next event, if one is due by `untilMs`; false where there is none. */
  step(untilMs: number): boolean {
    for (;;) {
      const atMs = this.#schedule.nextAtMs();
      if (atMs === undefined || atMs > untilMs) return false;
      const run = this.#schedule.takeDue(atMs)?.run;
      if (run === undefined) continue;
      this.#goTo(atMs);
      this.#events += 1;
      run();
      return true;
    }
  }

  /** Whatever is due by `untilMs` has happened when it returns. */
  runUntil(untilMs: number): void {
    while (this.step(untilMs));
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #goTo(atMs: number): void {
    this.#eventsAtOnce = atMs > this.#nowMs ? 0 : this.#eventsAtOnce + 1;
    if (this.#eventsAtOnce > maxEventsAtOnce) throw new Standstill(`time stands still at ${this.#nowMs} ms`);
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }
}
