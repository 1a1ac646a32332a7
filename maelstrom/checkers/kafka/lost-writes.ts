import type { Found } from './found.ts';
import type { Log, Message, Place } from './log.ts';
import { keyText, messageText, who } from './words.ts';

/**
 * What was acknowledged and never polled. It is *lost* where a higher offset was polled: then it should have been polled
 * on the way there. Otherwise it is *unseen*: it may be that no poll got so far.
 */
export function findLostWrites(log: Log, found: Found): void {
  const furthest = log.places.findLast(({ reader }) => reader !== undefined);
  for (const message of log.messages) {
    if (message.sending !== 'ok' || message.reader !== undefined) continue;
    const last = lastPlace(message);
    if (last !== undefined && furthest !== undefined && last.rank <= furthest.rank) {
      found.add('lost-write', () => lost(log, message, last, furthest));
    } else {
      found.add('unseen', () => unseen(log, message, last));
    }
  }
}

/** Where it has several, the highest: it may have been polled there. */
function lastPlace({ place, places }: Message): Place | undefined {
  if (places === undefined) return place;
  return [...places].reduce((last, other) => (other.rank > last.rank ? other : last));
}

function lost(log: Log, { value, sender }: Message, { offset }: Place, furthest: Place) {
  if (sender === undefined || furthest.reader === undefined) throw new Error('assertion: it was sent, and that was polled');
  const sent = `${messageText(value)} was acknowledged at offset ${offset} of ${keyText(log)} to ${who(sender)}`;
  const polled = `it was never polled, though ${who(furthest.reader)} polled offset ${furthest.offset}`;
  return { text: `${sent}; ${polled}`, facts: { key: log.key, value, offset, furthestPolled: furthest.offset } };
}

function unseen(log: Log, { value, sender }: Message, last: Place | undefined) {
  if (sender === undefined) throw new Error('assertion: it was sent');
  const where = last === undefined ? keyText(log) : `offset ${last.offset} of ${keyText(log)}`;
  const text = `${messageText(value)} was acknowledged at ${where} to ${who(sender)}, and it was never polled`;
  return { text, facts: { key: log.key, value, offset: last?.offset ?? null } };
}
