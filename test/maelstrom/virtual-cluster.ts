import type { Body, Cluster, Finding, Message } from '../../maelstrom/cluster/cluster.ts';
import type { Network } from '../../maelstrom/network/network.ts';
import { SimulatedCluster } from '../../maelstrom/simulation/simulated-cluster.ts';
import type { Program } from '../../maelstrom/simulation/world/program.ts';
import { Random } from '../../src/index.ts';

/** What a node does with a message; `send` sends one of its own. */
export type Behaviour = (message: Message, send: (dest: string, body: Body) => void) => void;

/** A simulated cluster whose nodes are functions. Nothing happens except in `run`. */
export class VirtualCluster implements Cluster {
  readonly nodeIds: readonly string[];
  readonly network: Network;
  /** What was done to the nodes, as `kill n1`; none of it has an effect here. */
  readonly faults: string[] = [];
  /** Those that cannot be paused. */
  readonly down = new Set<string>();
  readonly #cluster: SimulatedCluster;
  #onFinding: (finding: Finding) => void = () => {};

  constructor(network: Network, behaviours: Readonly<Record<string, Behaviour>>) {
    this.nodeIds = Object.keys(behaviours);
    this.network = network;
    const program = (nodeId: string, write: (line: string) => void): Program => {
      return programOf(nodeId, behaviours[nodeId] ?? (() => {}), write);
    };
    this.#cluster = new SimulatedCluster({ nodeIds: this.nodeIds, random: new Random(1), program }, network);
    this.#cluster.onFinding((finding) => this.#onFinding(finding));
  }

  nowMs(): number {
    return this.#cluster.nowMs();
  }

  after(delayMs: number, action: () => void): () => void {
    return this.#cluster.after(delayMs, action);
  }

  send(message: Message): void {
    this.#cluster.send(message);
  }

  onClientMessage(listener: (message: Message) => void): void {
    this.#cluster.onClientMessage(listener);
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
    this.#cluster.runUntil(untilMs);
  }
}

/** A node that does what it does with each message at once, and has no timers. */
function programOf(src: string, behaviour: Behaviour, write: (line: string) => void): Program {
  return {
    receive: (bytes) => {
      const message: Message = JSON.parse(bytes.toString());
      behaviour(message, (dest, body) => write(JSON.stringify({ src, dest, body })));
    },
    turn: () => ({ lines: [], log: [] }),
    nextDeadlineMs: () => Infinity,
  };
}
