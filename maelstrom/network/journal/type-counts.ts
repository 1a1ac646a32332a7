/** Types that are counted by name; a node that makes up ever new ones has the rest counted together. */
const maxTypes = 60;
export const otherTypes = '(other types)';
const firstBucketMs = 50;
/** With more, two neighbours become one. */
const maxBuckets = 1024;

/** How many messages of each type were sent in each stretch of `bucketMs`, from the start of the run. */
export interface CountsOverTime {
  readonly bucketMs: number;
  readonly byType: Readonly<Record<string, readonly number[]>>;
}

/** Counts all messages by type over time, in memory that neither their number nor the length of the run changes. */
export class TypeCounts {
  readonly #counts = new Map<string, number[]>();
  #bucketMs = firstBucketMs;

  get record(): CountsOverTime {
    const length = Math.max(0, ...[...this.#counts.values()].map((counts) => counts.length));
    const filled = [...this.#counts].map(([type, counts]) => {
      return [type, Array.from({ length }, (_, bucket) => counts[bucket] ?? 0)] as const;
    });
    return { bucketMs: this.#bucketMs, byType: Object.fromEntries(filled) };
  }

  add(type: string, atMs: number): void {
    while (atMs >= this.#bucketMs * maxBuckets) this.#widen();
    const bucket = Math.floor(atMs / this.#bucketMs);
    const counts = this.#countsOf(type);
    // Filled without holes: what has holes is slow to add to.
    while (counts.length <= bucket) counts.push(0);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }

  #countsOf(type: string): number[] {
    const name = this.#counts.has(type) || this.#counts.size < maxTypes ? type : otherTypes;
    const known = this.#counts.get(name);
    if (known !== undefined) return known;
    const counts: number[] = [];
    this.#counts.set(name, counts);
    return counts;
  }

  #widen(): void {
    this.#bucketMs *= 2;
    for (const [type, counts] of this.#counts) this.#counts.set(type, inPairs(counts));
  }
}

/** Two neighbours become one. */
export function inPairs(counts: readonly number[]): number[] {
  return Array.from({ length: Math.ceil(counts.length / 2) }, (_, pair) => {
    return (counts[2 * pair] ?? 0) + (counts[2 * pair + 1] ?? 0);
  });
}
