/** How many of `count` voters are a majority: any two majorities share a voter. `count` is at least 1. */
export function majority(count: number): number {
  return Math.floor(count / 2) + 1;
}

/**
 * The largest number that a majority of voters has reached, given what each has: of match indexes, the highest index
 * on a majority (Raft paper, section 5.3); of times, the last moment by which a majority had been heard.
 */
export function reachedByMajority(values: readonly number[]): number {
  const descending = [...values].sort((left, right) => right - left);
  return descending[majority(values.length) - 1] ?? 0;
}
