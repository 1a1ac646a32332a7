/**
 * What an operation costs the processor where no operating system is between the nodes: three nodes in one process hand
 * each other their lines. `npm run bench:in-process -- --vs TREE` measures this tree beside another, both as they were
 * built last, in turns. Every figure is the processor's time of the process; ratios are medians of those of the rounds.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Node } from '../../src/stdio/node.ts';

const nodeCount = 3;
const keyCount = 100;
/** How far time goes on from one hop of a message to the next. */
const hopMs = 0.1;
/** In `{"src":"n0","dest":"n1",...`, for names of two characters, and so for all lines of these nodes. */
const destinationAt = '{"src":"n0","dest":"'.length;
const clientNumberAt = destinationAt + 1;

const { values } = parseArgs({
  options: {
    vs: { type: 'string', default: join(import.meta.dirname, '..', '..') },
    clients: { type: 'string', default: '1,8,64,512' },
    rounds: { type: 'string', default: '15' },
    operations: { type: 'string', default: '10000' },
    tree: { type: 'string', default: join(import.meta.dirname, '..', '..') },
  },
});

type AnyNode = Pick<Node, 'receive' | 'turn' | 'nextDeadlineMs'>;

/** Nodes with clients that ask, each, the next thing as soon as they are answered. */
class Cluster {
  readonly #nodes: readonly AnyNode[];
  /** Lines on their way to each node. */
  readonly #inboxes: string[][] = Array.from({ length: nodeCount }, () => []);
  #nowMs = 0;
  #answers = 0;
  #errors = 0;
  #nextMessageId = 1;

  constructor(nodes: readonly AnyNode[], clientCount: number) {
    this.#nodes = nodes;
    const nodeIds = nodes.map((_, place) => `"n${place}"`);
    for (const [place, inbox] of this.#inboxes.entries()) {
      inbox.push(`{"src":"x0","dest":"n${place}","body":{"type":"init","msg_id":1,"node_id":"n${place}","node_ids":[${nodeIds}]}}`);
    }
    this.#step();
    for (let client = 0; client < clientCount; client += 1) this.#ask(client);
  }

  get errors(): number {
    return this.#errors;
  }

  /** Microseconds of the processor for each of so many operations. */
  measure(operations: number): number {
    const goal = this.#answers + operations;
    const before = process.cpuUsage();
    const start = this.#answers;
    while (this.#answers < goal) this.#step();
    const { user } = process.cpuUsage(before);
    return user / (this.#answers - start);
  }

  #step(): void {
    this.#nowMs += hopMs;
    for (const [place, node] of this.#nodes.entries()) {
      const inbox = this.#inboxes[place] ?? [];
      if (inbox.length > 0) {
        this.#inboxes[place] = [];
        node.receive(Buffer.from(`${inbox.join('\n')}\n`), this.#nowMs);
      } else if (node.nextDeadlineMs(this.#nowMs) > this.#nowMs) continue;
      for (const line of node.turn(this.#nowMs).lines) this.#deliver(line);
    }
  }

  #deliver(line: string): void {
    const kind = line[destinationAt];
    if (kind === 'n') return void this.#inboxes[Number(line[clientNumberAt])]?.push(line);
    if (kind !== 'c') return undefined;
    this.#answers += 1;
    if (line.includes('"type":"error"')) this.#errors += 1;
    return this.#ask(Number.parseInt(line.slice(clientNumberAt, clientNumberAt + 6), 10));
  }

  #ask(client: number): void {
    const id = this.#nextMessageId;
    this.#nextMessageId += 1;
    const place = client % nodeCount;
    const key = (Math.floor(id / 2) * 7919) % keyCount;
    const what = id % 2 === 0 ? `"type":"read","msg_id":${id},"key":${key}` : `"type":"write","msg_id":${id},"key":${key},"value":"v${id % 10_000_000}"`;
    this.#inboxes[place]?.push(`{"src":"c${client}","dest":"n${place}","body":{${what}}}`);
  }
}

/** A cluster of the nodes of a tree that was built. */
async function clusterOf(tree: string, clientCount: number): Promise<Cluster> {
  const load = (file: string) => import(pathToFileURL(join(tree, 'dist', 'src', file)).href);
  const [node, storage, services] = await Promise.all([
    load('stdio/node.js') as Promise<typeof import('../../src/stdio/node.ts')>,
    load('storage/memory-storage.js') as Promise<typeof import('../../src/storage/memory-storage.ts')>,
    load('services/kv/service.js') as Promise<typeof import('../../src/services/kv/service.ts')>,
  ]);
  const nodes = Array.from({ length: nodeCount }, (_, place) => new node.Node({
    electionTimeoutMs: 500,
    heartbeatMs: 150,
    maxPending: 10_000,
    snapshots: { snapshotEntries: 100_000, snapshotBytes: 32 * 1024 * 1024, keepEntries: 10_000, keepBytes: 16 * 1024 * 1024 },
    openStorage: () => new storage.MemoryStorage(),
    service: services.kv,
    seed: 1,
    lifeSeed: 12_345 + place,
  }));
  return new Cluster(nodes, clientCount);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function compare(clientCount: number): Promise<string> {
  const clusters = [await clusterOf(values.tree, clientCount), await clusterOf(values.vs, clientCount)] as const;
  const operations = Number(values.operations);
  for (const cluster of clusters) cluster.measure(operations);
  const rounds = Array.from({ length: Number(values.rounds) }, (_, round) => {
    // Who comes first changes.
    if (round % 2 === 0) return { own: clusters[0].measure(operations), other: clusters[1].measure(operations) };
    const other = clusters[1].measure(operations);
    return { own: clusters[0].measure(operations), other };
  });
  const cells = [
    String(clientCount),
    median(rounds.map(({ own }) => own)).toFixed(1),
    median(rounds.map(({ other }) => other)).toFixed(1),
    median(rounds.map(({ own, other }) => own / other)).toFixed(2),
    rounds.map(({ own, other }) => (own / other).toFixed(2)).toSorted().join(' '),
    clusters.map(({ errors }) => errors).join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

console.log('| clients | us an operation | the other | ratio | of the rounds | errors |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const clientCount of values.clients.split(',')) console.log(await compare(Number(clientCount)));
