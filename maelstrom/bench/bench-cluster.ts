import { join } from 'node:path';
import { initMessage, initTimeoutMs, isInitAnswer } from '../cluster/init.ts';
import { observerId } from '../network/client-names.ts';
import { maxUnreadBytes, NodeProcess } from '../cluster/node-process.ts';
import { BenchError } from './bench-error.ts';
import { Router } from './router.ts';
import type { Traffic } from './router.ts';
import { usageOf } from './usage.ts';

export interface BenchClusterOptions {
  readonly nodeIds: readonly string[];
  /** Absolute path of the executable. */
  readonly bin: string;
  readonly nodeArguments: readonly string[];
  /** A directory that exists; each node's stderr goes to `<node>.log` in it. */
  readonly directory: string;
  readonly latencyMs: number;
}

/** Who answers are for. */
export interface Clients {
  /** The time at which the answers that follow arrived. */
  nowMs: number;
  succeeded(node: number, client: number, answer: 'read_ok' | 'write_ok', inReplyTo: number): void;
  answeredOtherwise(node: number, client: number, body: Readonly<Record<string, unknown>>): void;
}

/** What a cluster has cost since it was started; processor time and memory only where the system tells them. */
export interface Cost extends Traffic {
  /** Of all nodes together. */
  readonly nodesCpuMs: number | undefined;
  /** Of the node that has most now. */
  readonly residentBytes: number | undefined;
  /** Of the node that has had most. */
  readonly peakBytes: number | undefined;
}

const observer = Number(observerId.slice(1));

/** Real processes, a lean router between them, and one write to each node a turn of the event loop. */
export class BenchCluster {
  readonly #options: BenchClusterOptions;
  readonly #nodeIds: readonly string[];
  readonly #router: Router;
  readonly #processes: NodeProcess[];
  /** Nodes that are away, or have been: what they do not read is lost, as on a network that drops what it cannot hold. */
  readonly #haveBeenAway = new Set<number>();
  readonly #ends = new Map<number, () => void>();
  readonly #waitingForInit: Set<string>;
  #clients: Clients | undefined;
  #initTimeout: NodeJS.Timeout | undefined;
  #isStopping = false;
  #onFailure: (error: BenchError) => void = () => {};
  #onUp: () => void = () => {};

  /** Starts the processes at once; `stop` has to be called whatever happens. */
  constructor(options: BenchClusterOptions) {
    const { nodeIds, latencyMs } = options;
    this.#options = options;
    this.#nodeIds = nodeIds;
    this.#waitingForInit = new Set(nodeIds);
    this.#router = new Router(nodeIds, latencyMs, {
      onSuccess: (node, client, answer, inReplyTo) => this.#clients?.succeeded(node, client, answer, inReplyTo),
      onOtherAnswer: (node, client, body) => this.#takeOther(node, client, body),
      onFault: (node, what) => this.fail('misbehaved', node, what),
      onWaiting: () => setImmediate(() => this.#write()),
    });
    this.#processes = nodeIds.map((_, place) => this.#startNode(place));
  }

  /** Calls back with what makes the measurement worthless, once. */
  onFailure(listener: (error: BenchError) => void): void {
    this.#onFailure = listener;
  }

  /** Sends every node its `init`; resolves when all have answered. Failures go to the listener for those. */
  async initialize(): Promise<void> {
    for (const place of this.#nodeIds.keys()) this.#sendInit(place);
    await this.#allUp();
  }

  /** Pauses a node (SIGSTOP); what it is sent waits for it, up to a bound. */
  pause(node: number): void {
    this.#haveBeenAway.add(node);
    this.#processes[node]?.pause();
  }

  resume(node: number): void {
    this.#processes[node]?.resume();
  }

  /** Kills a node; resolves when it is gone. Until it is started again, what it is sent is lost. */
  async kill(node: number): Promise<void> {
    this.#haveBeenAway.add(node);
    const ended = new Promise<void>((settle) => this.#ends.set(node, settle));
    this.#processes[node]?.kill();
    await ended;
  }

  /** Starts a node again that was killed; resolves when it has answered its `init`. */
  async restart(node: number): Promise<void> {
    this.#router.forget(node);
    this.#processes[node] = this.#startNode(node);
    this.#waitingForInit.add(this.#nodeIds[node] ?? '');
    this.#sendInit(node);
    await this.#allUp();
  }

  #startNode(place: number): NodeProcess {
    const { bin, nodeArguments, directory } = this.#options;
    const logFile = join(directory, `${this.#nodeIds[place]}.log`);
    return new NodeProcess({ bin, arguments: nodeArguments, logFile }, {
      onLine: () => {},
      onBytes: (chunk) => this.#receive(place, chunk),
      onStderrLine: () => {},
      onEnd: (how) => this.#end(place, how),
    });
  }

  #end(place: number, how: string): void {
    const wasAwaited = this.#ends.get(place);
    this.#ends.delete(place);
    if (wasAwaited !== undefined) wasAwaited();
    else this.fail(this.#waitingForInit.size > 0 ? 'not-up' : 'misbehaved', place, how);
  }

  #sendInit(place: number): void {
    this.#router.ask(place, `${JSON.stringify(initMessage(this.#nodeIds, this.#nodeIds[place] ?? ''))}\n`);
  }

  async #allUp(): Promise<void> {
    this.#initTimeout = setTimeout(() => {
      const [silent = ''] = this.#waitingForInit;
      const what = `did not answer init within ${initTimeoutMs / 1000} s`;
      this.fail('not-up', this.#nodeIds.indexOf(silent), what);
    }, initTimeoutMs);
    await new Promise<void>((settle) => {
      this.#onUp = settle;
    });
    clearTimeout(this.#initTimeout);
  }

  /** Sends a client's request, a line of ASCII with its line feed, at the end of the turn. */
  ask(node: number, line: string): void {
    this.#router.ask(node, line);
  }

  /** From now on answers are for them. */
  serve(clients: Clients): void {
    this.#clients = clients;
  }

  /** Ends the measurement because of a node. */
  fail(kind: BenchError['kind'], node: number, what: string): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const stderrTail = this.#processes[node]?.stderrTail ?? [];
    this.#onFailure(new BenchError(kind, `${this.#nodeIds[node]} ${what}`, stderrTail));
  }

  cost(): Cost {
    const groupIds = this.#processes.map(({ groupId }) => groupId).filter((groupId) => groupId !== undefined);
    const usage = usageOf(groupIds);
    const nodes = usage === undefined ? undefined : [...usage.values()];
    return {
      ...this.#router.traffic,
      nodesCpuMs: nodes?.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      residentBytes: nodes && Math.max(...nodes.map(({ residentBytes }) => residentBytes)),
      peakBytes: nodes && Math.max(...nodes.map(({ peakBytes }) => peakBytes)),
    };
  }

  /** Resolves when no process is left. There is nothing to be said any more: nodes are killed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#initTimeout);
    this.#router.stop();
    for (const node of this.#processes) node.kill();
    await Promise.all(this.#processes.map((node) => node.stop()));
  }

  #receive(node: number, chunk: Buffer): void {
    if (this.#isStopping) return;
    if (this.#clients !== undefined) this.#clients.nowMs = performance.now();
    this.#router.receive(node, chunk);
  }

  #takeOther(node: number, client: number, body: Readonly<Record<string, unknown>>): void {
    if (client !== observer) {
      this.#clients?.answeredOtherwise(node, client, body);
      return;
    }
    const src = this.#nodeIds[node] ?? '';
    const { type, in_reply_to } = body;
    const isAnswer = typeof in_reply_to === 'number' && isInitAnswer(this.#nodeIds, initAnswer(src, in_reply_to));
    if (!isAnswer || type !== 'init_ok') {
      this.fail('not-up', node, `answered init with ${JSON.stringify(body)}`);
      return;
    }
    this.#waitingForInit.delete(src);
    if (this.#waitingForInit.size === 0) this.#onUp();
  }

  /** Ends a turn of the event loop: all input that was there has been taken. */
  #write(): void {
    this.#router.emptied();
    if (this.#isStopping) return;
    for (const [place, node] of this.#processes.entries()) {
      const outbox = this.#router.outbox(place);
      if (outbox.isEmpty) continue;
      const lines = outbox.take();
      if (node.unreadBytes <= maxUnreadBytes) node.writeBytes(lines);
      else if (!this.#haveBeenAway.has(place)) this.fail('misbehaved', place, 'does not read its stdin');
      outbox.giveBack(node.unreadBytes === 0);
    }
  }
}

function initAnswer(src: string, inReplyTo: number) {
  return { src, dest: observerId, body: { type: 'init_ok', in_reply_to: inReplyTo } };
}
