/**
 * How long clients wait when a leader is lost, and what for: `npm run bench:failover -- [losses of each kind]`. In virtual
 * time, so that the figures are the same on every machine. Exit code 1 where a majority did not serve within a minute.
 */
import type { Latency } from '../../maelstrom/network.ts';
import { quantiles } from '../../maelstrom/report/figures.ts';
import { failover } from '../simulation/failovers.ts';
import type { Failover } from '../simulation/failovers.ts';

const lossesOfAKind = Number(process.argv[2] ?? 50);
const maxDiskDelayMs = 5;
const latencies: readonly Latency[] = [
  { meanMs: 0, distribution: 'constant' },
  { meanMs: 10, distribution: 'constant' },
  { meanMs: 10, distribution: 'exponential' },
  { meanMs: 100, distribution: 'constant' },
  { meanMs: 100, distribution: 'uniform' },
  { meanMs: 100, distribution: 'exponential' },
];
const parts = ['totalMs', 'detectionMs', 'electionMs', 'firstCommitMs', 'clientMs'] as const;

console.log(`${lossesOfAKind} losses of a leader a row; median/99th percentile in ms; disks take up to ${maxDiskDelayMs} ms`);
console.log(row(['loss', 'nodes', 'latency', 'in all', 'detection', 'election', 'first commit', 'client', 'split votes']));
for (const how of ['kill', 'partition'] as const) {
  for (const nodeCount of [3, 5]) {
    for (const latency of latencies) {
      const losses = Array.from({ length: lossesOfAKind }, (_, seed) => {
        return failover({ how, nodeCount, latency, seed, maxDiskDelayMs });
      });
      const splits = losses.filter(({ rounds }) => rounds.votes > 1).length;
      const figures = parts.map((part) => figuresOf(losses, part));
      console.log(row([how, nodeCount, `${latency.meanMs} ${latency.distribution}`, ...figures, splits]));
      if (losses.some(({ totalMs }) => totalMs === Infinity)) process.exitCode = 1;
    }
  }
}

function figuresOf(losses: readonly Failover[], part: (typeof parts)[number]): string {
  const { p50, p99 } = quantiles(losses.map((loss) => loss[part]));
  return `${p50.toFixed(0)}/${p99.toFixed(0)}`;
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell) => String(cell).padEnd(16)).join('').trimEnd();
}
