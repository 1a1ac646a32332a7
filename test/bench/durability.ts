/**
 * What the disk costs: writes a second of three nodes on their disks beside the same cluster in memory, in turn, with 1
 * and with 64 clients, and how many syncs an operation costs a node: `npm run bench:durability -- [rounds]`. The syncs are
 * those of a cluster's whole life; with one client that is mostly its warm-up, in which there are 64, and is not shown.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure } from '../../maelstrom/bench/measure.ts';
import type { Measurement } from '../../maelstrom/bench/measure.ts';
import { medianOf, medianRatio } from '../../maelstrom/bench/rounds.ts';
import { realFileSystem } from '../../src/storage/real-file-system.ts';
import { recover } from '../../src/storage/recovery.ts';

const rounds = Number(process.argv[2] ?? 5);
const raft = join(import.meta.dirname, '..', '..', 'bin', 'raft');
const never = new AbortController().signal;

function run(clientCount: number, nodeArguments: readonly string[]): Promise<readonly Measurement[]> {
  const times = { latencyMs: 0, warmUpMs: 1000, measureMs: 3000 };
  const mix = { readShare: 0, keyCount: 100, valueBytes: 8, seed: 1 };
  return measure({ bin: raft, nodeArguments, nodeCount: 3, clientCounts: [clientCount], mix, ...times }, never);
}

/** Each batch is one sync, whatever number of entries it holds. */
function syncsPerOperation(dataDirectory: string): number {
  const found = readdirSync(dataDirectory).map((node) => recover(realFileSystem, join(dataDirectory, node)).tail);
  return Math.max(...found.map(({ sequence, lastIndex }) => sequence / lastIndex));
}

for (const clientCount of [1, 64]) {
  const onDisk: Measurement[] = [];
  const inMemory: Measurement[] = [];
  const syncs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'durability-'));
    onDisk.push(...(await run(clientCount, ['--data-dir', dataDirectory])));
    syncs.push(syncsPerOperation(dataDirectory));
    rmSync(dataDirectory, { recursive: true });
    inMemory.push(...(await run(clientCount, [])));
  }
  const rate = ({ operationsPerSecond }: Measurement): number => operationsPerSecond;
  const p50Ms = (measurement: Measurement): number => measurement.p50Ms;
  const figures = (of: readonly Measurement[]): string => {
    return `${medianOf(of, rate)?.toFixed(0)} writes/s (p50 ${medianOf(of, p50Ms)?.toFixed(2)} ms)`;
  };
  console.log(`${clientCount} clients: on disk ${figures(onDisk)}, in memory ${figures(inMemory)}`);
  const sortedSyncs = syncs.sort((left, right) => left - right);
  const ratio = medianRatio(onDisk, inMemory, rate)?.toFixed(2);
  const shownSyncs = clientCount === 1 ? '' : `; at most ${sortedSyncs[rounds >> 1]?.toFixed(3)} syncs an operation on a node`;
  console.log(`  ratio ${ratio}${shownSyncs}`);
}
process.exit(0);
