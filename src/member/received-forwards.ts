import type { NodeId } from '../raft/messages.ts';
import type { Proposal } from '../raft/proposal.ts';
import type { Raft } from '../raft/raft.ts';
import type { Storage } from '../storage/storage.ts';
import { admit } from './admission.ts';
import type { PeerMessage, Propose } from './messages.ts';
import { SeenForwards } from './seen-forwards.ts';

/** Golden transcripts have these words, from before they were called forwards. */
const refused = 'hand-over refused';

/**
 * What other members forward to this one. Only the leader of exactly the named term takes it, and takes it once. The
 * entries are its answer.
 */
export class ReceivedForwards {
  readonly #raft: Pick<Raft, 'propose' | 'batchOfHardState'>;
  readonly #storage: Pick<Storage, 'isNearlyFull'>;
  readonly #seen = new SeenForwards();

  constructor(raft: Pick<Raft, 'propose' | 'batchOfHardState'>, storage: Pick<Storage, 'isNearlyFull'>) {
    this.#raft = raft;
    this.#storage = storage;
  }

  /**
   * Takes a forward. Returns what it is answered where something of it is refused. A second copy is not answered: the
   * first may have been taken, and a refusal by the leader of the named term counts as proof.
   *
   * @param ticket comes back with the answer
   */
  take(from: NodeId, { term, requests }: Propose, ticket: number): PeerMessage | undefined {
    const [first] = requests;
    if (first === undefined || !this.#seen.isFirst(from, first.id)) return undefined;
    const { isNearlyFull } = this.#storage;
    const proposals = requests.map(({ id, command }): Proposal => ({ command, origin: { node: from, id } }));
    const admitted = admit(this.#raft, isNearlyFull ? [] : proposals, term);
    if (admitted.kind === 'not-led') {
      const text = `${refused}: ${admitted.why}`;
      return { kind: 'refusal', to: from, ticket, reason: 'unavailable', text, afterBatch: 0 };
    }
    const taken = admitted.kind === 'taken' ? admitted.taken : 0;
    if (taken === proposals.length && admitted.kind === 'taken') return undefined;
    const text = admitted.kind === 'transferring' ? 'another node is to lead' : reasonFor(isNearlyFull);
    return { kind: 'forward-refused', to: from, ticket, text, term, taken, afterBatch: this.#raft.batchOfHardState };
  }
}

function reasonFor(isNearlyFull: boolean): string {
  return isNearlyFull ? 'the disk is nearly full' : 'too many entries are uncommitted';
}
