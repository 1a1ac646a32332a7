import { defaultSnapshotPolicy, kv } from '../../../src/index.ts';
import type { RaftConfig, SnapshotPolicy, Storage } from '../../../src/index.ts';
import type { Service } from '../../../src/services/service.ts';
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
  readonly service?: Service;
  readonly joins?: boolean;
  readonly openStorage: () => Storage;
  readonly seed: number;
}

export function raftNode(options: RaftNodeOptions): Node {
  const { electionTimeoutMs = 500, heartbeatMs = 150, maxPending = 16_384, raft = {} } = options;
  const { snapshots = defaultSnapshotPolicy, service = kv, joins = false, openStorage, seed } = options;
  return new Node({ electionTimeoutMs, heartbeatMs, maxPending, snapshots, raft, service, joins, openStorage, seed });
}
