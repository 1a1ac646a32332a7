import type { Machine } from './machine.ts';
import { SimulatedNetwork } from './network.ts';
import type { NetworkOptions } from './network.ts';
import type { Program } from './program.ts';
import type { VirtualTime } from './virtual-time.ts';
import { readHead } from './wire.ts';
import type { Head } from './wire.ts';

export interface WorldOptions<Running extends Program> {
  readonly time: VirtualTime;
  readonly nodeIds: readonly string[];
  readonly network: Pick<NetworkOptions, 'random' | 'traffic' | 'passes' | 'count'>;
  /** A machine whose node is down still. It hands each line that its node writes to `onLine`. */
  readonly newMachine: (nodeId: string, onLine: (line: string) => void) => Machine<Running>;
  readonly events: WorldEvents;
}

/** What passes between the machines, and what leaves them. */
export interface WorldEvents {
  /**
   * A node sends a line to another. Returns the lines that the network carries in its place, or nothing for the line
   * itself.
   */
  readonly onSend?: (from: string, head: Head, line: string) => readonly string[] | undefined;
  /** A line arrives at a node. */
  readonly onArrive?: (to: string, line: string) => void;
  /** A node writes a line that is for no node. `head` is undefined where it is no message. */
  readonly onAnswer: (from: string, line: string, head: Head | undefined) => void;
}

/**
 * A cluster in virtual time: machines, each with a clock, a disk and a node, and the network between them. Everything
 * that needs such a cluster drives this one: a test that asks for a `Cluster`, the seeds of `eddy sim`, a scenario.
 */
export class World<Running extends Program = Program> {
  readonly time: VirtualTime;
  readonly network: SimulatedNetwork;
  readonly machines: readonly Machine<Running>[];
  readonly #machines: ReadonlyMap<string, Machine<Running>>;
  readonly #events: WorldEvents;

  constructor({ time, nodeIds, network, newMachine, events }: WorldOptions<Running>) {
    this.time = time;
    this.#events = events;
    this.network = new SimulatedNetwork({ ...network, nodeIds, time, deliver: (to, line) => this.deliver(to, line) });
    this.#machines = new Map(nodeIds.map((nodeId) => {
      return [nodeId, newMachine(nodeId, (line) => this.#route(nodeId, line))];
    }));
    this.machines = [...this.#machines.values()];
  }

  has(nodeId: string): boolean {
    return this.#machines.has(nodeId);
  }

  machine(nodeId: string): Machine<Running> {
    const machine = this.#machines.get(nodeId);
    if (machine === undefined) throw new Error(`there is no node ${nodeId}`);
    return machine;
  }

  /** A line arrives at a node: from the network, or from a client. */
  deliver(to: string, line: string): void {
    this.#events.onArrive?.(to, line);
    this.machine(to).deliver(line);
  }

  #route(from: string, line: string): void {
    const { onSend, onAnswer } = this.#events;
    const head = readHead(line);
    if (head === undefined || !this.#machines.has(head.dest)) return onAnswer(from, line, head);
    const carried = onSend?.(from, head, line);
    if (carried === undefined) return this.network.carry(from, head.dest, line);
    for (const one of carried) this.network.carry(from, head.dest, one);
    return undefined;
  }
}
