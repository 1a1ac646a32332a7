/** Where what stands among the cells of a position. */
import type { Problem } from './problem.ts';

export const rankAt = 0;
export const valueAt = 1;

export type Layout = ReturnType<typeof layoutOf>;

/**
 * The configuration is first: its key, its burden, its costs, as `words` says. Behind it stands what follows from it
 * and is kept at hand. Bits are by slot of their sort; slots hold an operation's number plus 1, or 0.
 */
export function layoutOf({ slotCounts, optionSlotCount, kinds, values, certainCount }: Problem) {
  let size = 0;
  const take = (count: number): number => {
    size += count;
    return size - count;
  };
  const bits = (count: number): number => take(Math.ceil(count / 32));
  take(2);
  const placedCas = bits(slotCounts.cas);
  const key = size;
  const burden = {
    owedPure: bits(slotCounts.pure),
    owedWrites: bits(slotCounts.write),
    usedWrites: bits(slotCounts.write),
    committed: take(1),
  };
  const words = { key, burden: size - key, costs: optionSlotCount + 1 };
  const costs = {
    /** By option slot, how many options of the kind that has the slot are used. */
    usedOptions: take(optionSlotCount),
    /** How many ranks before the last one the last write was placed. */
    gapAge: take(1),
  };
  const slots = { pure: take(slotCounts.pure), write: take(slotCounts.write), cas: take(slotCounts.cas) };
  const rest = {
    /** How many certain operations were invoked before the pending one completes. */
    opened: take(1),
    /** By kind, how many of its options are used. */
    used: take(kinds.length),
    /** By value, how many certain operations that are not placed expect it, and how many that are left leave it. */
    expected: take(values.length),
    left: take(values.length),
    /** By value, how many denials of it are left. */
    denied: take(values.length),
    /** By certain operation. */
    status: take(certainCount),
  };
  return { words, placedCas, ...burden, ...costs, slots, ...rest, size };
}
