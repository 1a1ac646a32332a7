/** Whole numbers from `low` to `high`, both included. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** With more ranges than this, those next to each other become one. */
const maxRanges = 4096;

/** Which sums are possible. */
export interface PossibleSums {
  /** From the lowest to the highest, none next to another. */
  readonly ranges: readonly Range[];
  /** Whether every number in them is one. If not, there were too many ranges, and gaps between them were filled. */
  readonly isExact: boolean;
}

/** All sums of `certain` and any of the numbers in doubt. */
export function possibleSums(certain: number, doubtful: readonly number[]): PossibleSums {
  let ranges: readonly Range[] = [{ low: certain, high: certain }];
  let isExact = true;
  // Small ones first: they make few ranges that are long.
  for (const delta of doubtful.toSorted((left, right) => Math.abs(left) - Math.abs(right))) {
    const shifted = ranges.map(({ low, high }) => ({ low: low + delta, high: high + delta }));
    ranges = united(ranges, shifted);
    while (ranges.length > maxRanges) {
      ranges = inPairs(ranges);
      isExact = false;
    }
  }
  return { ranges, isExact };
}

export function includes({ ranges }: PossibleSums, sum: number): boolean {
  return ranges.some(({ low, high }) => low <= sum && sum <= high);
}

/** Two lists, each in order, as one; what overlaps or is next to each other is joined. */
function united(left: readonly Range[], right: readonly Range[]): readonly Range[] {
  const all = [...left, ...right].toSorted((one, other) => one.low - other.low);
  const joined: { low: number; high: number }[] = [];
  for (const { low, high } of all) {
    const last = joined.at(-1);
    if (last !== undefined && low <= last.high + 1) last.high = Math.max(last.high, high);
    else joined.push({ low, high });
  }
  return joined;
}

/** Each with its neighbour, and what is between them. */
function inPairs(ranges: readonly Range[]): readonly Range[] {
  return ranges.flatMap(({ low, high }, place) => {
    return place % 2 === 1 ? [] : [{ low, high: ranges[place + 1]?.high ?? high }];
  });
}
