import type { Proposal, Proposed } from '../raft/proposal.ts';
import type { Raft } from '../raft/raft.ts';

/** What became of proposals. */
export type Admitted =
  /** The first `taken` of them are in the log, in consecutive places from `firstIndex` on. It took no more. */
  | { readonly kind: 'taken'; readonly taken: number; readonly firstIndex: number }
  /** This member does not lead, or leads another term than the named one. */
  | { readonly kind: 'not-led'; readonly why: 'not-leader' | 'wrong-term' }
  /** This leader lets another lead, and takes none meanwhile. */
  | { readonly kind: 'transferring' };

/**
 * Appends proposals to the log of the leader, as many from the front as it takes: a full log refuses single ones.
 *
 * @param onlyInTerm where this member leads another term, nothing is appended
 */
export function admit(
  raft: Pick<Raft, 'propose'>,
  proposals: readonly Proposal[],
  onlyInTerm: number | undefined,
): Admitted {
  const all = raft.propose(proposals, onlyInTerm);
  if (all.kind === 'accepted') return { kind: 'taken', taken: proposals.length, firstIndex: all.firstIndex };
  if (all.why === 'transferring') return { kind: 'transferring' };
  if (all.why !== 'full') return { kind: 'not-led', why: all.why };
  let taken = 0;
  let firstIndex = 0;
  for (const proposal of proposals) {
    const proposed: Proposed = raft.propose([proposal], onlyInTerm);
    if (proposed.kind === 'refused') break;
    if (taken === 0) firstIndex = proposed.firstIndex;
    taken += 1;
  }
  return { kind: 'taken', taken, firstIndex };
}
