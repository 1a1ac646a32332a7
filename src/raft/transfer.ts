import type { NodeId } from './messages.ts';

/** What came of a leadership transfer. */
export type TransferOutcome =
  /** The target leads, as far as this node knows. */
  | { readonly kind: 'transferred'; readonly leader: NodeId }
  /** The target was never told to campaign. */
  | { readonly kind: 'not-transferred' }
  /** The target was told to, and may still win. */
  | { readonly kind: 'in-doubt' };

/** Why a transfer was not begun. */
export type TransferRefusal = 'not-leader' | 'transferring' | 'no-target';

/**
 * A leader that lets another node lead (Ongaro's thesis, section 3.10): it takes no proposals meanwhile, brings the
 * target's log up to its own, and then tells it to campaign at once. After an election timeout it is given up.
 */
export class Transfer {
  readonly target: NodeId;
  /** The term of the leader that began it. */
  readonly term: number;
  readonly #endsAtMs: number;
  #isOrdered = false;

  constructor(target: NodeId, term: number, endsAtMs: number) {
    this.target = target;
    this.term = term;
    this.#endsAtMs = endsAtMs;
  }

  /** Whether the target has been told to campaign. */
  get isOrdered(): boolean {
    return this.#isOrdered;
  }

  get endsAtMs(): number {
    return this.#endsAtMs;
  }

  ordered(): void {
    this.#isOrdered = true;
  }

  /** What has come of it by now; undefined where that is open. `leader` leads `term`, as far as is known. */
  outcome(leader: NodeId | null, term: number, nowMs: number): TransferOutcome | undefined {
    if (term > this.term && leader === this.target) return { kind: 'transferred', leader };
    const isOver = nowMs >= this.#endsAtMs || (term > this.term && leader !== null);
    if (!isOver) return undefined;
    return this.#isOrdered ? { kind: 'in-doubt' } : { kind: 'not-transferred' };
  }
}
