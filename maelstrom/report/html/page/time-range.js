import { clamp } from './search.js';

/** A part of the run that is shown, and a moment that was picked in it. Whatever shows it hears of every change. */
export class TimeRange {
  #listeners = /** @type {(() => void)[]} */ ([]);
  /** @type {number | undefined} */
  pickedMs = undefined;

  /**
   * @param {number} durationMs of the run
   * @param {number} shortestMs nobody looks closer
   */
  constructor(durationMs, shortestMs) {
    this.shortestMs = shortestMs;
    this.durationMs = Math.max(durationMs, shortestMs);
    this.fromMs = 0;
    this.toMs = this.durationMs;
  }

  get isWhole() {
    return this.fromMs === 0 && this.toMs === this.durationMs;
  }

  /** @param {() => void} listener */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  /**
   * @param {number} fromMs
   * @param {number} toMs
   */
  show(fromMs, toMs) {
    const spanMs = clamp(toMs - fromMs, this.shortestMs, this.durationMs);
    this.fromMs = clamp(fromMs, 0, this.durationMs - spanMs);
    this.toMs = this.fromMs + spanMs;
    this.#tell();
  }

  showWhole() {
    this.show(0, this.durationMs);
  }

  /** @param {number} ms */
  move(ms) {
    this.show(this.fromMs + ms, this.toMs + ms);
  }

  /** The same part, drawn anew. */
  redraw() {
    this.#tell();
  }

  /**
   * Shows more of the run, or less.
   *
   * @param {number} factor how much more
   * @param {number} aroundMs stays where it is
   */
  zoom(factor, aroundMs) {
    const { fromMs, toMs } = this;
    this.show(aroundMs - (aroundMs - fromMs) * factor, aroundMs + (toMs - aroundMs) * factor);
  }

  /** @param {number} ms */
  pick(ms) {
    this.pickedMs = clamp(ms, 0, this.durationMs);
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}
