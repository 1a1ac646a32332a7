/** What is counted, in the order of the table. What never happens in many runs has not been tested by them. */
export const happenings = [
  'leaders elected',
  'two leaders at once',
  'terms taken up',
  'entries committed',
  'entries applied',
  'logs truncated',
  'entries truncated',
  'snapshots taken',
  'snapshots installed',
  'messages sent',
  'lines of several',
  'messages lost',
  'messages duplicated',
  'messages reordered',
  'messages cut off',
  'messages held back',
  'cuts: halves and rings',
  'cuts: one way',
  'slow answers',
  'cuts: bridges',
  'cuts: flaps',
  'lossy links',
  'nodes killed',
  'killed in a write',
  'power cuts',
  'power cut in a write',
  'several down at once',
  'short leaderships',
  'restarts',
  'writes in flight kept',
  'writes in flight lost',
  'torn tails cut off',
  'pauses',
  'clock jumps',
  'slow disks',
  'disks failed',
  'disks full',
  'changes of members',
  'members changed',
  'operations ok',
  'operations failed',
  'operations in doubt',
  'clients gave up',
  'answers 11',
  'answers 13',
  'answers 14',
] as const;
export type Happening = (typeof happenings)[number];
/** How often what has happened did; what is not in it did not. */
export type Counts = ReadonlyMap<Happening, number>;

/** Counts what happens. */
export class Tally {
  readonly #counts = new Map<Happening, number>();

  add(happening: Happening, count: number = 1): void {
    this.#counts.set(happening, this.of(happening) + count);
  }

  of(happening: Happening): number {
    return this.#counts.get(happening) ?? 0;
  }

  get counts(): Counts {
    return this.#counts;
  }

  addAll(counts: Counts): void {
    for (const [happening, count] of counts) this.add(happening, count);
  }
}
