import type { Found } from './found.ts';
import type { Log } from './log.ts';
import { keyText, messageText, offsetsText } from './words.ts';

const maxShown = 8;

/** A message that was sent once is in its log once. Messages of a log are told apart by their values. */
export function findDuplicates(log: Log, found: Found): void {
  for (const { value, places } of log.messages) {
    if (places === undefined) continue;
    found.add('duplicate', () => {
      const inOrder = [...places].sort((left, right) => left.rank - right.rank);
      const text = `${messageText(value)} is in ${keyText(log)} at the offsets ${offsetsText(inOrder)}`;
      const offsets = inOrder.slice(0, maxShown).map(({ offset }) => offset);
      return { text, facts: { key: log.key, value, offsets, count: places.size } };
    });
  }
}
