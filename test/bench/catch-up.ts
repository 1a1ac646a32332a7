/**
 * What the clients of the other nodes notice while a follower catches up that was away for a million entries:
 * `npm run bench:catch-up -- [entries] [operations a second] [case]`. A follower of three is stopped in its tracks
 * (SIGSTOP, in memory) or killed and started again (on disks), and comes back by the leader's snapshot (the defaults) or
 * by its log (`--snapshot-keep-entries` above the number). While it is away every write is to a key of its own, so the
 * snapshot is of as many keys. Clients of the two others ask at a steady pace, half reads. Shown are their latencies:
 * while it is there, while it is away, while it catches up, after that. Exit code 1 where an operation failed.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { mebibytes } from './sizes.ts';
import { startCluster } from './load.ts';
import type { LoadedCluster } from './load.ts';
import { PacedLoad } from './paced-load.ts';

const entries = Number(process.argv[2] ?? 1_000_000);
const operationsPerSecond = Number(process.argv[3] ?? 1000);
const onlyCase = process.argv[4];
const calmMs = 8000;
const warmUpMs = 3000;
const pollMs = 10;
/** n0 leads. */
const [leader, away] = [0, 2];

interface Case {
  readonly name: string;
  readonly isKilled: boolean;
  readonly flags: readonly string[];
}

const keepAll = ['--snapshot-keep-entries', String(2 * entries)];
const cases: readonly Case[] = [
  { name: 'paused, by snapshot', isKilled: false, flags: [] },
  { name: 'paused, by log', isKilled: false, flags: keepAll },
  { name: 'killed, by snapshot', isKilled: true, flags: [] },
  { name: 'killed, by log', isKilled: true, flags: keepAll },
];

let failed = 0;
for (const one of cases) {
  if (onlyCase === undefined || one.name === onlyCase) await run(one);
}
process.exit(failed === 0 ? 0 : 1);

async function run({ name, isKilled, flags }: Case): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'catch-up-'));
  const dataDirectory = join(directory, 'data');
  mkdirSync(dataDirectory);
  const nodeArguments = [...flags, ...(isKilled ? ['--data-dir', dataDirectory] : [])];
  const cluster = await startCluster({ nodeCount: 3, nodeArguments, directory });
  console.log(`\n${name}`);

  let clients = pacedLoad(cluster);
  await pause(warmUpMs);
  await observe('there', clients, cluster, () => pause(calmMs));
  await clients.stop();

  if (isKilled) await cluster.nodes.kill(away);
  else cluster.nodes.pause(away);
  const leftAtMs = performance.now();
  await fill(cluster);
  console.error(`${entries} writes in ${seconds(leftAtMs)}`);

  clients = pacedLoad(cluster);
  await pause(warmUpMs);
  await observe('away', clients, cluster, () => pause(calmMs));
  const backAtMs = performance.now();
  let [startedIn, caughtUp] = ['', ''];
  await observe('catching up', clients, cluster, async () => {
    if (isKilled) await cluster.nodes.restart(away);
    else cluster.nodes.resume(away);
    if (isKilled) startedIn = `, ${seconds(backAtMs)} of it for its start`;
    await untilCaughtUp(clients);
    caughtUp = seconds(backAtMs);
  });
  await observe('after', clients, cluster, () => pause(calmMs));
  const { first_index, last_index } = await clients.status(away);
  console.log(`  caught up after ${caughtUp}${startedIn}; away for ${seconds(leftAtMs)}; holds entries ${first_index} to ${last_index}`);
  await clients.stop();
  await cluster.stop();
  rmSync(directory, { recursive: true });
}

function pacedLoad(cluster: LoadedCluster): PacedLoad {
  return new PacedLoad(cluster, { operationsPerSecond, askedNodes: 2, keyCount: entries });
}

/** As fast as two nodes can. */
async function fill(cluster: LoadedCluster): Promise<void> {
  let key = 0;
  const next = () => {
    key += 1;
    return { type: 'write' as const, rest: `,"key":${key % entries},"value":"abcdefgh"}}\n` };
  };
  const clients = cluster.startClients({ clientCount: 512, keyCount: 1, readShare: 0, askedNodes: 2, operations: { next } });
  await clients.until(entries);
  await clients.stop();
  failed += clients.tally.failed;
}

/** It has applied what the leader had committed when it was asked. */
async function untilCaughtUp(clients: PacedLoad): Promise<void> {
  for (;;) {
    const { commit_index } = await clients.status(leader);
    const { last_applied } = await clients.status(away);
    if (Number(last_applied) >= Number(commit_index)) return;
    await pause(pollMs);
  }
}

async function observe(when: string, clients: PacedLoad, cluster: LoadedCluster, wait: () => Promise<void>): Promise<void> {
  const { bytes } = cluster.cost();
  const startedAtMs = performance.now();
  clients.startTally();
  await wait();
  const { latencies } = clients;
  const figures = [0.5, 0.99, 0.999, 1].map((fraction) => latencies.quantileMs(fraction).toFixed(2).padStart(8));
  const sent = mebibytes(cluster.cost().bytes - bytes);
  const counts = `${latencies.total} operations in ${seconds(startedAtMs)}, ${clients.failed} failed, ${sent} between nodes`;
  console.log(`  ${when.padEnd(12)} p50, p99, p99.9, max in ms ${figures.join('')}   ${counts}`);
  failed += clients.failed;
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(2)} s`;
}
