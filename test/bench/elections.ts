/**
 * Whether anybody campaigns where nothing is wrong: `npm run bench:elections -- [seeds]`. Ten minutes of virtual time for
 * each latency, distribution, number of nodes and load. Exit code 1 where there was an election.
 */
import { latencyDistributions } from '../../maelstrom/network/network.ts';
import { WritingCluster } from '../maelstrom/simulation/writing-cluster.ts';
import type { ElectionStep } from '../maelstrom/simulation/writing-cluster.ts';

const seeds = Number(process.argv[2] ?? 1);
const minutes = 10;
const loads = [
  { load: 'a write a second', writeIntervalMs: 1000 },
  { load: 'no load', writeIntervalMs: Infinity },
];

console.log(`${seeds} x ${minutes} minutes a row; disks take up to 10 ms`);
console.log(row(['latency', 'nodes', 'load', 'asked in vain', 'campaigns', 'changes of leader']));
for (const meanMs of [0, 1, 10, 50, 100]) {
  for (const distribution of latencyDistributions) {
    for (const nodeCount of [3, 5]) {
      for (const { load, writeIntervalMs } of loads) {
        const steps: ElectionStep[] = [];
        for (let seed = 1; seed <= seeds; seed += 1) {
          const latency = { meanMs, distribution };
          const writing = new WritingCluster({ nodeCount, latency, seed, writeIntervalMs, maxDiskDelayMs: 10 });
          writing.cluster.runFor(minutes * 60_000);
          steps.push(...writing.steps);
        }
        const count = (type: ElectionStep['type']): number => steps.filter((step) => step.type === type).length;
        const campaigns = count('request_vote');
        const cells = [count('pre_vote'), campaigns, count('leads') - seeds];
        console.log(row([`${meanMs} ${distribution}`, nodeCount, load, ...cells]));
        if (campaigns > 0) process.exitCode = 1;
      }
    }
  }
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell) => String(cell).padEnd(19)).join('').trimEnd();
}
