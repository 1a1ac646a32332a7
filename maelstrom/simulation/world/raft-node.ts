import { defaultSnapshotPolicy, kv } from '../../../src/index.ts';
import type { RaftConfig, Result, SnapshotPolicy, Storage } from '../../../src/index.ts';
import type { Json } from '../../../src/services/json.ts';
import type { StateMachine } from '../../../src/services/state-machine.ts';
import { Node } from '../../../src/stdio/node.ts';

/** Our own node, all of it that is below its process's edge. What is left out is as the node's flags have it. */
export interface RaftNodeOptions {
  /** As the node's flags of these names. */
  readonly electionTimeoutMs?: number | undefined;
  readonly heartbeatMs?: number | undefined;
  readonly maxPending?: number | undefined;
  readonly snapshots?: SnapshotPolicy | undefined;
  /** What else of the core differs from its defaults. */
  readonly raft?: Partial<RaftConfig>;
  readonly stateMachine?: StateMachine<Json, Result>;
  readonly openStorage: () => Storage;
  readonly seed: number;
}

export function raftNode(options: RaftNodeOptions): Node {
  const { electionTimeoutMs = 500, heartbeatMs = 150, maxPending = 16_384, raft = {} } = options;
  const { snapshots = defaultSnapshotPolicy, stateMachine, openStorage, seed } = options;
  const service = stateMachine === undefined ? kv : { ...kv, createStateMachine: () => stateMachine };
  return new Node({ electionTimeoutMs, heartbeatMs, maxPending, snapshots, raft, service, openStorage, seed });
}
