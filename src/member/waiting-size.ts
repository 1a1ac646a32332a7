import type { Entry } from '../raft/messages.ts';
import { encodedBytes } from '../services/json.ts';
import type { Leaving } from './turn.ts';

/** What may wait for a disk that has stopped answering. */
export const maxWaitingBytes = 64 * 1024 * 1024;

/** More than an item takes up besides commands and text. */
const overheadBytes = 256;

/** About how much room an item takes up while it waits for the disk. */
export function waitingSizeBytes(item: Leaving<unknown, unknown>, sizeBytesOf: (entry: Entry) => number): number {
  switch (item.kind) {
    case 'request':
      return overheadBytes + (item.message.type === 'append_entries' ? sumOf(item.message.entries, sizeBytesOf) : 0);
    case 'forward':
      return overheadBytes + sumOf(item.message.requests, ({ command }) => encodedBytes(command));
    case 'outcome':
      return overheadBytes + (item.outcome.kind === 'log' ? sumOf(item.outcome.entries, sizeBytesOf) : 0);
    default:
      return overheadBytes;
  }
}

function sumOf<Item>(items: readonly Item[], sizeBytesOf: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + sizeBytesOf(item), 0);
}
