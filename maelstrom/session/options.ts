import type { FaultName } from '../faults/nemesis.ts';
import type { Availability } from '../report/availability.ts';
import type { Latency } from '../network/network.ts';
import type { Topology } from '../workloads/topology.ts';
import type { Settings, Workload } from '../workloads/workload.ts';

/** Everything that `eddy test` can be told. */
export interface TestOptions {
  readonly workload: Workload;
  /** What the workload was told, for the record; it has them already. */
  readonly settings: Settings;
  /** The node's executable, as given. */
  readonly bin: string;
  /** As given: `{data}` in them stands for the data directory of the run. */
  readonly nodeArguments: readonly string[];
  readonly nodeIds: readonly string[];
  readonly concurrency: number;
  readonly ratePerSecond: number;
  readonly timeLimitMs: number;
  readonly latency: Latency;
  readonly faults: readonly FaultName[];
  readonly nemesisIntervalMs: number;
  /** How long nodes may take to recover before a workload asks its last questions. */
  readonly recoveryMs: number;
  readonly logStderr: boolean;
  /** Whether messages are shown when they are sent, and when they arrive. */
  readonly logNetSend: boolean;
  readonly logNetRecv: boolean;
  /** What has to succeed; undefined where that was not asked for. */
  readonly availability: Availability | undefined;
  readonly seed: number;
  /** How many runs, one after the other, each with a seed that is one higher. */
  readonly testCount: number;
  /** For workloads that tell nodes who their neighbours are. */
  readonly topology: Topology;
}
