import type { Members, NodeId } from '../raft/messages.ts';
import type { StateMachine } from '../services/state-machine.ts';
import type { StoredSnapshot } from '../storage/storage.ts';
import type { AppliedState } from './applied-state.ts';
import { SnapshotDecoder } from './snapshot-text.ts';

/** How much of a snapshot's text is read at a time when a member starts. */
const restoredBytes = 1024 * 1024;

/**
 * The state begins with the snapshot that the storage has. Returns who takes part as of that. Throws where it is not this
 * cluster's, or unreadable.
 */
export function restoreFrom<Query, Result>(
  snapshot: StoredSnapshot,
  voters: readonly NodeId[],
  stateMachine: StateMachine<Query, Result>,
  state: AppliedState<Query, Result>,
): Members | undefined {
  const { description } = snapshot;
  const decoder = new SnapshotDecoder(description, voters, stateMachine.restore());
  let fault: string | undefined;
  for (let offset = 0; offset < description.totalBytes && fault === undefined; offset += restoredBytes) {
    fault = decoder.take(snapshot.read(offset, restoredBytes));
  }
  fault ??= decoder.end();
  if (fault !== undefined) throw new Error(`the snapshot of entry ${description.lastIncludedIndex}: ${fault}`);
  state.adopt(decoder, description);
  return decoder.members;
}
