const subBuckets = 64;
/** Up to 2^31 microseconds, which is half an hour. */
const maxMicroseconds = 2 ** 31 - 1;
const bucketCount = subBuckets * 27;

/**
 * Counts durations in buckets that widen with the duration: exact to a microsecond below 128 of them, to 1.6 % above.
 * Counting one takes a few nanoseconds, and the memory does not grow.
 */
export class Histogram {
  readonly #counts = new Float64Array(bucketCount);
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(durationMs: number): void {
    const bucket = bucketOf(Math.min(maxMicroseconds, Math.round(1000 * durationMs)));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
  }

  /** Adds what another has counted. */
  addAll(other: Histogram): void {
    for (const [bucket, count] of other.#counts.entries()) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
    this.#total += other.#total;
  }

  /** The duration that a share `fraction` (0 to 1) of all did not exceed, in milliseconds; NaN where there are none. */
  quantileMs(fraction: number): number {
    let left = Math.max(1, Math.ceil(fraction * this.#total));
    for (const [bucket, count] of this.#counts.entries()) {
      left -= count;
      if (left <= 0) return middleOf(bucket) / 1000;
    }
    return NaN;
  }
}

/** The top seven bits of the number, and how many bits are below them. */
function bucketOf(microseconds: number): number {
  const shift = Math.max(0, 25 - Math.clz32(microseconds));
  return shift * subBuckets + (microseconds >> shift);
}

function middleOf(bucket: number): number {
  const shift = Math.max(0, Math.floor(bucket / subBuckets) - 1);
  const first = (bucket - shift * subBuckets) * 2 ** shift;
  return first + (2 ** shift - 1) / 2;
}
