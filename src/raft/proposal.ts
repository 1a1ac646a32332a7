import type { Origin } from './messages.ts';

/** A command to be logged, and who waits for its result. */
export interface Proposal {
  readonly command: unknown;
  readonly origin?: Origin;
}

/** Accepted is not committed: the entries may still be overwritten by another leader's. */
export type Proposed =
  | { readonly kind: 'accepted'; readonly term: number; readonly firstIndex: number }
  | { readonly kind: 'refused'; readonly why: 'not-leader' | 'wrong-term' | 'full' | 'transferring' };
