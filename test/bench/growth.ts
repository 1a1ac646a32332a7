/**
 * Runs a node for millions of operations over a thousand keys, and prints what it takes up meanwhile:
 * `npm run bench:growth -- [operations]`. Exit code 1 where the disk ends above 3 x (snapshot + what the log takes up
 * between two snapshots), or the last fifth needs half as much memory again as the second.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeEntry } from '../../src/protocol/encode.ts';
import { defaultSnapshotPolicy } from '../../src/snapshots.ts';
import { BusyNode, bytesIn, mebibytes } from './busy-node.ts';

const operations = Number(process.argv[2] ?? 5_000_000);
const keys = 1000;
const inFlight = 500;
const reports = 20;

const dataDirectory = mkdtempSync(join(tmpdir(), 'growth-'));
const node = new BusyNode(['--data-dir', dataDirectory]);
await node.init();

const reportEvery = Math.ceil(operations / reports / inFlight) * inFlight;
const startedAtMs = performance.now();
const samples: { readonly diskBytes: number; readonly memoryBytes: number }[] = [];
let reportedAtMs = startedAtMs;
console.log('operations   op/s since     disk         snapshot     memory');
for (let done = 0; done < operations; ) {
  await node.ask(Array.from({ length: inFlight }, (_, at) => ({ type: 'write', key: (done + at) % keys, value: done + at })));
  done += inFlight;
  if (done % reportEvery !== 0) continue;
  const nowMs = performance.now();
  const sample = { diskBytes: bytesIn(dataDirectory), memoryBytes: node.memoryBytes().now };
  const rate = Math.round((1000 * reportEvery) / (nowMs - reportedAtMs));
  const columns = [sample.diskBytes, snapshotBytes(), sample.memoryBytes].map((bytes) => mebibytes(bytes).padEnd(12));
  console.log(`${String(done).padEnd(12)} ${String(rate).padEnd(14)} ${columns.join(' ')}`);
  samples.push(sample);
  reportedAtMs = nowMs;
}
await node.stop();

const command = { op: 'put', key: keys - 1, value: operations };
const entry = { term: 1, index: operations, command, origin: { node: 'n1', id: operations } };
const intervalBytes = defaultSnapshotPolicy.snapshotEntries * encodeEntry(entry).length;
const fifth = samples.length / 5;
const highest = (from: number, to: number): number => {
  return Math.max(...samples.slice(from * fifth, to * fifth).map(({ memoryBytes }) => memoryBytes));
};
const diskRatio = (samples.at(-1)?.diskBytes ?? NaN) / (snapshotBytes() + intervalBytes);
const memoryRatio = highest(4, 5) / highest(1, 2);
rmSync(dataDirectory, { recursive: true });
console.log(`${operations} operations in ${((reportedAtMs - startedAtMs) / 1000).toFixed(0)} s`);
console.log(`disk at the end: ${diskRatio.toFixed(2)} x (snapshot + snapshot interval of ${mebibytes(intervalBytes)}); below 3`);
console.log(`memory, highest of the last fifth: ${memoryRatio.toFixed(2)} x that of the second; below 1.5`);
process.exitCode = diskRatio < 3 && memoryRatio < 1.5 ? 0 : 1;

function snapshotBytes(): number {
  return bytesIn(dataDirectory, (name) => name.endsWith('.snapshot'));
}
