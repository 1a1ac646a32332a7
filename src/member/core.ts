import { assert } from '../raft/assert.ts';
import type { HardState } from '../raft/hard-state.ts';
import { Raft } from '../raft/raft.ts';
import { Random } from '../raft/random.ts';
import type { Json } from '../services/json.ts';
import { maxCommandBytes } from '../services/state-machine.ts';
import type { AppliedState } from './applied-state.ts';
import { identityFault } from './identity.ts';
import type { MemberOptions } from './options.ts';
import { restoreFrom } from './restore.ts';
import { SnapshotDecoder } from './snapshot-text.ts';

/** A core on what the storage has, which is put into the state too; and how often the store was started before. */
export function startCore<Query extends Json, Result>(
  { nodeId, voters, config, storage, stateMachine, service, seed, nowMs }: MemberOptions<Query, Result>,
  state: AppliedState<Query, Result>,
): { readonly raft: Raft; readonly bootCount: number } {
  const { recovered } = storage;
  assert(identityFault(recovered?.hardState, nodeId, voters) === undefined, 'a member starts on its own storage');
  const hardState: HardState = recovered
    ? { ...recovered.hardState, bootCount: recovered.hardState.bootCount + 1 }
    : { nodeId, voters, ...(service !== undefined && { service }), bootCount: 0, term: 0, votedFor: null };
  const raft = new Raft({
    config,
    hardState,
    snapshot: recovered?.snapshot,
    members: storage.snapshot && restoreFrom(storage.snapshot, voters, stateMachine, state),
    entries: recovered?.entries ?? [],
    isRecovered: recovered !== undefined,
    openSnapshot: (description) => new SnapshotDecoder(description, voters, stateMachine.restore(), maxCommandBytes),
    random: new Random(seed),
    nowMs,
  });
  return { raft, bootCount: hardState.bootCount };
}
