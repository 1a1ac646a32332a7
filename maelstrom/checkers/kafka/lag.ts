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
  readonly reaches: Map<string, Reach>;
  /** When its latest poll began. */
  polledAtNs: number;
}

/**
 * Jepsen's worst real-time lag: how long before a poll began it was known that the log went further than the process
 * had polled it by the end of that poll, for the logs that it had assigned. Nothing is wrong with a lag. While a process
 * stays where it is, its lag grows from poll to poll, so that only the last of these polls counts: each change is
 * looked at once, however many logs are assigned.
 */
export function worstLag(operations: readonly Operation[], logs: readonly Log[]): Lag | undefined {
  const followedAtNs = new Map(logs.map((log) => [log.key, followedAt(log)]));
  const readers = new Map<number, Reader>();
  let worst: Lag | undefined;
  const settle = (process: number, key: string, { rank, sinceNs }: Reach, { polledAtNs }: Reader) => {
    if (polledAtNs < sinceNs) return;
    const lagNs = polledAtNs - (followedAtNs.get(key)?.[rank + 1] ?? Infinity);
    if (lagNs > (worst?.lagNs ?? 0)) worst = { process, key, atNs: polledAtNs, lagNs };
  };
  for (const { pair, type, assigned, polled } of operations) {
    if (type !== 'ok') continue;
    const { process, time } = pair.invocation;
    const reader = readers.get(process) ?? { reaches: new Map<string, Reach>(), polledAtNs: -1 };
    readers.set(process, reader);
    if (assigned !== undefined) {
      for (const [key, reach] of reader.reaches) {
        if (assigned.has(key)) continue;
        settle(process, key, reach, reader);
        reader.reaches.delete(key);
      }
      for (const key of assigned) {
        if (!reader.reaches.has(key)) reader.reaches.set(key, { rank: -1, sinceNs: time });
      }
    }
    for (const { log, places } of polled) {
      const known = reader.reaches.get(log.key);
      if (known !== undefined) settle(process, log.key, known, reader);
      const rank = places.reduce((highest, place) => Math.max(highest, place.rank), known?.rank ?? -1);
      reader.reaches.set(log.key, { rank, sinceNs: time });
    }
    if (pair.invocation.f === 'poll') reader.polledAtNs = time;
  }
  for (const [process, reader] of readers) {
    for (const [key, reach] of reader.reaches) settle(process, key, reach, reader);
  }
  return worst;
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
