/**
 * How long a node is held up while it takes a snapshot of many keys: `npm run bench:snapshot-pause -- [keys]`. It runs
 * one member on a real disk, writes in every turn, and prints the longest turns before, while and after the snapshot is
 * taken, and for comparison how long it takes to write the same state down at once. Exit code 1 above 50 ms.
 */
import { defaultSnapshotPolicy } from '../../src/member/snapshots.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { defaultRaftConfig, DiskStorage, KeyValueStore, Member, realFileSystem } from '../../src/index.ts';
import { encodeEntry } from '../../src/wire/encode.ts';
import { mebibytes } from './sizes.ts';

const keys = Number(process.argv[2] ?? 1_000_000);
const writesPerTurn = 20;
const longestAllowedMs = 50;
const turnsBefore = 2000;

const directory = mkdtempSync(join(tmpdir(), 'snapshot-pause-'));
const stateMachine = new KeyValueStore();
for (let key = 0; key < keys; key += 1) stateMachine.apply({ op: 'put', key: `key-${key}`, value: key });

const storage = new DiskStorage({
  fileSystem: realFileSystem,
  directory,
  encodeEntry,
  reserveBytes: 0,
  onProgress: () => {},
  onFailure: (error) => {
    throw error;
  },
});
const member = new Member({
  nodeId: 'n1',
  voters: ['n1'],
  config: defaultRaftConfig,
  storage,
  stateMachine,
  snapshots: { ...defaultSnapshotPolicy, snapshotEntries: turnsBefore * writesPerTurn, keepEntries: 0 },
  // The disk does not hold the turns up.
  maxPending: 65_536,
  seed: 1,
  lifeSeed: 1,
  nowMs: 0,
});

let written = 0;
async function turn(): Promise<number> {
  const commands = Array.from({ length: writesPerTurn }, () => {
    written += 1;
    return { op: 'put', key: `key-${(written * 7919) % keys}`, value: -written };
  });
  const startedAtMs = performance.now();
  for (const command of commands) member.write(undefined, command, startedAtMs);
  member.turn(startedAtMs);
  const tookMs = performance.now() - startedAtMs;
  await setImmediate();
  return tookMs;
}

async function turns(isOver: () => boolean): Promise<readonly number[]> {
  const tookMs: number[] = [];
  while (!isOver()) tookMs.push(await turn());
  return tookMs.sort((left, right) => left - right);
}

function say(when: string, tookMs: readonly number[]): void {
  const [median, p99, longest] = [0.5, 0.99, 1].map((share) => tookMs[Math.ceil(share * tookMs.length) - 1] ?? 0);
  const figures = `median ${median?.toFixed(2)} ms, p99 ${p99?.toFixed(2)} ms, longest ${longest?.toFixed(1)} ms`;
  console.log(`${when.padEnd(24)} ${String(tookMs.length).padStart(6)} turns: ${figures}`);
}

const before = await turns(() => written >= (turnsBefore - 100) * writesPerTurn);
const startedAtMs = performance.now();
const during = await turns(() => storage.snapshot !== undefined);
const snapshotMs = performance.now() - startedAtMs;
const until = written + 500 * writesPerTurn;
const after = await turns(() => written >= until);

say('before', before);
say('while it is taken', during);
say('after', after);
const textBytes = storage.snapshot?.description.totalBytes ?? 0;
console.log(`the snapshot of ${keys} keys, ${mebibytes(textBytes)}, was current after ${(snapshotMs / 1000).toFixed(2)} s`);

const capture = stateMachine.capture();
const atOnceMs = performance.now();
const parts: unknown[] = [];
for (let part = capture.next(); part !== undefined; part = capture.next()) parts.push(part);
JSON.stringify(parts);
console.log(`written down at once it would have held everything up for ${(performance.now() - atOnceMs).toFixed(0)} ms`);
rmSync(directory, { recursive: true });
process.exit((during.at(-1) ?? 0) <= longestAllowedMs ? 0 : 1);
