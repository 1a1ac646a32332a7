/** A bug of one change: the source with `find`, which stands exactly once in `file`, replaced. */
export interface Mutant {
  readonly name: string;
  /** Which rule it breaks, and what comes of that. */
  readonly why: string;
  /** From the root of the project. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Given where no seed can see it, or next to none, and only a scenario does: why. */
  readonly onlyScenarios?: string;
}

/** Throws where the source has gone on and the mutant has not. */
export function mutate(source: string, { name, file, find, replace }: Mutant): string {
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`mutant ${name}: ${file} has its text ${places} times, not once`);
  if (find === replace) throw new Error(`mutant ${name} changes nothing`);
  return source.replace(find, () => replace);
}
