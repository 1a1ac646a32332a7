import type { Body, Cluster, Finding, Message } from '../../maelstrom/cluster/cluster.ts';
import { Schedule } from '../../maelstrom/cluster/schedule.ts';
import type { Network } from '../../maelstrom/network/network.ts';

/** What a node does with a message; `send` sends one of its own. */
export type Behaviour = (message: Message, send: (dest: string, body: Body) => void) => void;

/** More calls than this in one run are taken for a loop that does not end. */
const maxCalls = 1_000_000;

/** A cluster in virtual time whose nodes are functions. Nothing happens except in `run`. */
export class VirtualCluster implements Cluster {
  readonly nodeIds: readonly string[];
  readonly network: Network;
  /** What was done to the nodes, as `kill n1`; none of it has an effect here. */
  readonly faults: string[] = [];
  /** Those that cannot be paused. */
  readonly down = new Set<string>();
  readonly #behaviours: ReadonlyMap<string, Behaviour>;
  readonly #schedule = new Schedule<() => void>();
  #nowMs = 0;
  #onClientMessage: (message: Message) => void = () => {};
  #onFinding: (finding: Finding) => void = () => {};

  constructor(network: Network, behaviours: Readonly<Record<string, Behaviour>>) {
    this.nodeIds = Object.keys(behaviours);
    this.network = network;
    this.#behaviours = new Map(Object.entries(behaviours));
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): () => void {
    let isCancelled = false;
    this.#schedule.add(this.#nowMs + delayMs, () => {
      if (!isCancelled) action();
    });
    return () => {
      isCancelled = true;
    };
  }

  send(message: Message): void {
    const delayMs = this.network.send(message.src, message.dest);
    this.#schedule.add(this.#nowMs + delayMs, () => this.#deliver(message));
  }

  onClientMessage(listener: (message: Message) => void): void {
    this.#onClientMessage = listener;
  }

  onFinding(listener: (finding: Finding) => void): void {
    this.#onFinding = listener;
  }

  kill(nodeId: string): void {
    this.faults.push(`kill ${nodeId}`);
  }

  restart(nodeId: string): void {
    this.faults.push(`restart ${nodeId}`);
  }

  pause(nodeId: string): boolean {
    if (this.down.has(nodeId)) return false;
    this.faults.push(`pause ${nodeId}`);
    return true;
  }

  resume(nodeId: string): void {
    this.faults.push(`resume ${nodeId}`);
  }

  find(finding: Finding): void {
    this.#onFinding(finding);
  }

  /** Lets everything happen that is due by `untilMs`, and sets the clock there. */
  run(untilMs: number): void {
    for (let calls = 0; calls < maxCalls; calls += 1) {
      const nextAtMs = this.#schedule.nextAtMs();
      if (nextAtMs === undefined || nextAtMs > untilMs) {
        this.#nowMs = untilMs;
        return;
      }
      this.#nowMs = Math.max(this.#nowMs, nextAtMs);
      this.#schedule.takeDue(nextAtMs)?.();
    }
    throw new Error(`still busy after ${maxCalls} calls`);
  }

  #deliver(message: Message): void {
    const { src, dest } = message;
    if (!this.network.deliver(src, dest)) return;
    const behaviour = this.#behaviours.get(dest);
    if (behaviour === undefined) this.#onClientMessage(message);
    else behaviour(message, (to, body) => this.send({ src: dest, dest: to, body }));
  }
}
