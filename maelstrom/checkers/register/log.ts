/** What a position keeps of the moves that led to it, to tell the order in the end. */
import type { Problem } from './problem.ts';

/**
 * What an entry says of an operation: it is placed here, or right before the last write that was placed; or it is so
 * unless another entry places it. An entry is four times the operation's number, and one of these.
 */
export const placed = 0;
export const placedInGap = 1;
export const unlessPlaced = 2;
export const unlessPlacedInGap = 3;

/** The operations in the order in which a log places them. */
export function orderOf(log: readonly number[], { kinds, kindOf }: Problem): readonly number[] {
  const isPlaced = new Set(log.filter((entry) => (entry & 3) < unlessPlaced).map((entry) => entry >>> 2));
  let gap: number[] = [];
  let sinceGap: number[] = [];
  const parts = [gap, sinceGap];
  for (const entry of log) {
    const operation = entry >>> 2;
    const where = entry & 3;
    if (where >= unlessPlaced && isPlaced.has(operation)) continue;
    if (where === placed && kinds[kindOf[operation] ?? 0]?.sort === 'write') {
      [gap, sinceGap] = [[], []];
      parts.push(gap, sinceGap);
    }
    (where === placedInGap || where === unlessPlacedInGap ? gap : sinceGap).push(operation);
  }
  return parts.flat();
}
