import type { Leadership } from './leadership.ts';
import type { NodeId } from './messages.ts';

/**
 * What a node is doing. A candidate first asks whether it would win (`pre-vote`), then campaigns (`vote`). A vote that
 * comes twice counts once: `grantedBy` is a set.
 */
export type Role =
  | { readonly name: 'follower' }
  | { readonly name: 'candidate'; readonly phase: 'pre-vote'; readonly grantedBy: Set<NodeId>; readonly askedAtMs: number }
  | { readonly name: 'candidate'; readonly phase: 'vote'; readonly grantedBy: Set<NodeId>; readonly ownVoteBatch: number }
  | { readonly name: 'leader'; readonly leadership: Leadership };

/** How a node sees itself and its cluster. */
export interface RaftStatus {
  readonly role: 'follower' | 'candidate' | 'leader';
  readonly term: number;
  /** Who leads this term, as far as is known here. */
  readonly leader: NodeId | null;
  readonly commitIndex: number;
  /** The first entry that the log holds is, or would be, the one at this index. */
  readonly firstIndex: number;
  readonly lastIndex: number;
}
