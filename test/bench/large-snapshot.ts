/**
 * A large state reaches a follower that was away: `npm run bench:large-snapshot -- [keys] [bytes a value] [disk|memory]`.
 * Three nodes; while the third is stopped (SIGSTOP) each key is written once. Then it goes on, and can catch up by the
 * leader's snapshot only. Prints how long that takes and the most memory that each node has had. Exit code 1 where it
 * does not catch up in ten minutes.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const keys = Number(process.argv[2] ?? 1000);
const valueBytes = Number(process.argv[3] ?? 1_000_000);
const kinds = process.argv[4] === undefined ? ['disk', 'memory'] : [process.argv[4]];
const raft = join(import.meta.dirname, '..', '..', 'bin', 'raft');
const nodeIds = ['n0', 'n1', 'n2'];
const away = 'n2';
const writesAtOnce = 4;
const limitMs = 600_000;

type Body = Readonly<Record<string, unknown>>;
type Node = ChildProcessByStdio<Writable, Readable, null>;

class Cluster {
  readonly nodes = new Map<string, Node>();
  readonly #awaited = new Map<number, (body: Body) => void>();
  #nextMessageId = 1;

  constructor(flags: readonly string[]) {
    for (const nodeId of nodeIds) {
      const node = spawn(raft, [...flags], { stdio: ['pipe', 'pipe', 'inherit'] });
      node.stdin.on('error', () => {});
      createInterface({ input: node.stdout }).on('line', (line) => this.#route(line));
      this.nodes.set(nodeId, node);
    }
  }

  ask(nodeId: string, body: Body): Promise<Body> {
    const msgId = this.#nextMessageId;
    this.#nextMessageId += 1;
    this.#write(nodeId, JSON.stringify({ src: 'c1', dest: nodeId, body: { ...body, msg_id: msgId } }));
    return new Promise((resolve) => this.#awaited.set(msgId, resolve));
  }

  /** Asks until it is done. */
  async insist(nodeId: string, body: Body): Promise<void> {
    while ((await this.ask(nodeId, body))['type'] === 'error') await pause(50);
  }

  #write(nodeId: string, line: string): void {
    // What does not fit in the pipe of a node that is stopped is lost, as on a network.
    const input = this.nodes.get(nodeId)?.stdin;
    if (input?.writable && input.writableLength < 64 * 1024 * 1024) input.write(`${line}\n`);
  }

  #route(line: string): void {
    const dest = /^\{"src":"[^"]+","dest":"([^"]+)"/.exec(line)?.[1];
    if (dest !== 'c1') return this.#write(dest ?? '', line);
    const { body }: { body: Body } = JSON.parse(line);
    const inReplyTo = Number(body['in_reply_to']);
    this.#awaited.get(inReplyTo)?.(body);
    this.#awaited.delete(inReplyTo);
  }
}

async function run(kind: string): Promise<boolean> {
  const directory = mkdtempSync(join(tmpdir(), 'large-snapshot-'));
  const policy = ['--snapshot-entries', '200', '--snapshot-keep-entries', '20'];
  const cluster = new Cluster(kind === 'disk' ? [...policy, '--data-dir', directory] : policy);
  for (const nodeId of nodeIds) await cluster.ask(nodeId, { type: 'init', node_id: nodeId, node_ids: nodeIds });
  await cluster.insist('n0', { type: 'write', key: 'first', value: 0 });
  cluster.nodes.get(away)?.kill('SIGSTOP');
  const filledAtMs = performance.now();
  let next = 0;
  await Promise.all(Array.from({ length: writesAtOnce }, async () => {
    while (next < keys) {
      const key = next;
      next += 1;
      await cluster.insist('n0', { type: 'write', key, value: String.fromCharCode(97 + (key % 26)).repeat(valueBytes) });
    }
  }));
  console.log(`${kind}: ${keys} keys of ${valueBytes} bytes written in ${seconds(filledAtMs)}; ${memory(cluster)}`);
  cluster.nodes.get(away)?.kill('SIGCONT');
  const backAtMs = performance.now();
  let lag = Infinity;
  while (lag > 0 && performance.now() - backAtMs < limitMs) {
    await pause(250);
    const [leader, follower] = await Promise.all(['n0', away].map((nodeId) => cluster.ask(nodeId, { type: 'raft_status' })));
    lag = Number(leader?.['commit_index']) - Number(follower?.['last_applied']);
  }
  const done = lag === 0 ? 'caught up' : `not caught up (${lag} entries behind)`;
  console.log(`${kind}: ${done} after ${seconds(backAtMs)}; ${memory(cluster)}`);
  for (const node of cluster.nodes.values()) node.kill('SIGKILL');
  await pause(500);
  rmSync(directory, { recursive: true });
  return lag === 0;
}

/** The most that was resident at any time; only where the system tells it. */
function memory(cluster: Cluster): string {
  const peaks = [...cluster.nodes].map(([nodeId, { pid }]) => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return `${nodeId} ${Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024)} MiB`;
  });
  return `peak memory ${peaks.join(', ')}`;
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}

let isGood = true;
for (const kind of kinds) isGood = (await run(kind)) && isGood;
process.exit(isGood ? 0 : 1);
