/** What a hunter is told. */
export interface Task {
  readonly playsScenarios: boolean;
  readonly firstSeed: number;
  readonly lastSeed: number;
  /** It stops when so many seeds have caught the mutant. */
  readonly catches: number;
  /** Or when, caught at all, so many seeds in a row have not: the rest would tell nothing new. */
  readonly patience: number;
  /** Of virtual time, in each seed. */
  readonly durationMs: number;
}

/** What it says, a line each: what it begins, and what came of that. */
export type Report =
  | { readonly kind: 'scenario'; readonly file: string }
  | { readonly kind: 'seed'; readonly seed: number }
  /** `why` is what caught the mutant. */
  | { readonly kind: 'played'; readonly why?: string | undefined };
