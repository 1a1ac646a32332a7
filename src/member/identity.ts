import type { NodeId } from '../raft/messages.ts';

/** Who a member is: its name, and the names of all founders of its cluster. */
export interface Identity {
  readonly nodeId: NodeId;
  readonly voters: readonly NodeId[];
}

/** Why a member that is `known` already (undefined: it has never run) cannot be this one, undefined where it can. */
export function identityFault(
  known: Identity | undefined,
  nodeId: NodeId,
  voters: readonly NodeId[],
): string | undefined {
  if (known === undefined) return undefined;
  if (known.nodeId !== nodeId) return `node_id: this node is ${known.nodeId}`;
  const isSame = known.voters.length === voters.length && known.voters.every((voter, at) => voter === voters[at]);
  return isSame ? undefined : `node_ids: this cluster is ${known.voters.join(', ')}`;
}
