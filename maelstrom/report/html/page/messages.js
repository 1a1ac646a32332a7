import { decodeColumn } from './columns.js';
import { firstPlace } from './search.js';

/**
 * @import { MessageData } from './data.js'
 *
 * @typedef {object} Wanted what a filter lets through
 * @property {ReadonlySet<number>} types places in `typeNames`
 * @property {ReadonlySet<number>} names a message passes if its sender or its receiver is one of these names
 * @property {boolean} isLostOnly
 * @property {string} text what its type or its body must contain; empty: anything
 *
 * @typedef {object} Rows messages that passed a filter, by when they were sent
 * @property {Int32Array} all
 * @property {readonly number[]} long those that took long, which may reach far down from where they were sent
 */

/** Messages that take longer than this are looked through one by one. */
const longMs = 1000;

/** The messages of a run, in columns. Bodies are unpacked only when somebody looks. */
export class Messages {
  /** @type {readonly unknown[] | undefined} */
  #bodies = undefined;
  /** @type {string[] | undefined} */
  #texts = undefined;
  #packedBodies;

  /**
   * @param {MessageData} data
   * @param {number} durationMs
   */
  constructor(data, durationMs) {
    const sent = /** @type {number[]} */ (decodeColumn(data.sent));
    const took = /** @type {number[]} */ (decodeColumn(data.took));
    const types = /** @type {string[]} */ (decodeColumn(data.type));
    this.count = sent.length;
    this.names = data.names;
    this.sentMs = Float64Array.from(sent, (us) => us / 1000);
    this.endedMs = Float64Array.from(sent, (us, row) =>
      (took[row] ?? -1) < 0 ? durationMs : (us + (took[row] ?? 0)) / 1000,
    );
    this.src = Uint16Array.from(decodeColumn(data.src));
    this.dest = Uint16Array.from(decodeColumn(data.dest));
    this.fate = /** @type {string[]} */ (decodeColumn(data.fate));
    /** The most frequent first. */
    this.typeNames = byFrequency(types);
    const places = new Map(this.typeNames.map((name, place) => [name, place]));
    this.type = Uint16Array.from(types, (name) => places.get(name) ?? 0);
    this.#packedBodies = data.body;
  }

  /** @param {number} row */
  bodyOf(row) {
    this.#bodies ??= decodeColumn(this.#packedBodies);
    return this.#bodies[row];
  }

  /** @param {number} row */
  typeOf(row) {
    return this.typeNames[this.type[row] ?? 0] ?? '';
  }

  /** @param {number} row */
  isLost(row) {
    return this.fate[row] !== 'delivered' && this.fate[row] !== 'under-way';
  }

  /**
   * @param {Wanted} wanted
   * @returns {Rows}
   */
  filter({ types, names, isLostOnly, text }) {
    const passed = [];
    const long = [];
    const sought = text.toLowerCase();
    for (let row = 0; row < this.count; row += 1) {
      if (!types.has(this.type[row] ?? 0)) continue;
      if (!names.has(this.src[row] ?? 0) && !names.has(this.dest[row] ?? 0)) continue;
      if (isLostOnly && !this.isLost(row)) continue;
      if (sought !== '' && !this.#textOf(row).includes(sought)) continue;
      passed.push(row);
      if ((this.endedMs[row] ?? 0) - (this.sentMs[row] ?? 0) > longMs) long.push(row);
    }
    return { all: Int32Array.from(passed), long };
  }

  /**
   * Calls `take` with those that are on their way during a part of the run: found by bisection, not by looking at all.
   *
   * @param {Rows} rows
   * @param {number} fromMs
   * @param {number} toMs
   * @param {(row: number) => void} take
   */
  eachDuring({ all, long }, fromMs, toMs, take) {
    const sentAt = (/** @type {number} */ place) => this.sentMs[all[place] ?? 0] ?? 0;
    const first = firstPlace(0, all.length, (place) => sentAt(place) >= fromMs - longMs);
    const end = firstPlace(first, all.length, (place) => sentAt(place) > toMs);
    for (const row of long) {
      if ((this.sentMs[row] ?? 0) < fromMs - longMs && (this.endedMs[row] ?? 0) >= fromMs) take(row);
    }
    for (let place = first; place < end; place += 1) {
      const row = all[place] ?? 0;
      if ((this.endedMs[row] ?? 0) >= fromMs) take(row);
    }
  }

  /**
   * The message that answers this one, or that this one answers.
   *
   * @param {number} row
   * @param {'answer' | 'question'} which
   */
  counterpart(row, which) {
    const [own, others] = which === 'answer' ? ['msg_id', 'in_reply_to'] : ['in_reply_to', 'msg_id'];
    const id = field(this.bodyOf(row), own);
    if (id === undefined) return undefined;
    const step = which === 'answer' ? 1 : -1;
    for (let other = row + step; other >= 0 && other < this.count; other += step) {
      const isBack = this.src[other] === this.dest[row] && this.dest[other] === this.src[row];
      if (isBack && field(this.bodyOf(other), others) === id) return other;
    }
    return undefined;
  }

  /** @param {number} row */
  #textOf(row) {
    this.#texts ??= Array.from({ length: this.count }, (_, each) => {
      return `${this.typeOf(each)} ${JSON.stringify(this.bodyOf(each))}`.toLowerCase();
    });
    return this.#texts[row] ?? '';
  }
}

/** @param {readonly string[]} types */
function byFrequency(types) {
  const counts = new Map();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort(([, left], [, right]) => right - left).map(([type]) => type);
}

/**
 * @param {unknown} body
 * @param {string} name
 * @returns {unknown}
 */
function field(body, name) {
  return typeof body === 'object' && body !== null ? Object.getOwnPropertyDescriptor(body, name)?.value : undefined;
}
