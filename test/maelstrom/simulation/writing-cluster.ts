import type { Body } from '../../../maelstrom/cluster/cluster.ts';
import { initialize } from '../../../maelstrom/cluster/init.ts';
import { SimulatedCluster } from '../../../maelstrom/simulation/simulated-cluster.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import type { Latency } from '../../../maelstrom/network/network.ts';
import { Random } from '../../../src/index.ts';

export interface WritingClusterOptions {
  readonly nodeCount: number;
  readonly latency: Latency;
  readonly seed: number;
  /** A client of each node begins a write every so many milliseconds, whatever has become of those before; or only one. */
  readonly writeIntervalMs: number;
  /** A write to a disk takes up to this long. */
  readonly maxDiskDelayMs: number;
}

/** A question that a node asks before it campaigns, or the first message of a new leader. */
export interface ElectionStep {
  readonly type: 'pre_vote' | 'request_vote' | 'leads';
  readonly nodeId: string;
  readonly term: number;
  readonly atMs: number;
}

export interface Success {
  readonly nodeId: string;
  readonly beganAtMs: number;
  readonly atMs: number;
}

/** Our own nodes with the defaults of their flags, in virtual time, all of them written to, and what is seen of them. */
export class WritingCluster {
  readonly cluster: SimulatedCluster;
  /** Each candidacy and each new leader, in the order of time; a question that goes to all peers stands here once. */
  readonly steps: ElectionStep[] = [];
  /** Called with each write that succeeds. */
  onSuccess: (success: Success) => void = () => {};
  readonly #writeIntervalMs: number;
  /** When each write began; its place is its message id. */
  readonly #beganAtMs: number[] = [];
  #leaderTerm = 0;

  constructor({ nodeCount, latency, seed, writeIntervalMs, maxDiskDelayMs }: WritingClusterOptions) {
    const random = new Random(seed);
    const nodeIds = Array.from({ length: nodeCount }, (_, place) => `n${place + 1}`);
    const network = new Network(nodeIds, latency, random);
    this.cluster = new SimulatedCluster({ nodeIds, random, maxDiskDelayMs }, network);
    this.#writeIntervalMs = writeIntervalMs;
    this.cluster.onSend((line, nowMs) => this.#watch(line, nowMs));
    initialize(this.cluster, (failures) => {
      if (failures.length > 0) throw new Error(JSON.stringify(failures));
    });
    this.cluster.runFor(10 + maxDiskDelayMs);
    this.cluster.onClientMessage(({ src, body }) => {
      const beganAtMs = this.#beganAtMs[body.in_reply_to ?? -1];
      if (body.type !== 'write_ok' || beganAtMs === undefined) return;
      this.onSuccess({ nodeId: src, beganAtMs, atMs: this.cluster.nowMs() });
    });
    this.#writeOnAll();
  }

  /** Who leads the newest term in which anybody has led. */
  get leader(): string {
    return this.steps.findLast(({ type }) => type === 'leads')?.nodeId ?? 'n1';
  }

  #watch(line: string, atMs: number): void {
    const isStep = /"type":"(pre_vote|request_vote|append_entries)"/.test(line);
    if (!isStep) return;
    const { src, body } = JSON.parse(line) as { readonly src: string; readonly body: Body & { readonly term: number } };
    const { type, term } = body;
    if (type === 'append_entries') {
      if (term <= this.#leaderTerm) return;
      this.#leaderTerm = term;
      this.steps.push({ type: 'leads', nodeId: src, term, atMs });
    } else if (type === 'pre_vote' || type === 'request_vote') {
      const isKnown = this.steps.some((step) => {
        return step.type === type && step.nodeId === src && step.term === term && step.atMs === atMs;
      });
      if (!isKnown) this.steps.push({ type, nodeId: src, term, atMs });
    }
  }

  #writeOnAll(): void {
    const { cluster } = this;
    for (const [place, dest] of cluster.nodeIds.entries()) {
      const body = { type: 'write', key: dest, value: this.#beganAtMs.length, msg_id: this.#beganAtMs.length };
      this.#beganAtMs.push(cluster.nowMs());
      cluster.send({ src: `c${place + 1}`, dest, body });
    }
    if (this.#writeIntervalMs < Infinity) cluster.after(this.#writeIntervalMs, () => this.#writeOnAll());
  }
}
