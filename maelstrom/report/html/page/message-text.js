import { durationText, momentText, shortened } from './text.js';

/** @import { Messages } from './messages.js' */

const mostFields = 14;
const longestField = 90;

/**
 * A message in words: what it is and whose, when it was sent, and what became of it.
 *
 * @param {Messages} messages
 * @param {number} row
 */
export function headLines(messages, row) {
  const [src, dest] = [messages.names[messages.src[row] ?? 0], messages.names[messages.dest[row] ?? 0]];
  const [sentMs, endedMs, fate] = [messages.sentMs[row] ?? 0, messages.endedMs[row] ?? 0, messages.fate[row]];
  const fates = /** @type {Record<string, string>} */ ({
    delivered: `arrived after ${durationText(endedMs - sentMs)}`,
    cut: 'lost: the network was cut when it arrived',
    down: 'lost: its receiver was down when it arrived',
    dropped: 'lost: too much was waiting already',
    'under-way': 'still on its way at the end of the run',
  });
  return [`${messages.typeOf(row)} ${src} → ${dest}`, `sent at ${momentText(sentMs, 0.001)}`, fates[fate ?? ''] ?? ''];
}

/**
 * The same, and its fields.
 *
 * @param {Messages} messages
 * @param {number} row
 */
export function describeMessage(messages, row) {
  const fields = Object.entries(messages.bodyOf(row) ?? {}).map(([name, value]) => {
    return `${name}: ${shortened(JSON.stringify(value), longestField)}`;
  });
  return [...headLines(messages, row), ...fields.slice(0, mostFields)];
}
