/** @import { Column } from '../page-data.ts' */

/**
 * The values that a column stands for; what each kind of column means is said in page-data.ts.
 *
 * @param {Column} column
 * @returns {any[]} JSON values: whoever asks knows which
 */
export function decodeColumn(column) {
  if ('same' in column) return Array.from({ length: column.count }, () => column.same);
  if ('steps' in column) return runningSums(column.steps);
  if ('of' in column) return decodeColumn(column.at).map((place) => column.of[place]);
  if ('lengths' in column) return decodeArrays(decodeColumn(column.lengths), decodeColumn(column.items));
  if ('shapes' in column) return decodeObjects(column);
  return [...column.each];
}

/** @param {readonly number[]} steps */
function runningSums(steps) {
  let sum = 0;
  return steps.map((step) => (sum += step));
}

/**
 * @param {readonly number[]} lengths
 * @param {readonly unknown[]} items
 */
function decodeArrays(lengths, items) {
  let start = 0;
  return lengths.map((length) => items.slice(start, (start += length)));
}

/** @param {Extract<Column, { readonly shapes: unknown }>} column */
function decodeObjects({ shapes, which, parts }) {
  const members = parts.map((columns) => columns.map(decodeColumn));
  const taken = shapes.map(() => 0);
  return decodeColumn(which).map((shape) => {
    const row = taken[shape] ?? 0;
    taken[shape] = row + 1;
    // Field names are the nodes' own; this makes fields of all of them, `__proto__` too.
    return Object.fromEntries((shapes[shape] ?? []).map((name, place) => [name, members[shape]?.[place]?.[row]]));
  });
}
