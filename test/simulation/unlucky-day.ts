import { checkHistory, defaultBudget } from '../../maelstrom/checker/check.ts';
import type { Report } from '../../maelstrom/checker/check.ts';
import { initialize } from '../../maelstrom/cluster/init.ts';
import { SimulatedCluster } from '../../maelstrom/cluster/simulated.ts';
import type { HistoryEvent } from '../../maelstrom/history.ts';
import { faultNames } from '../../maelstrom/nemesis.ts';
import { Network } from '../../maelstrom/network.ts';
import { operationsOf } from '../../maelstrom/operations.ts';
import { startRun } from '../../maelstrom/test-run.ts';
import { linKv } from '../../maelstrom/workloads/lin-kv.ts';
import { Random } from '../../src/index.ts';

/** What came of a day. */
export interface Day {
  readonly events: readonly HistoryEvent[];
  readonly report: Report;
  readonly findings: readonly string[];
  /** How many nodes were killed and started again. */
  readonly restarts: number;
  /** Every line that went from node to node, with its time: two runs of a seed must agree in all of them. */
  readonly trace: readonly string[];
}

export interface DayOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly keepsTrace?: boolean;
}

/**
 * A cluster of 3 or 5 simulated nodes under lin-kv on a day on which everything goes wrong that may: delays, losses,
 * duplicates, slow disks, partitions, kills and pauses, how much of each being drawn from the seed.
 */
export function playDay({ seed, durationMs, keepsTrace = false }: DayOptions): Day {
  const random = new Random(seed);
  const nodeIds = random.integer(2) === 0 ? ['n1', 'n2', 'n3'] : ['n1', 'n2', 'n3', 'n4', 'n5'];
  const distribution = (['constant', 'uniform', 'exponential'] as const)[random.integer(3)] ?? 'constant';
  const network = new Network(nodeIds, { meanMs: random.integer(40), distribution }, random);
  const cluster = new SimulatedCluster(
    {
      nodeIds,
      random,
      lossRate: random.integer(3) * 0.03,
      duplicationRate: random.integer(3) * 0.05,
      maxDiskDelayMs: random.integer(2) * random.integer(30),
      snapshots: { snapshotEntries: 1 + random.integer(200), keepEntries: random.integer(20) },
    },
    network,
  );
  const trace: string[] = [];
  if (keepsTrace) cluster.onSend((line, nowMs) => trace.push(`${nowMs} ${line}`));
  const findings: string[] = [];
  cluster.onFinding(({ nodeId, what, line }) => findings.push(`${nodeId} ${what}: ${line}`));
  initialize(cluster, (failures) => findings.push(...failures.map(({ nodeId, what }) => `${nodeId} ${what}`)));
  cluster.runFor(100);

  const events: HistoryEvent[] = [];
  const plan = {
    workload: linKv,
    concurrency: 2 * nodeIds.length,
    ratePerSecond: 50 + random.integer(150),
    timeLimitMs: durationMs,
    faults: faultNames.filter(() => random.integer(4) > 0),
    nemesisIntervalMs: 300 + random.integer(3000),
    seed,
  };
  let isDone = false;
  startRun(cluster, plan, {
    onEvent: (event) => events.push(event),
    onFinding: ({ nodeId, what }) => findings.push(`${nodeId} ${what}`),
    onDone: () => {
      isDone = true;
    },
  });
  cluster.runFor(durationMs + 20_000);
  if (!isDone) findings.push('the run did not come to an end');
  // The budget of a test is counted in configurations, not in time: a slow machine must not change a verdict.
  const budget = { ...defaultBudget, nowMs: () => 0 };
  const report = checkHistory(operationsOf(events), { budget });
  return { events, report, findings, restarts: events.reduce((sum, event) => sum + restartsIn(event), 0), trace };
}

function restartsIn(event: HistoryEvent): number {
  return event.f === 'stop-kill' && Array.isArray(event.value) ? event.value.length : 0;
}
