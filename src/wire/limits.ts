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

/**
 * The longest name of a node or a client, in characters. It keeps all names of a message within `maxEnvelopeBytes`. The
 * name of a client is kept with each of its requests, and is repeated in each answer.
 */
export const maxNodeIdLength = 256;

/** How long the bodies of a batch may be together, in characters. A longer body goes alone. */
export const maxPackedLength = 64 * 1024;

/** The most bodies of a batch: more than fit into that length, as each has at least a type and a number. */
export const maxBodiesPerBatch = maxPackedLength / 16;

/**
 * The longest line that is read, in bytes without its line break: the longest AppendEntries, plus the longest command.
 * The longest AppendEntries holds `maxEntriesBytes`, or one entry with the longest command.
 */
export const maxLineBytes = Math.max(maxEntriesBytes, maxCommandBytes) + maxEnvelopeBytes + maxCommandBytes;
