import { join } from 'node:path';
import type { Line } from '../../src/wire/lines.ts';
import type { Fate, Journal, JournalEntry } from '../network/journal/journal.ts';
import type { Network } from '../network/network.ts';
import { observerId } from '../network/client-names.ts';
import { isServiceName } from '../services/names.ts';
import type { ServiceName } from '../services/names.ts';
import type { Services } from '../services/services.ts';
import type { Cluster, Finding, Message } from './cluster.ts';
import { readEnvelope } from './envelope.ts';
import type { Addresses } from './envelope.ts';
import { maxUnreadBytes } from './node-process.ts';
import { RealClock } from './real-clock.ts';
import { RestartableNode } from './restartable-node.ts';
import { RestartedNodes } from './restarted-nodes.ts';
import { SilenceWatch } from './silence.ts';

/** Longer lines are cut when they are shown in a finding. */
const maxShownLength = 300;

const silenceLookMs = 500;

/** Messages between nodes that may be on their way at one time. Past it they are dropped. */
export const maxInFlight = 100_000;

export interface ProcessClusterOptions {
  readonly nodeIds: readonly string[];
  /** Absolute path of the executable. */
  readonly bin: string;
  readonly nodeArguments: readonly string[];
  /** A directory that exists; each node's stderr goes to `<node>.log` in it. */
  readonly nodeLogs: string;
  readonly onStderrLine: (nodeId: string, text: string) => void;
  /** Called with every message that is sent, and that arrives, but for those of the client that watches the cluster. */
  readonly onSend?: (line: string) => void;
  readonly onReceive?: (line: string) => void;
  /** For nodes to use; left out, there are none. */
  readonly services?: Services;
}

/**
 * Nodes that are real processes, in real time. Routes their messages: each line is parsed once, to see whose it is, and
 * goes on as the text that it was.
 */
export class ProcessCluster implements Cluster {
  readonly nodeIds: readonly string[];
  readonly network: Network;
  readonly #clock = new RealClock();
  readonly #nodes: ReadonlyMap<string, RestartableNode>;
  /** Those that have asked something: fewer than the history has operations. */
  readonly #clients = new Set<string>();
  readonly #addresses: Addresses;
  readonly #services: Services | undefined;
  readonly #onSend: (line: string) => void;
  readonly #onReceive: (line: string) => void;
  readonly #restarted = new RestartedNodes(this, (nodeId, what) => this.#report('not-restarted', nodeId, what));
  /** Nodes that have been reported for not reading, and for writing too much: once is enough. */
  readonly #stuck = new Set<string>();
  readonly #flooding = new Set<string>();
  readonly #silence = new SilenceWatch((nodeId, what) => this.#report('silent', nodeId, what));
  #journal: Journal | undefined;
  #inFlight = 0;
  #isStopping = false;
  #onClientMessage: (message: Message) => void = () => {};
  #onFinding: (finding: Finding) => void = () => {};

  /** Starts the processes at once. What fails comes as a finding, later. */
  constructor(options: ProcessClusterOptions, network: Network) {
    this.nodeIds = options.nodeIds;
    this.network = network;
    this.#nodes = new Map(options.nodeIds.map((nodeId) => [nodeId, this.#startNode(nodeId, options)]));
    this.#services = options.services;
    this.#onSend = options.onSend ?? (() => {});
    this.#onReceive = options.onReceive ?? (() => {});
    this.#addresses = { nodes: this.#nodes, clients: this.#clients, hasServices: options.services !== undefined };
    this.#lookForSilence();
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  after(delayMs: number, action: () => void): () => void {
    return this.#clock.after(delayMs, action);
  }

  send(message: Message): void {
    const { src, dest, body } = message;
    this.#clients.add(src);
    if (src !== observerId) this.#silence.asked(dest);
    this.network.send(src, dest);
    const line = JSON.stringify(message);
    this.#deliver(src, dest, line, this.#note(src, dest, body.type, line));
  }

  /** From now on every message is noted, except those of the observer. */
  keepJournal(journal: Journal): void {
    this.#journal = journal;
  }

  onClientMessage(listener: (message: Message) => void): void {
    this.#onClientMessage = listener;
  }

  onFinding(listener: (finding: Finding) => void): void {
    this.#onFinding = listener;
  }

  /** By SIGKILL. What the node had written by then still arrives. */
  kill(nodeId: string): void {
    this.#restarted.delete(nodeId);
    this.#node(nodeId).kill();
  }

  restart(nodeId: string): void {
    this.#restarted.delete(nodeId);
    this.#node(nodeId).restart();
  }

  /** By SIGSTOP. What is written to the node waits in its pipe, and in memory where that is full. */
  pause(nodeId: string): boolean {
    this.#restarted.pause(nodeId);
    return this.#node(nodeId).pause();
  }

  resume(nodeId: string): void {
    this.#node(nodeId).resume();
    this.#restarted.resume(nodeId);
  }

  /** Ends every node and all that was planned. Resolves when no process is left. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#clock.stop();
    await Promise.all([...this.#nodes.values()].map((node) => node.stop()));
  }

  #startNode(nodeId: string, options: ProcessClusterOptions): RestartableNode {
    const command = {
      bin: options.bin,
      arguments: options.nodeArguments,
      logFile: join(options.nodeLogs, `${nodeId}.log`),
    };
    return new RestartableNode(command, {
      onLine: (line) => this.#takeLine(nodeId, line),
      onStderrLine: (text) => options.onStderrLine(nodeId, text),
      onEnd: (how) => {
        this.#restarted.delete(nodeId);
        this.#report('ended', nodeId, how);
      },
      onRestart: () => this.#restarted.add(nodeId),
    });
  }

  #lookForSilence(): void {
    const nodes = [...this.#nodes].map(([nodeId, { lineCount, isFree }]) => {
      return { nodeId, lineCount, isServing: isFree && !this.#restarted.has(nodeId) };
    });
    this.#silence.look(this.nowMs(), nodes, this.network.isWhole);
    this.#clock.after(silenceLookMs, () => this.#lookForSilence());
  }

  #node(nodeId: string): RestartableNode {
    const node = this.#nodes.get(nodeId);
    if (node === undefined) throw new Error(`there is no node ${nodeId}`);
    return node;
  }

  #takeLine(nodeId: string, line: Line): void {
    if (line.kind !== 'text') {
      const why = line.kind === 'too-long' ? 'too long' : 'not UTF-8';
      this.#reportMalformed(nodeId, `wrote a line of ${line.sizeBytes} bytes to stdout that is ${why}`);
      return;
    }
    const envelope = readEnvelope(line.text, nodeId, this.#addresses);
    switch (envelope.kind) {
      case 'malformed':
        this.#reportMalformed(nodeId, envelope.what, line.text);
        return;
      case 'to-client':
        this.network.send(nodeId, envelope.message.dest);
        this.#arrive(nodeId, envelope.message.dest, envelope.message.body.type, line.text);
        this.#restarted.receive(envelope.message);
        this.#onClientMessage(envelope.message);
        return;
      case 'to-node':
      case 'to-service':
        this.#route(nodeId, envelope.dest, line.text, this.#note(nodeId, envelope.dest, envelope.type, line.text));
    }
  }

  #route(src: string, dest: string, text: string, noted: JournalEntry | undefined): void {
    const delayMs = this.network.send(src, dest);
    if (delayMs === 0) {
      this.#deliver(src, dest, text, noted);
      return;
    }
    if (this.#inFlight === maxInFlight) {
      this.#noteEnd(noted, 'dropped');
      // A service says no more than it is asked.
      if (isServiceName(src)) return;
      this.#reportOnce(this.#flooding, 'flooding', src, `floods the network: ${maxInFlight} messages are on their way`);
      return;
    }
    this.#inFlight += 1;
    this.#clock.after(delayMs, () => {
      this.#inFlight -= 1;
      this.#deliver(src, dest, text, noted);
    });
  }

  #deliver(src: string, dest: string, text: string, noted: JournalEntry | undefined): void {
    const fate = this.#handOver(src, dest, text);
    this.#noteEnd(noted, fate);
    if (fate === 'delivered' && src !== observerId) this.#onReceive(text);
    if (fate === 'delivered' && isServiceName(dest)) this.#serve(dest, text);
    if (fate !== 'dropped') return;
    const waiting = `${maxUnreadBytes / 2 ** 20} MiB`;
    this.#reportOnce(this.#stuck, 'stuck', dest, `does not read its stdin: ${waiting} wait for it`);
  }

  #handOver(src: string, dest: string, text: string): Fate {
    if (!this.network.deliver(src, dest)) return 'cut';
    if (isServiceName(dest)) return 'delivered';
    const node = this.#node(dest);
    if (!node.isUp) return 'down';
    return node.writeLine(text) ? 'delivered' : 'dropped';
  }

  /** The answer goes to whom the request names, as under Maelstrom: that may be the client that a node speaks for. */
  #serve(service: ServiceName, text: string): void {
    if (this.#services === undefined) throw new Error('assertion: what is for a service arrives only where there is one');
    const { src, body }: { readonly src: string; readonly body: unknown } = JSON.parse(text);
    const message = { src: service, dest: src, body: this.#services.handle(service, src, body) };
    const line = JSON.stringify(message);
    if (this.#nodes.has(src)) {
      this.#route(service, src, line, this.#note(service, src, message.body.type, line));
    } else {
      this.network.send(service, src);
      this.#arrive(service, src, message.body.type, line);
      this.#onClientMessage(message);
    }
  }

  /** A client gets what it is sent at once. */
  #arrive(src: string, client: string, type: string, line: string): void {
    this.#noteEnd(this.#note(src, client, type, line), 'delivered');
    if (client !== observerId) this.#onReceive(line);
  }

  #note(src: string, dest: string, type: string, line: string): JournalEntry | undefined {
    const isWatching = (src === observerId || dest === observerId) && !type.startsWith('init');
    if (isWatching) return undefined;
    this.#onSend(line);
    return this.#journal?.sent(src, dest, type, line);
  }

  #noteEnd(noted: JournalEntry | undefined, fate: Fate): void {
    if (noted !== undefined) this.#journal?.ended(noted, fate);
  }

  /** A node that was killed may have been in the middle of a line. */
  #reportMalformed(nodeId: string, what: string, line?: string): void {
    if (this.#node(nodeId).isUp) this.#report('malformed-output', nodeId, what, line);
  }

  #reportOnce(reported: Set<string>, kind: Finding['kind'], nodeId: string, what: string): void {
    if (reported.has(nodeId)) return;
    reported.add(nodeId);
    this.#report(kind, nodeId, `${what}, and more is dropped`);
  }

  #report(kind: Finding['kind'], nodeId: string, what: string, line?: string): void {
    if (this.#isStopping) return;
    const { stderrTail = [], stdoutTail = [] } = this.#nodes.get(nodeId) ?? {};
    const finding = { kind, nodeId, what, atMs: this.nowMs(), stderrTail };
    if (line !== undefined) this.#onFinding({ ...finding, line: shorten(line) });
    else this.#onFinding({ ...finding, stdoutTail: stdoutTail.map(shorten) });
  }
}

function shorten(line: string): string {
  return line.length <= maxShownLength ? line : `${line.slice(0, maxShownLength)}... (${line.length} characters)`;
}
