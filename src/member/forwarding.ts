import type { Write } from './pending-writes.ts';

/** A forwarded proposal holds, besides its command, `{"id":9007199254740991,"command":},` at most. */
const maxRequestOverheadBytes = 35;

/** What a write takes up in a `propose` line at most, in bytes of UTF-8. */
export function forwardSizeBytes({ sizeBytes }: Write<unknown>): number {
  return sizeBytes + maxRequestOverheadBytes;
}

/** As many items from the front as fit in `maxBytes` together; at least one, where there is one. */
export function fitting<Item>(
  items: readonly Item[],
  maxBytes: number,
  sizeBytesOf: (item: Item) => number,
): readonly Item[] {
  let bytes = 0;
  const end = items.findIndex((item, position) => {
    bytes += sizeBytesOf(item);
    return bytes > maxBytes && position > 0;
  });
  return end === -1 ? items : items.slice(0, end);
}
