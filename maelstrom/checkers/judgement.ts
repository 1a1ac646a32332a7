import type { Report } from './register/check.ts';

/** What a workload says of a history. */
export interface Judgement {
  readonly verdict: 'good' | 'violated' | 'undecided';
  /** Each a sentence: what is wrong, or open. Of a good history one, in small letters: what is good about it. */
  readonly reasons: readonly string[];
  /** The same at length, as lines for a terminal. */
  readonly explanation: readonly string[];
  /** For results.json, under the name of what was judged. */
  readonly results: Readonly<Record<string, unknown>>;
  /** Where registers were judged: what the checker found, key by key. */
  readonly registers?: Report;
}
