import type { RaftConfig, Random, SnapshotPolicy, Storage } from '../../src/index.ts';
import type { Cluster, Finding, Message } from '../cluster/cluster.ts';
import { readEnvelope } from '../cluster/envelope.ts';
import { RestartedNodes } from '../cluster/restarted-nodes.ts';
import { observerId } from '../network/client-names.ts';
import type { Network } from '../network/network.ts';
import { Clock } from './world/clock.ts';
import { Machine } from './world/machine.ts';
import { MemoryDisk } from './world/memory-disk.ts';
import type { Traffic } from './world/network.ts';
import type { Program } from './world/program.ts';
import { raftNode } from './world/raft-node.ts';
import { VirtualTime } from './world/virtual-time.ts';
import { World } from './world/world.ts';

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
  /** What runs in place of our own node. `write` hands on a line that it writes at once, and not at the end of a turn. */
  readonly program?: (nodeId: string, write: (line: string) => void) => Program;
}

/** Sees every line from node to node as it leaves, before the network has its say. */
export type Watcher = (line: string, nowMs: number) => void;

/**
 * A world with the face of a `Cluster`, in virtual time: whole nodes of ours (everything below `main.ts` of the real
 * program), or others that are given. The same seed gives the same run, event by event.
 */
export class SimulatedCluster implements Cluster {
  readonly nodeIds: readonly string[];
  readonly network: Network;
  readonly #options: SimulatedClusterOptions;
  readonly #world: World;
  /** Who may be answered: those that have asked something, and the observer. */
  readonly #clients = new Set<string>([observerId]);
  readonly #restarted = new RestartedNodes(this, (nodeId, what) => this.#report('not-restarted', nodeId, what));
  #onClientMessage: (message: Message) => void = () => {};
  #onFinding: (finding: Finding) => void = () => {};
  #watch: Watcher = () => {};

  /** All nodes are up, and wait for `init`. */
  constructor(options: SimulatedClusterOptions, network: Network) {
    this.nodeIds = options.nodeIds;
    this.network = network;
    this.#options = options;
    const time = new VirtualTime();
    this.#world = new World({
      time,
      nodeIds: options.nodeIds,
      network: {
        random: options.random,
        traffic: this.#traffic(),
        passes: (from, to) => network.deliver(from, to),
      },
      newMachine: (nodeId, onLine) => this.#newMachine(nodeId, time, onLine),
      events: {
        onSend: (_, __, line) => {
          this.#watch(line, this.nowMs());
          return undefined;
        },
        onAnswer: (from, line) => this.#answer(from, line),
      },
    });
    for (const machine of this.#world.machines) machine.start();
  }

  nowMs(): number {
    return this.#world.time.nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#world.time.after(delayMs, run);
  }

  send(message: Message): void {
    this.#clients.add(message.src);
    this.network.send(message.src, message.dest);
    if (this.#world.has(message.dest)) this.#world.deliver(message.dest, JSON.stringify(message));
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
    this.#world.time.runUntil(untilMs);
  }

  runFor(durationMs: number): void {
    this.runUntil(this.nowMs() + durationMs);
  }

  /** What the node's disk had not finished writing is gone, and so is what waited for the node. */
  kill(nodeId: string): void {
    this.#world.machine(nodeId).kill();
    this.#restarted.delete(nodeId);
  }

  restart(nodeId: string): void {
    this.kill(nodeId);
    this.#world.machine(nodeId).start();
    this.#restarted.add(nodeId);
  }

  /** The node takes no turn, not even when its timers want one. Its disk goes on. */
  pause(nodeId: string): boolean {
    const machine = this.#world.machine(nodeId);
    if (!machine.isUp) return false;
    machine.pause();
    this.#restarted.pause(nodeId);
    return true;
  }

  /** The node takes all that waited for it in one turn. */
  resume(nodeId: string): void {
    const machine = this.#world.machine(nodeId);
    if (!machine.isPaused) return;
    this.#restarted.resume(nodeId);
    machine.resume();
  }

  /** Latency and counts are the network's; a second copy travels, and counts, like the first. */
  #traffic(): Traffic {
    const { lossRate = 0, duplicationRate = 0 } = this.#options;
    const delayMs = (from: string, to: string): number => this.network.send(from, to);
    return { delayMs, lateMs: delayMs, lossRate, duplicationRate, reorderingRate: 0, keepsOrder: false };
  }

  /** All nodes have one clock, and it is right. */
  #newMachine(nodeId: string, time: VirtualTime, onLine: (line: string) => void): Machine {
    const { program, maxDiskDelayMs = 0, random } = this.#options;
    const disk = new MemoryDisk(time, maxDiskDelayMs === 0 ? 'at once' : () => maxDiskDelayMs * random.fraction());
    return new Machine({
      nodeId,
      time,
      clock: new Clock(time),
      disk,
      boot: (openStorage) => program?.(nodeId, onLine) ?? this.#raftNode(openStorage),
      turnDelayMs: () => 0,
      hasTimers: true,
      events: {
        onOutput: ({ lines }) => lines.forEach(onLine),
        onThrow: (error) => {
          throw error;
        },
      },
    });
  }

  #raftNode(openStorage: () => Storage): Program {
    const { electionTimeoutMs, heartbeatMs, maxPending, snapshots, readMode = 'read-index', random } = this.#options;
    const seed = random.integer(2 ** 32);
    return raftNode({ electionTimeoutMs, heartbeatMs, maxPending, snapshots, raft: { readMode }, openStorage, seed });
  }

  #answer(src: string, line: string): void {
    const envelope = readEnvelope(line, src, { nodes: this.#world, clients: this.#clients });
    if (envelope.kind === 'malformed') this.#report('malformed-output', src, envelope.what, line);
    if (envelope.kind !== 'to-client') return;
    this.network.send(src, envelope.message.dest);
    this.#restarted.receive(envelope.message);
    this.#onClientMessage(envelope.message);
  }

  #report(kind: Finding['kind'], nodeId: string, what: string, line?: string): void {
    const finding = { kind, nodeId, atMs: this.nowMs(), what, stderrTail: [] };
    this.#onFinding(line === undefined ? finding : { ...finding, line });
  }
}
