import type { Log } from './log.ts';
import type { Operation } from './read-history.ts';

/** The poll that brought what was longest out of date. */
export interface Lag {
  readonly process: number;
  readonly key: string;
  readonly atNs: number;
  /** For how long, at least, what followed had been there when the poll began. */
  readonly lagNs: number;
}

/** How far a process has polled a log, and since when. */
interface Reach {
  /** -1 where it has polled nothing. */
  rank: number;
  sinceNs: number;
}

interface Reader {
  readonly process: number;
  readonly reaches: Map<string, Reach>;
  /** When its latest poll began. */
  polledAtNs: number;
}

/**
 * Finds Jepsen's worst real-time lag: how long before a poll began it was known that the log went further than the
 * process had polled it by the end of that poll, for the logs that it had assigned. Nothing is wrong with a lag. While a
 * process stays where it is, its lag grows from poll to poll, so that only the last of these polls counts: each change is
 * looked at once, however many logs are assigned.
 */
export class LagWatch {
  readonly #followedAtNs: ReadonlyMap<string, Float64Array>;
  readonly #readers = new Map<number, Reader>();
  #worst: Lag | undefined;

  constructor(logs: Iterable<Log>) {
    this.#followedAtNs = new Map([...logs].map((log) => [log.key, followedAt(log)]));
  }

  /** Takes the operations in the order in which they began. */
  take({ pair, type, assigned, polled }: Operation): void {
    if (type !== 'ok' || (assigned === undefined && pair.invocation.f !== 'poll')) return;
    const { process, time } = pair.invocation;
    const reader = this.#readers.get(process) ?? { process, reaches: new Map<string, Reach>(), polledAtNs: -1 };
    this.#readers.set(process, reader);
    if (assigned !== undefined) this.#assign(reader, assigned, time);
    for (const { log, places } of polled) {
      if (places.length === 0) continue;
      const known = reader.reaches.get(log.key);
      if (known !== undefined) this.#settle(reader, log.key, known);
      const rank = places.reduce((highest, place) => Math.max(highest, place.rank), known?.rank ?? -1);
      reader.reaches.set(log.key, { rank, sinceNs: time });
    }
    if (pair.invocation.f === 'poll') reader.polledAtNs = time;
  }

  /** The worst of all operations; undefined where no poll was behind. Nothing may be taken afterwards. */
  finish(): Lag | undefined {
    for (const reader of this.#readers.values()) {
      for (const [key, reach] of reader.reaches) this.#settle(reader, key, reach);
    }
    return this.#worst;
  }

  #assign(reader: Reader, assigned: ReadonlySet<string>, atNs: number): void {
    for (const [key, reach] of reader.reaches) {
      if (assigned.has(key)) continue;
      this.#settle(reader, key, reach);
      reader.reaches.delete(key);
    }
    for (const key of assigned) {
      if (!reader.reaches.has(key)) reader.reaches.set(key, { rank: -1, sinceNs: atNs });
    }
  }

  /** Looks at the last poll of a process before it goes on in a log. */
  #settle({ process, polledAtNs }: Reader, key: string, { rank, sinceNs }: Reach): void {
    if (polledAtNs < sinceNs) return;
    const lagNs = polledAtNs - (this.#followedAtNs.get(key)?.[rank + 1] ?? Infinity);
    if (lagNs > (this.#worst?.lagNs ?? 0)) this.#worst = { process, key, atNs: polledAtNs, lagNs };
  }
}

/** For each rank, since when it was known that the log goes so far. */
function followedAt(log: Log): Float64Array {
  const times = new Float64Array(log.places.length);
  let earliest = Infinity;
  for (let rank = log.places.length - 1; rank >= 0; rank -= 1) {
    earliest = Math.min(earliest, log.places[rank]?.knownAtNs ?? Infinity);
    times[rank] = earliest;
  }
  return times;
}
