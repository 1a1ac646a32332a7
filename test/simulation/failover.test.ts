import { expect, it } from 'vitest';
import type { Body } from '../../maelstrom/cluster/cluster.ts';
import { initialize } from '../../maelstrom/cluster/init.ts';
import { SimulatedCluster } from '../../maelstrom/cluster/simulated.ts';
import { Network } from '../../maelstrom/network.ts';
import type { Latency } from '../../maelstrom/network.ts';
import { quantiles } from '../../maelstrom/report/figures.ts';
import { Random } from '../../src/index.ts';

/** P of the design. */
const electionTimeoutMs = 500;
const writeIntervalMs = 10;
const cutsOfEachKind = 50;
/** A majority that has not answered by then is taken for one that never will. */
const givenUpAfterMs = 20 * electionTimeoutMs;

const kinds: readonly { readonly nodeCount: number; readonly latency: Latency }[] = [
  { nodeCount: 3, latency: { meanMs: 1, distribution: 'constant' } },
  { nodeCount: 3, latency: { meanMs: 10, distribution: 'exponential' } },
  { nodeCount: 5, latency: { meanMs: 1, distribution: 'constant' } },
  { nodeCount: 5, latency: { meanMs: 10, distribution: 'exponential' } },
];

it('when the leader is cut off the others answer again: median within 2 P, 99th percentile within 4 P', () => {
  const failoversMs = kinds.flatMap(({ nodeCount, latency }) => {
    return Array.from({ length: cutsOfEachKind }, (_, seed) => failoverMs(nodeCount, latency, seed));
  });
  const { p50, p99, max } = quantiles(failoversMs);
  const figures = `median ${p50} ms, 99th percentile ${p99} ms, longest ${max} ms`;
  console.log(`failover, ${failoversMs.length} cuts, P = ${electionTimeoutMs} ms: ${figures}`);
  expect(p50).toBeLessThanOrEqual(2 * electionTimeoutMs);
  expect(p99).toBeLessThanOrEqual(4 * electionTimeoutMs);
});

/**
 * With clients writing on all nodes the leader is cut off: how long it takes until a write that was begun after the cut
 * succeeds on another node, in whole milliseconds of virtual time.
 */
function failoverMs(nodeCount: number, latency: Latency, seed: number): number {
  const random = new Random(seed);
  const nodeIds = Array.from({ length: nodeCount }, (_, place) => `n${place + 1}`);
  const cluster = new SimulatedCluster({ nodeIds, random, electionTimeoutMs }, new Network(nodeIds, latency, random));
  initialize(cluster, (failures) => expect(failures).toEqual([]));
  cluster.runFor(1);

  const writers = new Writers(cluster);
  cluster.runFor(300 + 300 * random.fraction());
  for (const nodeId of nodeIds) expect(writers.hasOk([nodeId], 0)).toBe(true);

  const leader = writers.askForLeader();
  const others = nodeIds.filter((nodeId) => nodeId !== leader);
  cluster.network.cut({ [leader]: others, ...Object.fromEntries(others.map((nodeId) => [nodeId, [leader]])) });
  const firstWriteAfterCut = writers.nextMessageId;
  for (let passedMs = 1; passedMs < givenUpAfterMs; passedMs += 1) {
    cluster.runFor(1);
    if (writers.hasOk(others, firstWriteAfterCut)) return passedMs;
  }
  return Infinity;
}

/** A client for each node, who begins a write every few milliseconds, whatever has become of those before. */
class Writers {
  readonly #cluster: SimulatedCluster;
  #nextMessageId = 0;
  /** Node -> the latest of its writes that succeeded. */
  readonly #latestOk = new Map<string, number>();
  /** Node -> who it takes for the leader. */
  readonly #leaders = new Map<string, unknown>();

  constructor(cluster: SimulatedCluster) {
    this.#cluster = cluster;
    cluster.onClientMessage(({ src, body }) => {
      const { type, in_reply_to: messageId = 0 } = body;
      if (type === 'write_ok') this.#latestOk.set(src, Math.max(messageId, this.#latestOk.get(src) ?? 0));
      if (type === 'raft_status_ok') this.#leaders.set(src, body['leader']);
    });
    this.#writeOnAll();
  }

  get nextMessageId(): number {
    return this.#nextMessageId;
  }

  /** Whether a write on one of these nodes succeeded that has this number or a later one. */
  hasOk(nodeIds: readonly string[], messageId: number): boolean {
    return nodeIds.some((nodeId) => (this.#latestOk.get(nodeId) ?? -1) >= messageId);
  }

  /** The node that all take for the leader. */
  askForLeader(): string {
    for (const dest of this.#cluster.nodeIds) this.#send(dest, { type: 'raft_status' });
    this.#cluster.runFor(0);
    const [leader, ...others] = new Set(this.#leaders.values());
    if (typeof leader !== 'string' || others.length > 0) throw new Error('the nodes disagree on their leader');
    return leader;
  }

  #writeOnAll(): void {
    for (const nodeId of this.#cluster.nodeIds) {
      this.#send(nodeId, { type: 'write', key: nodeId, value: this.#nextMessageId });
    }
    this.#cluster.after(writeIntervalMs, () => this.#writeOnAll());
  }

  #send(dest: string, body: Body): void {
    const src = `c${1 + this.#cluster.nodeIds.indexOf(dest)}`;
    this.#cluster.send({ src, dest, body: { ...body, msg_id: this.#nextMessageId } });
    this.#nextMessageId += 1;
  }
}
