import { defaultSnapshotPolicy, KeyValueStore } from '../../src/index.ts';
import type { RaftConfig, Random, SnapshotPolicy } from '../../src/index.ts';
import { Node } from '../../src/stdio/node.ts';
import type { Network } from '../network/network.ts';
import { Clock } from './clock.ts';
import { SimulatedProcess } from './simulated-process.ts';
import { VirtualTime } from './virtual-time.ts';
import type { Cluster, Finding, Message } from '../cluster/cluster.ts';
import { readEnvelope } from '../cluster/envelope.ts';
import { RestartedNodes } from '../cluster/restarted-nodes.ts';
import { SimulatedDisk } from './simulated-disk.ts';

export interface SimulatedClusterOptions {
  readonly nodeIds: readonly string[];
  /** Everything that happens by chance is drawn from it. */
  readonly random: Random;
  /** As the node's flags of these names. */
  readonly electionTimeoutMs?: number;
  readonly heartbeatMs?: number;
  readonly maxPending?: number;
  readonly snapshots?: SnapshotPolicy;
  readonly readMode?: RaftConfig['readMode'];
  /** Of the messages between nodes, the share that is lost, and the share that arrives twice. */
  readonly lossRate?: number;
  readonly duplicationRate?: number;
  /** A write to a disk takes up to this long; 0 is the in-memory twin. */
  readonly maxDiskDelayMs?: number;
}

interface SimulatedNode {
  readonly process: SimulatedProcess;
  readonly disk: SimulatedDisk;
}

/** Sees every line from node to node as it leaves, before the network has its say. */
export type Watcher = (line: string, nowMs: number) => void;

/**
 * Whole nodes in one process, in virtual time: everything below `main.ts` of the real program runs; clock, chance,
 * network and disks are simulated. The same seed gives the same run, event by event.
 */
export class SimulatedCluster implements Cluster {
  readonly nodeIds: readonly string[];
  readonly network: Network;
  readonly #options: SimulatedClusterOptions;
  readonly #random: Random;
  readonly #time = new VirtualTime();
  /** All nodes have one clock, and it is right. */
  readonly #clock = new Clock(this.#time);
  /** The latest incarnation of each node. */
  readonly #nodes = new Map<string, SimulatedNode>();
  readonly #clients = new Set<string>();
  readonly #restarted = new RestartedNodes(this, (nodeId, what) => this.#report('not-restarted', nodeId, what));
  #onClientMessage: (message: Message) => void = () => {};
  #onFinding: (finding: Finding) => void = () => {};
  #watch: Watcher = () => {};

  /** All nodes are up, and wait for `init`. */
  constructor(options: SimulatedClusterOptions, network: Network) {
    this.nodeIds = options.nodeIds;
    this.network = network;
    this.#options = options;
    this.#random = options.random;
    for (const nodeId of options.nodeIds) this.#start(nodeId);
  }

  nowMs(): number {
    return this.#time.nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#time.after(delayMs, run);
  }

  send(message: Message): void {
    this.#clients.add(message.src);
    this.network.send(message.src, message.dest);
    this.#deliver(message.dest, JSON.stringify(message));
  }

  onClientMessage(listener: (message: Message) => void): void {
    this.#onClientMessage = listener;
  }

  onFinding(listener: (finding: Finding) => void): void {
    this.#onFinding = listener;
  }

  /** Calls `listener` with every line that a node sends to another. */
  onSend(listener: Watcher): void {
    this.#watch = listener;
  }

  /** Lets time pass. Whatever is due by `untilMs` has happened when it returns. */
  runUntil(untilMs: number): void {
    this.#time.runUntil(untilMs);
  }

  runFor(durationMs: number): void {
    this.#time.runUntil(this.#time.nowMs + durationMs);
  }

  /** What the node's disk had not finished writing is gone, and so is what waited for the node. */
  kill(nodeId: string): void {
    this.#node(nodeId).process.kill();
    this.#restarted.delete(nodeId);
  }

  restart(nodeId: string): void {
    this.kill(nodeId);
    this.#start(nodeId);
    this.#restarted.add(nodeId);
  }

  /** The node takes no turn, not even when its timers want one. Its disk goes on. */
  pause(nodeId: string): boolean {
    const { process } = this.#node(nodeId);
    if (!process.isUp) return false;
    process.pause();
    this.#restarted.pause(nodeId);
    return true;
  }

  /** The node takes all that waited for it in one turn. */
  resume(nodeId: string): void {
    const { process } = this.#node(nodeId);
    if (!process.isPaused) return;
    this.#restarted.resume(nodeId);
    process.resume();
  }

  #node(nodeId: string): SimulatedNode {
    const found = this.#nodes.get(nodeId);
    if (found === undefined) throw new Error(`there is no node ${nodeId}`);
    return found;
  }

  #start(nodeId: string): void {
    const { electionTimeoutMs = 500, heartbeatMs = 150, maxPending = 16_384 } = this.#options;
    const disk = new SimulatedDisk(this.#nodes.get(nodeId)?.disk.contents, () => this.#write(process, disk));
    const node = new Node({
      electionTimeoutMs,
      heartbeatMs,
      maxPending,
      snapshots: this.#options.snapshots ?? defaultSnapshotPolicy,
      raft: { readMode: this.#options.readMode ?? 'read-index' },
      openStorage: () => disk,
      stateMachine: new KeyValueStore(),
      seed: this.#random.integer(2 ** 32),
    });
    const process: SimulatedProcess = new SimulatedProcess({
      node,
      time: this.#time,
      clock: this.#clock,
      turnDelayMs: () => 0,
      onOutput: ({ lines }) => lines.forEach((line) => this.#route(nodeId, line)),
      onStep: () => {},
      onThrow: (error) => {
        throw error;
      },
    });
    this.#nodes.set(nodeId, { process, disk });
  }

  #write(process: SimulatedProcess, disk: SimulatedDisk): void {
    const { maxDiskDelayMs = 0 } = this.#options;
    if (maxDiskDelayMs === 0) return disk.finishWrite();
    this.after(maxDiskDelayMs * this.#random.fraction(), () => {
      if (!process.isUp) return;
      disk.finishWrite();
      process.planTurn();
    });
    return undefined;
  }

  #route(src: string, line: string): void {
    const envelope = readEnvelope(line, src, { nodes: this.#nodes, clients: this.#clients });
    switch (envelope.kind) {
      case 'malformed':
        this.#report('malformed-output', src, envelope.what, line);
        return;
      case 'to-client':
        this.network.send(src, envelope.message.dest);
        this.#restarted.receive(envelope.message);
        this.#onClientMessage(envelope.message);
        return;
      case 'to-node':
        this.#carry(src, envelope.dest, line);
    }
  }

  #report(kind: Finding['kind'], nodeId: string, what: string, line?: string): void {
    const finding = { kind, nodeId, atMs: this.nowMs(), what, stderrTail: [] };
    this.#onFinding(line === undefined ? finding : { ...finding, line });
  }

  #carry(src: string, dest: string, line: string): void {
    const { lossRate = 0, duplicationRate = 0 } = this.#options;
    this.#watch(line, this.nowMs());
    const copies = this.#random.fraction() < duplicationRate ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const delayMs = this.network.send(src, dest);
      if (this.#random.fraction() < lossRate) continue;
      this.after(delayMs, () => {
        if (this.network.deliver(src, dest)) this.#deliver(dest, line);
      });
    }
  }

  #deliver(dest: string, line: string): void {
    this.#nodes.get(dest)?.process.deliver(line);
  }
}
