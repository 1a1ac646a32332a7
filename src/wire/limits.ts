import { maxCommandBytes } from '../services/state-machine.ts';

/**
 * The bounds of messages. The longest line is computed from the others, so that a correct peer never sends a line that
 * is refused.
 */

export { maxCommandBytes };

/** The most bytes of entries in one AppendEntries. A single entry is sent even if it is longer. */
export const maxEntriesBytes = 1024 * 1024;

/** An upper bound of everything in a message besides commands and entries: names, numbers, punctuation. */
const maxEnvelopeBytes = 64 * 1024;

/** The longest name of a node, in characters. It keeps all names of a message within `maxEnvelopeBytes`. */
export const maxNodeIdLength = 256;

/**
 * The longest line that is read, in bytes without its line break: the longest AppendEntries, plus the longest command.
 * The longest AppendEntries holds `maxEntriesBytes`, or one entry with the longest command.
 */
export const maxLineBytes = Math.max(maxEntriesBytes, maxCommandBytes) + maxEnvelopeBytes + maxCommandBytes;
