import type { SeedReport } from './seed-report.ts';

export interface InOrderOptions {
  readonly firstSeed: number;
  readonly lastSeed: number;
  /** How many seeds may be asked for beyond those that have been told, at most; 1 or more. */
  readonly maxAhead: number;
  /** Plays a seed, when there is room for it. */
  readonly play: (seed: number) => Promise<SeedReport>;
}

/**
 * The reports of seeds that are played side by side, in the order of the seeds. A reader that stops at the first that
 * breaks a rule has seen all lower ones to be clean, and counts the same, however many are played at once.
 */
export async function* inOrder({ firstSeed, lastSeed, maxAhead, play }: InOrderOptions): AsyncGenerator<SeedReport, void> {
  const asked: Promise<SeedReport>[] = [];
  let next = firstSeed;
  for (;;) {
    while (next <= lastSeed && asked.length < maxAhead) {
      const report = play(next);
      // Thrown where its turn comes, and not before.
      report.catch(() => {});
      asked.push(report);
      next += 1;
    }
    const first = asked.shift();
    if (first === undefined) return;
    yield await first;
  }
}
