import type { Found } from './found.ts';
import type { Log } from './log.ts';
import { keyText, messageText } from './words.ts';

const maxShown = 4;

/** An offset of a log holds one message, and to everybody the same. */
export function findInconsistentOffsets(log: Log, found: Found): void {
  for (const { offset, messages } of log.places) {
    if (messages === undefined) continue;
    found.add('inconsistent-offsets', () => {
      const values = [...messages].slice(0, maxShown).map(({ value }) => value);
      const more = messages.size > maxShown ? ` and ${messages.size - maxShown} more` : '';
      const text = `offset ${offset} of ${keyText(log)} held ${values.map(messageText).join(', ')}${more}`;
      return { text, facts: { key: log.key, offset, values, count: messages.size } };
    });
  }
}
