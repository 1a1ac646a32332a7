import type { RaftConfig } from '../../../src/index.ts';
import type { SnapshotPolicy } from '../../../src/member/snapshots.ts';
import type { ServiceName } from '../services/all.ts';

/** Everything that may go wrong, in the order in which it is told. */
export const faultNames = [
  'delay',
  'loss',
  'duplication',
  'reordering',
  'partition',
  'one-way',
  'slow-answers',
  'bridge',
  'flapping',
  'lossy-links',
  'crash',
  'power-cut',
  'blackout',
  'short-leadership',
  'pause',
  'clock',
  'slow-disk',
  'failing-disk',
  'full-disk',
  'small-windows',
  'snapshots',
  'lease-reads',
  'impatience',
  'membership',
] as const;
export type FaultName = (typeof faultNames)[number];

/** Faults that come and go, each at times of its own. */
export const timedFaultNames = [
  'partition',
  'one-way',
  'slow-answers',
  'bridge',
  'flapping',
  'lossy-links',
  'crash',
  'power-cut',
  'blackout',
  'pause',
  'clock',
  'slow-disk',
  'failing-disk',
  'full-disk',
  'membership',
] as const;
export type TimedFaultName = (typeof timedFaultNames)[number];

/** How often a fault comes, and how long it lasts, on average. */
export interface Rhythm {
  readonly everyMs: number;
  readonly forMs: number;
}

export type ClockRange = readonly [slowest: number, fastest: number];

export interface Delays {
  readonly distribution: 'constant' | 'uniform' | 'exponential' | 'heavy-tailed' | 'slow-links';
  readonly meanMs: number;
}

/** What a run is like. It follows from the seed and from what the command line allows. */
export interface Plan {
  readonly seed: number;
  readonly nodeIds: readonly string[];
  /** How long faults and clients go on. */
  readonly durationMs: number;
  /** The run ends, without a calm phase, when so many events have happened. */
  readonly maxEvents: number;
  /** What is replicated. */
  readonly service: ServiceName;
  readonly faults: ReadonlySet<FaultName>;
  readonly rhythms: ReadonlyMap<TimedFaultName, Rhythm>;

  readonly electionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly maxPending: number;
  readonly raft: Partial<RaftConfig>;
  readonly snapshots: SnapshotPolicy;
  /** Leases rely on clocks: where they are on, clocks drift within their bound, and do not jump. */
  readonly hasLeases: boolean;
  /** What has arrived waits up to so long for the node's next turn. */
  readonly turnDelayMs: number;

  readonly delays: Delays;
  readonly lossRate: number;
  readonly duplicationRate: number;
  readonly reorderingRate: number;

  readonly storage: 'disk' | 'memory';
  readonly segmentBytes: number;
  readonly diskMeanMs: number;
  readonly shortWriteRate: number;
  /** Of the operations of disks, the share in the middle of which the process is killed, or its power cut. */
  readonly crashRate: number;
  readonly powerCutRate: number;
  /** Of the leaders elected, the share that falls soon, and how soon, on average. */
  readonly shortLeadershipRate: number;
  readonly shortLeadershipMs: number;
  /** How fast clocks may go, at their slowest and their fastest. */
  readonly clockRange: ClockRange;
  /** Node -> how many of its clock's milliseconds pass in a true one. */
  readonly clockRates: readonly number[];

  readonly clients: number;
  readonly keys: number;
  /** Between two operations of one client, on average. */
  readonly thinkMs: number;
  /** How long a client waits for an answer. */
  readonly patienceMs: number;
}
