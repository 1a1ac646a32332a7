/**
 * How long clients wait when a leader is lost, and what for: `npm run bench:failover -- [losses of each kind]`. In virtual
 * time, so that the figures are the same on every machine. Exit code 1 where a majority did not serve within a minute.
 */
import type { Latency } from '../../maelstrom/network/network.ts';
import { quantiles } from '../../maelstrom/report/figures.ts';
import { failover } from '../maelstrom/simulation/failovers.ts';
import type { Failover, LossOfALeader } from '../maelstrom/simulation/failovers.ts';

const lossesOfARow = Number(process.argv[2] ?? 50);
const maxDiskDelayMs = 5;
const nodeCounts = [3, 5] as const;
/** What a local network is like. */
const near: readonly Latency[] = [
  { meanMs: 1, distribution: 'constant' },
  { meanMs: 10, distribution: 'exponential' },
];
const latencies: readonly Latency[] = [
  { meanMs: 0, distribution: 'constant' },
  { meanMs: 10, distribution: 'constant' },
  { meanMs: 10, distribution: 'exponential' },
  { meanMs: 100, distribution: 'constant' },
  { meanMs: 100, distribution: 'uniform' },
  { meanMs: 100, distribution: 'exponential' },
];
const parts = ['totalMs', 'detectionMs', 'electionMs', 'firstCommitMs', 'clientMs'] as const;

console.log(`${lossesOfARow} losses of a leader a row; median/99th percentile in ms; disks take up to ${maxDiskDelayMs} ms`);
console.log(row(['loss', 'nodes', 'latency', 'in all', 'detection', 'election', 'first commit', 'client', 'split votes']));
for (const how of ['kill', 'partition'] as const) {
  for (const nodeCount of nodeCounts) {
    for (const latency of latencies) {
      tell(how, nodeCount, `${latency.meanMs} ${latency.distribution}`, lossesOf(how, nodeCount, latency, maxDiskDelayMs));
    }
  }
  const all = nodeCounts.flatMap((nodeCount) => near.flatMap((latency) => lossesOf(how, nodeCount, latency, 0)));
  tell(how, '3 and 5', '1 ms, 10 exp.', all);
  console.log(`of these ${all.length}, without a disk, the longest took ${Math.max(...all.map(({ totalMs }) => totalMs)).toFixed(0)} ms`);
}

function lossesOf(how: LossOfALeader['how'], nodeCount: number, latency: Latency, diskMs: number): readonly Failover[] {
  return Array.from({ length: lossesOfARow }, (_, seed) => failover({ how, nodeCount, latency, seed, maxDiskDelayMs: diskMs }));
}

function tell(how: LossOfALeader['how'], nodes: number | string, latency: string, losses: readonly Failover[]): void {
  const splits = losses.filter(({ rounds }) => rounds.votes > 1).length;
  console.log(row([how, nodes, latency, ...parts.map((part) => figuresOf(losses, part)), splits]));
  if (losses.some(({ totalMs }) => totalMs === Infinity)) process.exitCode = 1;
}

function figuresOf(losses: readonly Failover[], part: (typeof parts)[number]): string {
  const { p50, p99 } = quantiles(losses.map((loss) => loss[part]));
  return `${p50.toFixed(0)}/${p99.toFixed(0)}`;
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell) => String(cell).padEnd(16)).join('').trimEnd();
}
