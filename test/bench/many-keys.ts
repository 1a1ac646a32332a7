/**
 * More keys than one `Map` of V8 takes: `node --max-old-space-size=6144 --import tsx test/bench/many-keys.ts [keys]`. One
 * member on a real disk is given a key each, takes a snapshot of them while it is written to, and is started again from
 * that. Prints the times, the longest turn while the snapshot is taken, and the memory.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { defaultRaftConfig, DiskStorage, KeyValueStore, Member, realFileSystem } from '../../src/index.ts';
import { encodeEntry } from '../../src/wire/encode.ts';
import { defaultSnapshotPolicy } from '../../src/member/snapshots.ts';
import { mebibytes } from './sizes.ts';

const keys = Number(process.argv[2] ?? 20_000_000);
const writesPerTurn = 20;
const directory = mkdtempSync(join(tmpdir(), 'many-keys-'));

function open(stateMachine: KeyValueStore, snapshotEntries: number) {
  const onFailure = (error: Error): never => {
    throw error;
  };
  const disk = { fileSystem: realFileSystem, directory, encodeEntry, reserveBytes: 0 };
  const storage = new DiskStorage({ ...disk, onProgress: () => {}, onFailure });
  const member = new Member({
    nodeId: 'n1',
    voters: ['n1'],
    config: defaultRaftConfig,
    storage,
    stateMachine,
    snapshots: { ...defaultSnapshotPolicy, snapshotEntries, keepEntries: 0 },
    maxPending: writesPerTurn,
  seed: 1,
  lifeSeed: 1,
    nowMs: 0,
  });
  return { storage, member };
}

async function life(): Promise<void> {
  const stateMachine = new KeyValueStore();
  const filledAtMs = performance.now();
  for (let key = 0; key < keys; key += 1) stateMachine.apply({ op: 'put', key: `key-${key}`, value: key });
  say(`${keys} keys put`, filledAtMs);
  const { storage, member } = open(stateMachine, 1000);
    const takenAtMs = performance.now();
  let longestMs = 0;
  for (let written = 0; storage.snapshot === undefined; written += writesPerTurn) {
    const turnAtMs = performance.now();
    for (let offset = 0; offset < writesPerTurn; offset += 1) {
      const key = `key-${((written + offset) * 7919) % keys}`;
      member.write(undefined, { op: 'put', key, value: -written }, turnAtMs);
    }
    member.turn(turnAtMs);
    longestMs = Math.max(longestMs, performance.now() - turnAtMs);
    await setImmediate();
  }
  say(`snapshot of ${mebibytes(storage.snapshot.description.totalBytes)}, longest turn ${longestMs.toFixed(0)} ms`, takenAtMs);
  while (storage.isWriting) await setImmediate();
  storage.close();
}

function restart(): void {
  const startedAtMs = performance.now();
  const stateMachine = new KeyValueStore();
  open(stateMachine, Infinity).storage.close();
  const found = [0, keys - 1].map((key) => stateMachine.read(`key-${key}`).kind);
  say(`started again, first and last key: ${found.join(', ')}`, startedAtMs);
}

function say(what: string, sinceMs: number): void {
  const { rss } = process.memoryUsage();
  console.log(`${what}; ${((performance.now() - sinceMs) / 1000).toFixed(1)} s, ${mebibytes(rss)} resident`);
}

await life();
restart();
rmSync(directory, { recursive: true });
process.exit(0);
