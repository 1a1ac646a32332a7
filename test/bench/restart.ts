/**
 * How long a node takes to start again on what it has left, and how much memory at the most: once with a log of a
 * million committed entries, and once with a snapshot of a million keys. The data is made by the storage itself, then
 * `bin/raft --data-dir` is started on it, as a cluster of one: `npx tsx test/bench/restart.ts [count] [runs]`.
 * Exit code 1 where the way over the snapshot is above its bounds.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../src/services/json.ts';
import { encodeEntry } from '../../src/wire/encode.ts';
import type { Batch } from '../../src/raft/durability.ts';
import type { HardState } from '../../src/raft/hard-state.ts';
import { SnapshotEncoder } from '../../src/member/snapshot-text.ts';
import { Crc32c } from '../../src/storage/crc32c.ts';
import { DiskStorage } from '../../src/storage/disk-storage.ts';
import { realFileSystem } from '../../src/storage/real-file-system.ts';
import { DurableNode } from '../process/durable-node.ts';
import { raftBin } from '../process/raft-process.ts';

const defaultCount = 1_000_000;
const defaultRuns = 3;
const entriesPerBatch = 10_000;
const maxSecondsWithSnapshot = 3;
const maxBytesWithSnapshot = 1_000_000_000;

/** Elections are over at once: what is measured is the node, not the time for which it keeps silent. */
const flags = ['--election-timeout-ms', '20', '--heartbeat-ms', '10'];

const hardState: HardState = { nodeId: 'n1', voters: ['n1'], bootCount: 0, term: 1, votedFor: 'n1' };

interface Restart {
  readonly initSeconds: number;
  readonly readSeconds: number;
  /** Of the processor, on all threads: tells a slow node from a busy machine. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

class Disk {
  readonly #storage: DiskStorage;
  #batches = 0;
  #onPersisted: () => void = () => {};

  constructor(dataDirectory: string) {
    this.#storage = new DiskStorage({
      fileSystem: realFileSystem,
      directory: join(dataDirectory, 'n1'),
      encodeEntry,
      reserveBytes: 0,
      onProgress: () => this.#onPersisted(),
      onFailure: (error) => {
        throw error;
      },
    });
  }

  write(batch: Omit<Batch, 'number'>): Promise<void> {
    this.#batches += 1;
    const number = this.#batches;
    return new Promise((resolve) => {
      this.#onPersisted = () => {
        if (this.#storage.persistedBatch === number) resolve();
      };
      this.#storage.write({ number, ...batch });
    });
  }

  close(): void {
    this.#storage.close();
  }
}

function keyOf(number: number): string {
  return `key-${String(number).padStart(7, '0')}`;
}

/** As many entries as keys: each writes another. */
async function makeLog(dataDirectory: string, count: number): Promise<void> {
  const disk = new Disk(dataDirectory);
  await disk.write({ hardState, entries: [] });
  for (let from = 1; from <= count; from += entriesPerBatch) {
    const length = Math.min(entriesPerBatch, count - from + 1);
    const entries = Array.from({ length }, (_, offset) => {
      const index = from + offset;
      const command = { op: 'put', key: keyOf(index), value: index };
      return { term: 1, index, command, origin: { node: 'n1', id: index } };
    });
    await disk.write({ entries });
  }
  disk.close();
}

/** The state that those entries lead to, as if a leader had sent it. */
async function makeSnapshot(dataDirectory: string, count: number): Promise<void> {
  let parts = 0;
  const next = (): Json | undefined => {
    parts += 1;
    return parts > count ? undefined : [keyOf(parts), parts];
  };
  const encoder = new SnapshotEncoder(count, 1, hardState.voters, { voters: hardState.voters, learners: [] }, { next, end: () => {} });
  const checksum = new Crc32c();
  const pieces: string[] = [];
  for (let piece = encoder.nextPiece(); piece !== undefined; piece = encoder.nextPiece()) {
    pieces.push(piece);
    checksum.add(Buffer.from(piece, 'latin1'));
  }
  const totalBytes = pieces.reduce((sum, { length }) => sum + length, 0);
  const description = { lastIncludedIndex: count, lastIncludedTerm: 1, totalBytes, checksum: checksum.text };
  const disk = new Disk(dataDirectory);
  await disk.write({ hardState, snapshot: { description, pieces }, entries: [] });
  disk.close();
}

async function restart(dataDirectory: string, count: number): Promise<Restart> {
  const startedAtMs = performance.now();
  const node = new DurableNode('n1', ['--data-dir', dataDirectory, ...flags]);
  const ready = await node.init(['n1']);
  const initSeconds = (performance.now() - startedAtMs) / 1000;
  let answer = await node.askUntilAvailable({ type: 'read', key: keyOf(count) });
  // A machine that is very busy has it wait for so long that the node gives it up.
  while (answer?.['code'] === 13) answer = await node.askUntilAvailable({ type: 'read', key: keyOf(count) });
  const readSeconds = (performance.now() - startedAtMs) / 1000;
  const peakBytes = peakBytesOf(node.pid);
  const cpuSeconds = cpuSecondsOf(node.pid);
  const { stderr } = await node.kill();
  if (ready?.['type'] !== 'init_ok' || answer?.['value'] !== count) {
    throw new Error(`the node did not find what it should: ${JSON.stringify([ready, answer])} ${stderr}`);
  }
  return { initSeconds, readSeconds, cpuSeconds, peakBytes };
}

/** The most memory that a process has had until now; NaN where the system does not tell. */
function peakBytesOf(pid: number | undefined): number {
  try {
    const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes) * 1024;
  } catch {
    return NaN;
  }
}

/** As Linux counts it, in hundredths of a second; NaN where the system does not tell. */
function cpuSecondsOf(pid: number | undefined): number {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    const [userTicks = NaN, systemTicks = NaN] = afterName.slice(11, 13).map(Number);
    return (userTicks + systemTicks) / 100;
  } catch {
    return NaN;
  }
}

function bytesIn(directory: string): number {
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

/** Several restarts, the slowest of which counts. */
async function measure(
  what: string,
  make: (dataDirectory: string, count: number) => Promise<void>,
  count: number,
  runs: number,
): Promise<Restart> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'restart-'));
  try {
    await make(dataDirectory, count);
    const diskBytes = bytesIn(join(dataDirectory, 'n1'));
    const results: Restart[] = [];
    for (let run = 0; run < runs; run += 1) results.push(await restart(dataDirectory, count));
    const worst = {
      initSeconds: Math.max(...results.map(({ initSeconds }) => initSeconds)),
      readSeconds: Math.max(...results.map(({ readSeconds }) => readSeconds)),
      cpuSeconds: Math.max(...results.map(({ cpuSeconds }) => cpuSeconds)),
      peakBytes: Math.max(...results.map(({ peakBytes }) => peakBytes)),
    };
    const times = `init_ok after ${worst.initSeconds.toFixed(2)} s, a read answered after ${worst.readSeconds.toFixed(2)} s`;
    const sizes = `${worst.cpuSeconds.toFixed(2)} s of processor, peak memory ${megabytes(worst.peakBytes)}, on disk ${megabytes(diskBytes)}`;
    console.log(`${what.padEnd(28)} ${times}, ${sizes} (slowest of ${runs})`);
    return worst;
  } finally {
    rmSync(dataDirectory, { recursive: true });
  }
}

function megabytes(sizeBytes: number): string {
  return `${(sizeBytes / 1_000_000).toFixed(0)} MB`;
}

async function main(count: number, runs: number): Promise<void> {
  spawnSync(raftBin, ['--help']); // Compiles what is stale.
  const said = count.toLocaleString('en');
  await measure(`a log of ${said} entries`, makeLog, count, runs);
  const { readSeconds, peakBytes } = await measure(`a snapshot of ${said} keys`, makeSnapshot, count, runs);
  if (readSeconds > maxSecondsWithSnapshot || peakBytes > maxBytesWithSnapshot) process.exitCode = 1;
}

await main(Number(process.argv[2] ?? defaultCount), Number(process.argv[3] ?? defaultRuns));
