import type { Pair } from '../../history/pairs.ts';
import type { Found } from './found.ts';
import type { Log, Place } from './log.ts';
import type { Operation } from './read-history.ts';
import { keyText, offsetsText, who } from './words.ts';

interface Last {
  readonly place: Place;
  readonly pair: Pair;
}

/**
 * What a process sends to a log one after the other has offsets that go up, within one transaction (internal) and from
 * one operation to the next (external). Within a transaction it may skip what others sent: that is only counted.
 */
export class SendOrder {
  readonly #found: Found;
  readonly #last = new Map<number, Map<Log, Last>>();

  constructor(found: Found) {
    this.#found = found;
  }

  /** Takes the operations in the order in which they began. */
  take({ pair, sent }: Operation): void {
    const { process } = pair.invocation;
    for (const { log, place } of sent) {
      if (place === undefined) continue;
      const ofProcess = this.#last.get(process) ?? new Map<Log, Last>();
      this.#last.set(process, ofProcess);
      const before = ofProcess.get(log);
      if (before !== undefined) this.#compare(log, before, { place, pair });
      ofProcess.set(log, { place, pair });
    }
  }

  #compare(log: Log, before: Last, after: Last): void {
    const delta = after.place.rank - before.place.rank;
    const isInternal = before.pair === after.pair;
    if (delta < 1) {
      this.#found.add(isInternal ? 'int-nonmonotonic-send' : 'nonmonotonic-send', () => stepBack(log, before, after));
    } else if (isInternal && delta > 1) {
      this.#found.add('int-send-skip', () => skip(log, before, after));
    }
  }
}

function stepBack(log: Log, before: Last, after: Last) {
  const [from, to] = [before.place.offset, after.place.offset];
  const earlier = before.pair === after.pair ? 'in the same transaction' : `at ${((before.pair.completion ?? before.pair.invocation).time / 1e9).toFixed(3)} s`;
  const text = `${who(after.pair)} sent to offset ${to} of ${keyText(log)}, and before that, ${earlier}, to offset ${from}`;
  return { text, facts: { key: log.key, from, to } };
}

function skip(log: Log, before: Last, after: Last) {
  const skipped = log.places.slice(before.place.rank + 1, after.place.rank);
  const text = `${who(after.pair)} sent to ${keyText(log)} and skipped ${offsetsText(skipped)}`;
  return { text, facts: { key: log.key, from: before.place.offset, to: after.place.offset, count: skipped.length } };
}
