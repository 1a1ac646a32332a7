import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the files of a directory, and of those in it, take up. */
export function bytesIn(directory: string, isCounted: (name: string) => boolean = () => true): number {
  return readdirSync(directory, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sum + bytesIn(path, isCounted);
    // A segment may go between the two calls.
    const size = isCounted(entry.name) ? (statSync(path, { throwIfNoEntry: false })?.size ?? 0) : 0;
    return sum + size;
  }, 0);
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
