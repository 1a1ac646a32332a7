import type { RaftConfig } from './config.ts';
import type { HardState } from './hard-state.ts';
import type { Entry, Members } from './messages.ts';
import type { Random } from './random.ts';
import type { SnapshotDescription, SnapshotReader } from './snapshot.ts';

/** What a core starts with. */
export interface RaftOptions {
  readonly config: RaftConfig;
  /** Who this node is, and what it found on its disk. */
  readonly hardState: HardState;
  /** The newest snapshot it found on its disk; what that covers has been applied. */
  readonly snapshot?: SnapshotDescription | undefined;
  /** Who takes part as of that snapshot. Without it: the voters of the hard state. */
  readonly members?: Members | undefined;
  /** The log it found on its disk: from the beginning, or from somewhere before the end of the snapshot. */
  readonly entries: readonly Entry[];
  /** Whether anything was found: a recovered node never leads term 1 by bootstrap, and is silent at first. */
  readonly isRecovered: boolean;
  /** Begins to read a snapshot that a leader sends. */
  readonly openSnapshot: (description: SnapshotDescription) => SnapshotReader;
  readonly random: Random;
  readonly nowMs: number;
}
