/**
 * Whether a cluster stays as fast and as small as it was, however much it has done: three nodes on their disks, snapshots
 * as by default, 512 clients in a closed loop over a thousand keys, half of it reads:
 * `npm run bench:growth -- [operations] [share of reads]`. It prints a line for each tenth. The processor time that an
 * operation costs tells a node that gets slower from a machine that has other things to do. Exit code 1 where the last
 * fifth needs half as much memory again as the first, or twice the processor time, or the disk ends above
 * 3 x (snapshot + what the log takes up between two snapshots).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeEntry } from '../../src/wire/encode.ts';
import { defaultSnapshotPolicy } from '../../src/member/snapshots.ts';
import { bytesIn, mebibytes } from './sizes.ts';
import { startCluster } from './load.ts';

const operations = Number(process.argv[2] ?? 10_000_000);
const readShare = Number(process.argv[3] ?? 0.5);
const keyCount = 1000;
const tenths = 10;

interface Sample {
  readonly operationsPerSecond: number;
  readonly cpuMsPer1000: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

const directory = mkdtempSync(join(tmpdir(), 'growth-'));
const dataDirectory = join(directory, 'data');
const cluster = await startCluster({ nodeCount: 3, nodeArguments: ['--data-dir', dataDirectory], directory });
const clients = cluster.startClients({ clientCount: 512, keyCount, readShare });

const startedAtMs = performance.now();
const samples: Sample[] = [];
console.log('operations   op/s since   cpu ms for 1,000   memory, largest node   disk, largest node');
for (let before = cluster.cost(), beforeMs = startedAtMs; samples.length < tenths; ) {
  const until = Math.ceil((operations * (samples.length + 1)) / tenths);
  const from = clients.tally.succeeded;
  // Memory goes up and down between collections: the highest of each stretch tells more than any moment.
  let memoryBytes = 0;
  await clients.until(until, () => {
    memoryBytes = Math.max(memoryBytes, cluster.cost().residentBytes ?? NaN);
  });
  const [cost, nowMs, done] = [cluster.cost(), performance.now(), clients.tally.succeeded - from];
  const cpuMs = (cost.nodesCpuMs ?? NaN) - (before.nodesCpuMs ?? NaN);
  const diskBytes = Math.max(...cluster.nodeIds.map((nodeId) => bytesIn(join(dataDirectory, nodeId))));
  const operationsPerSecond = (1000 * done) / (nowMs - beforeMs);
  const sample = { operationsPerSecond, cpuMsPer1000: (1000 * cpuMs) / done, memoryBytes, diskBytes };
  samples.push(sample);
  show(clients.tally.succeeded, sample);
  [before, beforeMs] = [cost, nowMs];
}
const tookSeconds = (performance.now() - startedAtMs) / 1000;
const { errors, timeouts } = clients.tally;
await cluster.stop();

const [firstId = ''] = cluster.nodeIds;
const snapshotBytes = bytesIn(join(dataDirectory, firstId), (name) => name.endsWith('.snapshot'));
const command = { op: 'put', key: keyCount - 1, value: 'abcdefgh' };
const entry = { term: 1, index: operations, command, origin: { node: firstId, id: operations } };
const intervalBytes = defaultSnapshotPolicy.snapshotEntries * encodeEntry(entry).length;
rmSync(directory, { recursive: true });

const ratios = {
  'op/s': ratio(({ operationsPerSecond }) => operationsPerSecond),
  'cpu for an operation': ratio(({ cpuMsPer1000 }) => cpuMsPer1000),
  memory: ratio(({ memoryBytes }) => memoryBytes),
};
const diskRatio = (samples.at(-1)?.diskBytes ?? NaN) / (snapshotBytes + intervalBytes);
const failures = [...errors].map(([code, count]) => `${count} times error ${code}, `).join('');
console.log(`${clients.tally.succeeded} operations in ${tookSeconds.toFixed(0)} s, ${failures}${timeouts} without an answer`);
const told = Object.entries(ratios).map(([what, value]) => `${what} ${value.toFixed(2)}`);
console.log(`last fifth / first fifth: ${told.join(', ')}`);
console.log(`disk at the end: ${diskRatio.toFixed(2)} x (snapshot + snapshot interval of ${mebibytes(intervalBytes)})`);
const isFlat = ratios.memory < 1.5 && ratios['cpu for an operation'] < 2 && diskRatio < 3;
process.exit(isFlat ? 0 : 1);

function show(done: number, { operationsPerSecond, cpuMsPer1000, memoryBytes, diskBytes }: Sample): void {
  const columns = [String(done).padEnd(12), operationsPerSecond.toFixed(0).padEnd(12), cpuMsPer1000.toFixed(1).padEnd(18)];
  console.log([...columns, mebibytes(memoryBytes).padEnd(22), mebibytes(diskBytes)].join(' '));
}

/** Of the last two tenths to the first two. */
function ratio(figure: (sample: Sample) => number): number {
  const mean = (some: readonly Sample[]): number => some.reduce((sum, sample) => sum + figure(sample), 0) / some.length;
  return mean(samples.slice(-2)) / mean(samples.slice(0, 2));
}
