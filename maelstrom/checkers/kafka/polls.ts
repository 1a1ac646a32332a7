import type { Pair } from '../../history/pairs.ts';
import type { Found } from './found.ts';
import type { Log, Place } from './log.ts';
import type { Operation, Polled } from './read-history.ts';
import { keyText, offsetsText, who } from './words.ts';

/** How far a process has polled a log, and with which operation. */
interface Last {
  place: Place;
  readonly pair: Pair;
}

/**
 * A process polls each log in the order of its offsets, and leaves out nothing that is there, within one poll (internal)
 * and from one to the next (external). An `assign` makes it begin anew with the logs that it had not polled before, and
 * the last one of a run with all.
 */
export class PollOrder {
  readonly #found: Found;
  readonly #last = new Map<number, Map<Log, Last>>();

  constructor(found: Found) {
    this.#found = found;
  }

  /** Takes the operations in the order in which they began. */
  take(operation: Operation): void {
    const { pair, type, assigned, polled } = operation;
    if (type === 'fail') return;
    const { process, final } = pair.invocation;
    if (assigned !== undefined) {
      for (const log of this.#last.get(process)?.keys() ?? []) {
        if (final === true || !assigned.has(log.key)) this.#last.get(process)?.delete(log);
      }
    }
    for (const one of polled) {
      this.#takeFrom(process, pair, one);
    }
  }

  #takeFrom(process: number, pair: Pair, { log, places }: Polled): void {
    if (places.length === 0) return;
    const ofProcess = this.#last.get(process) ?? new Map<Log, Last>();
    this.#last.set(process, ofProcess);
    let last = ofProcess.get(log);
    for (const place of places) {
      const delta = place.rank - (last?.place.rank ?? place.rank - 1);
      if (last !== undefined && delta !== 1) this.#tell(log, last, { place, pair });
      // The same object goes on: there are as many places as messages polled.
      if (last?.pair === pair) last.place = place;
      else last = { place, pair };
    }
    if (last !== undefined) ofProcess.set(log, last);
  }

  #tell(log: Log, { ...before }: Last, after: Last): void {
    const delta = after.place.rank - before.place.rank;
    const isInternal = before.pair === after.pair;
    if (delta > 1) this.#found.add(isInternal ? 'int-poll-skip' : 'poll-skip', () => skip(log, before, after));
    else this.#found.add(isInternal ? 'int-nonmonotonic-poll' : 'nonmonotonic-poll', () => stepBack(log, before, after));
  }
}

function skip(log: Log, before: Last, after: Last) {
  const skipped = log.places.slice(before.place.rank + 1, after.place.rank);
  const text = `${course(log, before, after)}, and skipped ${offsetsText(skipped)}`;
  const offsets = skipped.slice(0, 8).map(({ offset }) => offset);
  return { text, facts: { key: log.key, from: before.place.offset, to: after.place.offset, skipped: offsets, count: skipped.length } };
}

function stepBack(log: Log, before: Last, after: Last) {
  const text = `${course(log, before, after)}, which is not further on`;
  return { text, facts: { key: log.key, from: before.place.offset, to: after.place.offset } };
}

function course(log: Log, before: Last, after: Last): string {
  const [from, to] = [before.place.offset, after.place.offset];
  if (before.pair === after.pair) return `${who(after.pair)} polled offset ${from} of ${keyText(log)} and, in the same poll, ${to}`;
  const first = ((before.pair.completion ?? before.pair.invocation).time / 1e9).toFixed(3);
  return `${who(after.pair)} polled offset ${to} of ${keyText(log)} next after ${from}, which it polled at ${first} s`;
}
