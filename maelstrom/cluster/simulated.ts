import { defaultSnapshotPolicy, KeyValueStore } from '../../src/index.ts';
import type { Random, SnapshotPolicy } from '../../src/index.ts';
import { Node } from '../../src/node.ts';
import type { Network } from '../network.ts';
import type { Cluster, Finding, Message } from './cluster.ts';
import { readEnvelope } from './envelope.ts';
import { RestartedNodes } from './restarted-nodes.ts';
import { Schedule } from './schedule.ts';
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
  /** Of the messages between nodes, the share that is lost, and the share that arrives twice. */
  readonly lossRate?: number;
  readonly duplicationRate?: number;
  /** A write to a disk takes up to this long; 0 is the in-memory twin. */
  readonly maxDiskDelayMs?: number;
}

interface SimulatedNode {
  readonly nodeId: string;
  readonly node: Node;
  readonly disk: SimulatedDisk;
  isUp: boolean;
  isPaused: boolean;
  /** Lines that came while it was paused, oldest first. */
  readonly unread: string[];
  turnIsPlanned: boolean;
  /** When the node's own timers want the next turn. */
  wakeAtMs: number;
  /** When it will be looked at for that. */
  alarmAtMs: number;
}

interface Action {
  run?: (() => void) | undefined;
}

/** More events at one moment mean that a node wants one turn after another and does nothing in them. */
const maxEventsAtOnce = 100_000;

/** Lines that may wait for a paused node. Past it they are lost. */
export const maxUnreadLines = 100_000;

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
  readonly #schedule = new Schedule<Action>();
  /** The latest incarnation of each node. */
  readonly #nodes = new Map<string, SimulatedNode>();
  readonly #restarted = new RestartedNodes(this, (nodeId, what) => this.#report('not-restarted', nodeId, what));
  #nowMs = 0;
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
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const action: Action = { run };
    this.#schedule.add(this.#nowMs + delayMs, action);
    return () => {
      action.run = undefined;
    };
  }

  send(message: Message): void {
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
    let eventsAtOnce = 0;
    for (;;) {
      const atMs = this.#schedule.nextAtMs();
      if (atMs === undefined || atMs > untilMs) break;
      eventsAtOnce = atMs > this.#nowMs ? 0 : eventsAtOnce + 1;
      if (eventsAtOnce > maxEventsAtOnce) throw new Error(`time stands still at ${this.#nowMs} ms`);
      this.#nowMs = Math.max(this.#nowMs, atMs);
      this.#schedule.takeDue(atMs)?.run?.();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  runFor(durationMs: number): void {
    this.runUntil(this.#nowMs + durationMs);
  }

  /** What the node's disk had not finished writing is gone, and so is what waited for the node. */
  kill(nodeId: string): void {
    this.#node(nodeId).isUp = false;
    this.#restarted.delete(nodeId);
  }

  restart(nodeId: string): void {
    this.kill(nodeId);
    this.#start(nodeId);
    this.#restarted.add(nodeId);
  }

  /** The node takes no turn, not even when its timers want one. Its disk goes on. */
  pause(nodeId: string): void {
    this.#node(nodeId).isPaused = true;
    this.#restarted.pause(nodeId);
  }

  /** The node takes all that waited for it in one turn. */
  resume(nodeId: string): void {
    const resumed = this.#node(nodeId);
    if (!resumed.isPaused) return;
    resumed.isPaused = false;
    this.#restarted.resume(nodeId);
    for (const line of resumed.unread.splice(0)) this.#deliver(nodeId, line);
    this.#planTurn(resumed);
  }

  #node(nodeId: string): SimulatedNode {
    const found = this.#nodes.get(nodeId);
    if (found === undefined) throw new Error(`there is no node ${nodeId}`);
    return found;
  }

  #start(nodeId: string): void {
    const { electionTimeoutMs = 500, heartbeatMs = 150, maxPending = 16_384 } = this.#options;
    const disk = new SimulatedDisk(this.#nodes.get(nodeId)?.disk.contents, () => this.#write(started));
    const node = new Node({
      electionTimeoutMs,
      heartbeatMs,
      maxPending,
      snapshots: this.#options.snapshots ?? defaultSnapshotPolicy,
      openStorage: () => disk,
      stateMachine: new KeyValueStore(),
      seed: this.#random.integer(2 ** 32),
    });
    const idle = { turnIsPlanned: false, wakeAtMs: Infinity, alarmAtMs: Infinity };
    const started: SimulatedNode = { nodeId, node, disk, isUp: true, isPaused: false, unread: [], ...idle };
    this.#nodes.set(nodeId, started);
  }

  #write(writer: SimulatedNode): void {
    const { maxDiskDelayMs = 0 } = this.#options;
    if (maxDiskDelayMs === 0) return writer.disk.finishWrite();
    this.after(maxDiskDelayMs * this.#random.fraction(), () => {
      if (!writer.isUp) return;
      writer.disk.finishWrite();
      this.#planTurn(writer);
    });
    return undefined;
  }

  /** One turn for all that arrives at one moment. */
  #planTurn(simulated: SimulatedNode): void {
    if (simulated.turnIsPlanned) return;
    simulated.turnIsPlanned = true;
    this.after(0, () => {
      simulated.turnIsPlanned = false;
      if (simulated.isUp && !simulated.isPaused) this.#takeTurn(simulated);
    });
  }

  #takeTurn(simulated: SimulatedNode): void {
    for (const line of simulated.node.turn(this.#nowMs).lines) this.#route(simulated.nodeId, line);
    simulated.wakeAtMs = Math.max(this.#nowMs, simulated.node.nextDeadlineMs(this.#nowMs));
    this.#setAlarm(simulated);
  }

  /** One alarm a node is enough: one that comes too early sets the next. */
  #setAlarm(simulated: SimulatedNode): void {
    const { wakeAtMs } = simulated;
    if (wakeAtMs >= simulated.alarmAtMs) return;
    simulated.alarmAtMs = wakeAtMs;
    this.after(wakeAtMs - this.#nowMs, () => {
      if (!simulated.isUp || simulated.alarmAtMs !== wakeAtMs) return;
      simulated.alarmAtMs = Infinity;
      if (this.#nowMs >= simulated.wakeAtMs) this.#planTurn(simulated);
      else this.#setAlarm(simulated);
    });
  }

  #route(src: string, line: string): void {
    const envelope = readEnvelope(line, src, this.#nodes);
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
    const finding = { kind, nodeId, atMs: this.#nowMs, what, stderrTail: [] };
    this.#onFinding(line === undefined ? finding : { ...finding, line });
  }

  #carry(src: string, dest: string, line: string): void {
    const { lossRate = 0, duplicationRate = 0 } = this.#options;
    this.#watch(line, this.#nowMs);
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
    const receiver = this.#nodes.get(dest);
    if (receiver?.isUp !== true) return;
    if (receiver.isPaused) {
      if (receiver.unread.length < maxUnreadLines) receiver.unread.push(line);
      return;
    }
    receiver.node.receive(Buffer.from(`${line}\n`), this.#nowMs);
    this.#planTurn(receiver);
  }
}
