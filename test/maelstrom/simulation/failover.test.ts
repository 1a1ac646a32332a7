import { expect, it } from 'vitest';
import type { Latency } from '../../../maelstrom/network/network.ts';
import { quantiles } from '../../../maelstrom/report/figures.ts';
import { defaultRaftConfig } from '../../../src/raft/config.ts';
import { failover } from './failovers.ts';
import { WritingCluster } from './writing-cluster.ts';

/** P of the design. */
const { electionTimeoutMs } = defaultRaftConfig;
const latencies: readonly Latency[] = [
  { meanMs: 1, distribution: 'constant' },
  { meanMs: 10, distribution: 'exponential' },
];

it.each(['kill', 'partition'] as const)('after the %s of a leader the others answer again', (how) => {
  const losses = [3, 5].flatMap((nodeCount) => {
    return latencies.flatMap((latency) => {
      return Array.from({ length: 25 }, (_, seed) => failover({ how, nodeCount, latency, seed, maxDiskDelayMs: 0 }));
    });
  });
  const { p50, p99, max } = quantiles(losses.map(({ totalMs }) => Math.round(totalMs)));
  const figures = `median ${p50} ms, 99th percentile ${p99} ms, longest ${max} ms`;
  console.log(`failover, ${losses.length} times ${how}, P = ${electionTimeoutMs} ms: ${figures}`);
  expect(p50).toBeLessThanOrEqual(1.25 * electionTimeoutMs);
  expect(p99).toBeLessThanOrEqual(2 * electionTimeoutMs);
});

it.each([3, 5])('at a constant 100 ms, %i nodes take what P and round trips take: votes are never split', (nodeCount) => {
  const latency = { meanMs: 100, distribution: 'constant' } as const;
  for (let seed = 0; seed < 20; seed += 1) {
    const { totalMs, electionMs, firstCommitMs, rounds } = failover({
      how: 'kill', nodeCount, latency, seed, maxDiskDelayMs: 0,
    });
    expect(rounds).toMatchObject({ votes: 1, leaders: 1 });
    // The dead leader's last message arrives, P and its random part pass; then three round trips, the first of them
    // again where the one that comes first asks last.
    expect(totalMs).toBeLessThanOrEqual(100 + 1.1 * electionTimeoutMs + 600 + 0.1 * electionTimeoutMs);
    expect({ seed, electionMs, firstCommitMs }).toMatchObject({ seed, firstCommitMs: 200 });
  }
});

it.each([
  [3, 'constant'],
  [3, 'uniform'],
  [3, 'exponential'],
  [5, 'exponential'],
] as const)('in ten minutes at 100 ms nobody campaigns without a fault: %i nodes, %s latency', (nodeCount, distribution) => {
  const latency = { meanMs: 100, distribution };
  const writing = new WritingCluster({ nodeCount, latency, seed: 1, writeIntervalMs: 1000, maxDiskDelayMs: 10 });
  writing.cluster.runFor(10 * 60_000);
  expect(writing.steps.filter(({ type }) => type !== 'pre_vote')).toMatchObject([{ type: 'leads', term: 1 }]);
});
