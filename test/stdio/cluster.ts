import type { Body } from '../../maelstrom/cluster/cluster.ts';
import { SimulatedCluster } from '../../maelstrom/simulation/simulated-cluster.ts';
import type { SimulatedClusterOptions } from '../../maelstrom/simulation/simulated-cluster.ts';
import { Network } from '../../maelstrom/network/network.ts';
import type { RequestBody } from '../requests.ts';
import { Random } from '../../src/raft/random.ts';

/** What a client was told, and when. */
export interface Told {
  readonly atMs: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** P of the clusters here. */
export const electionTimeoutMs = 500;

/** How long a message between two nodes takes. */
export const latencyMs = 10;

/** Simulated nodes with one client, which sees every answer. All is in virtual time. */
export class TestCluster {
  readonly cluster: SimulatedCluster;
  readonly #answers = new Map<unknown, Told[]>();
  #nextMessageId = 1;

  /** All nodes are up; the first of them will lead term 1. */
  constructor(nodeCount: number, options: Partial<SimulatedClusterOptions> = {}) {
    const nodeIds = ['n1', 'n2', 'n3', 'n4', 'n5'].slice(0, nodeCount);
    const network = new Network(nodeIds, { meanMs: latencyMs, distribution: 'constant' }, new Random(1));
    this.cluster = new SimulatedCluster({ nodeIds, random: new Random(1), electionTimeoutMs, ...options }, network);
    this.cluster.onClientMessage(({ body }) => {
      const told = this.#answers.get(body.in_reply_to) ?? [];
      this.#answers.set(body.in_reply_to, [...told, { atMs: this.cluster.nowMs(), body: withoutNumbers(body) }]);
    });
  }

  /** All nodes know who they are, and follow n1. */
  static ready(nodeCount: number, options: Partial<SimulatedClusterOptions> = {}): TestCluster {
    const made = new TestCluster(nodeCount, options);
    for (const nodeId of made.cluster.nodeIds) {
      made.send(nodeId, { type: 'init', node_id: nodeId, node_ids: made.cluster.nodeIds });
    }
    made.cluster.runFor(300);
    return made;
  }

  /** Sends a client's request; the answer is found under the number that this returns. */
  send(nodeId: string, body: RequestBody | Body): number {
    const msgId = this.#nextMessageId;
    this.#nextMessageId += 1;
    this.cluster.send({ src: 'c1', dest: nodeId, body: { ...body, msg_id: msgId } });
    return msgId;
  }

  /** All answers to a request, in the order in which they came. A correct node gives one at most. */
  told(msgId: number): readonly Told[] {
    return this.#answers.get(msgId) ?? [];
  }

  /** The bodies of all answers to a request. */
  answers(msgId: number): readonly Told['body'][] {
    return this.told(msgId).map(({ body }) => body);
  }

  /** Sends a request, and gives its answer as soon as there is one. */
  ask(nodeId: string, body: RequestBody): Told['body'] | undefined {
    const msgId = this.send(nodeId, body);
    for (let waitedMs = 0; waitedMs < 20_000 && this.told(msgId).length === 0; waitedMs += 1) this.cluster.runFor(1);
    return this.answers(msgId)[0];
  }

  /** The commands in a node's log, in order; null is a leader's no-op. */
  commandsIn(nodeId: string): readonly unknown[] {
    const entries = this.ask(nodeId, { type: 'raft_log' })?.['entries'];
    return Array.isArray(entries) ? entries.map((entry) => entry.command) : [];
  }

  /** From now on nobody hears this node, and it hears nobody. */
  isolate(nodeId: string): void {
    const others = this.cluster.nodeIds.filter((other) => other !== nodeId);
    this.cluster.network.cut({ [nodeId]: others, ...Object.fromEntries(others.map((other) => [other, [nodeId]])) });
  }

  /** From now on this node hears nobody, but is heard. */
  deafen(nodeId: string): void {
    this.cluster.network.cut({ [nodeId]: this.cluster.nodeIds.filter((other) => other !== nodeId) });
  }

  heal(): void {
    this.cluster.network.heal();
  }
}

function withoutNumbers({ msg_id: _, in_reply_to: __, ...body }: Told['body']): Told['body'] {
  return body;
}
