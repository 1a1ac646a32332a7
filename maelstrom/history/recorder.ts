import type { HistoryEvent } from './history.ts';

/** An event without what the recorder adds to it. */
export type Unstamped<Event extends HistoryEvent> = Event extends HistoryEvent ? Omit<Event, 'index' | 'time'> : never;

/** Gives every event its place and its time, keeps it for the checker, and hands it on. Holds the whole run. */
export class Recorder {
  readonly #nowMs: () => number;
  readonly #onEvent: (event: HistoryEvent) => void;
  readonly #events: HistoryEvent[] = [];

  constructor(nowMs: () => number, onEvent: (event: HistoryEvent) => void) {
    this.#nowMs = nowMs;
    this.#onEvent = onEvent;
  }

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  record(unstamped: Unstamped<HistoryEvent>): void {
    const stamp = { index: this.#events.length, time: Math.round(this.#nowMs() * 1e6) };
    const event: HistoryEvent = { ...stamp, ...unstamped };
    this.#events.push(event);
    this.#onEvent(event);
  }
}
