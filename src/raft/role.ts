import type { Tally } from './election.ts';
import type { Leadership } from './leadership.ts';
import type { NodeId } from './messages.ts';

/** What a node is doing. A candidate first asks whether it would win (`pre-vote`), then campaigns (`vote`). */
export type Role =
  | { readonly name: 'follower' }
  | { readonly name: 'candidate'; readonly phase: 'pre-vote'; readonly tally: Tally; readonly askedAtMs: number }
  | { readonly name: 'candidate'; readonly phase: 'vote'; readonly tally: Tally; readonly ownVoteBatch: number }
  | { readonly name: 'leader'; readonly reign: Leadership };

/** How a node sees itself and its cluster. */
export interface RaftStatus {
  readonly role: Role['name'];
  readonly term: number;
  /** Who leads this term, as far as is known here. */
  readonly leader: NodeId | null;
  readonly commitIndex: number;
  /** The first entry that the log holds is, or would be, the one at this index. */
  readonly firstIndex: number;
  readonly lastIndex: number;
}
