import { expect, it } from 'vitest';
import { checkHistory, defaultBudget } from '../../../maelstrom/checkers/register/check.ts';
import { initialize } from '../../../maelstrom/cluster/init.ts';
import { SimulatedCluster } from '../../../maelstrom/simulation/simulated-cluster.ts';
import { faultNames } from '../../../maelstrom/faults/nemesis.ts';
import type { FaultName } from '../../../maelstrom/faults/nemesis.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { operationsOf } from '../../../maelstrom/history/operations.ts';
import { startRun } from '../../../maelstrom/session/test-run.ts';
import type { RunRecord } from '../../../maelstrom/session/test-run.ts';
import { linKv } from '../../../maelstrom/workloads/lin-kv.ts';
import { Random } from '../../../src/index.ts';

/** Twenty seconds of lin-kv on our own node, in virtual time, on disks that take a while. */
function play(nodeCount: number, faults: readonly FaultName[], seed: number) {
  const random = new Random(seed);
  const nodeIds = Array.from({ length: nodeCount }, (_, place) => `n${place}`);
  const network = new Network(nodeIds, { meanMs: 5, distribution: 'exponential' }, random);
  const cluster = new SimulatedCluster({ nodeIds, random, maxDiskDelayMs: 5 }, network);
  const findings: string[] = [];
  cluster.onFinding(({ nodeId, what }) => findings.push(`${nodeId} ${what}`));
  initialize(cluster, (failures) => findings.push(...failures.map(({ what }) => what)));
  cluster.runFor(100);
  const records: RunRecord[] = [];
  const load = { workload: linKv, concurrency: 2 * nodeCount, ratePerSecond: 200, timeLimitMs: 20_000 };
  startRun(cluster, { ...load, faults, nemesisIntervalMs: 1500, seed, asksStatus: true }, {
    onEvent: () => {},
    onFinding: ({ nodeId, what }) => findings.push(`${nodeId} ${what}`),
    onDone: (record) => records.push(record),
  });
  cluster.runFor(60_000);
  const [record] = records;
  if (record === undefined) throw new Error('the run did not end');
  const budget = { ...defaultBudget, nowMs: () => 0 };
  const okCount = record.events.filter(({ process, type }) => process !== 'nemesis' && type === 'ok').length;
  const { verdict } = checkHistory(operationsOf(record.events), { budget });
  return { ...record, findings, okCount, verdict, isServing: isServing(cluster) };
}

/** Whether every node answers a write, some time after everything was mended. */
function isServing(cluster: SimulatedCluster): boolean {
  const served = new Set<string>();
  cluster.onClientMessage(({ src, body }) => {
    if (body.type === 'write_ok') served.add(src);
  });
  for (const nodeId of cluster.nodeIds) {
    cluster.send({ src: 'c1', dest: nodeId, body: { type: 'write', msg_id: 1, key: nodeId, value: 1 } });
  }
  cluster.runFor(1000);
  return served.size === cluster.nodeIds.length;
}

it.each([
  [3, ['kill'], 1],
  [3, ['pause'], 2],
  [3, faultNames, 3],
  [5, faultNames, 4],
] as const)('%i nodes come through %j (seed %i): linearizable, and all serve in the end', (count, faults, seed) => {
  const { verdict, findings, okCount, isServing: allServe } = play(count, faults, seed);
  expect({ verdict, findings, allServe }).toEqual({ verdict: 'linearizable', findings: [], allServe: true });
  expect(okCount).toBeGreaterThan(200);
});

it('the same seed gives the same run, whatever is killed and paused in it', () => {
  expect(play(3, faultNames, 7).events).toEqual(play(3, faultNames, 7).events);
});
