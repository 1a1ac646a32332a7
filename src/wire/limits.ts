import { maxCommandBytes } from '../services/state-machine.ts';

/**
 * Bounds on what travels. The longest line follows from the others, so that no correct peer sends one that is refused.
 */

export { maxCommandBytes };

/** The most bytes of entries in one AppendEntries. One entry always goes, even where it alone is longer. */
export const maxEntriesBytes = 1024 * 1024;

/** More than a message holds besides commands and entries: names, numbers, punctuation. */
const maxEnvelopeBytes = 64 * 1024;

/** The longest name of a node, in characters, so that names fit into the envelope's share of a line. */
export const maxNodeIdLength = 256;

/**
 * The longest line taken, in bytes without its line break: the longest AppendEntries, plus one maximal command. The
 * longest AppendEntries holds `maxEntriesBytes`, or one entry with a maximal command.
 */
export const maxLineBytes = Math.max(maxEntriesBytes, maxCommandBytes) + maxEnvelopeBytes + maxCommandBytes;
