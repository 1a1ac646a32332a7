import { join } from 'node:path';
import { initMessage, initTimeoutMs, isInitAnswer } from '../cluster/init.ts';
import { observerId } from '../cluster/client-names.ts';
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
  /** Of the largest node. */
  readonly peakBytes: number | undefined;
}

const observer = Number(observerId.slice(1));

/** Real processes, a lean router between them, and one write to each node a turn of the event loop. */
export class BenchCluster {
  readonly #nodeIds: readonly string[];
  readonly #router: Router;
  readonly #processes: readonly NodeProcess[];
  readonly #waitingForInit: Set<string>;
  #clients: Clients | undefined;
  #initTimeout: NodeJS.Timeout | undefined;
  #isStopping = false;
  #onFailure: (error: BenchError) => void = () => {};
  #onUp: () => void = () => {};

  /** Starts the processes at once; `stop` has to be called whatever happens. */
  constructor({ nodeIds, bin, nodeArguments, directory, latencyMs }: BenchClusterOptions) {
    this.#nodeIds = nodeIds;
    this.#waitingForInit = new Set(nodeIds);
    this.#router = new Router(nodeIds, latencyMs, {
      onSuccess: (node, client, answer, inReplyTo) => this.#clients?.succeeded(node, client, answer, inReplyTo),
      onOtherAnswer: (node, client, body) => this.#takeOther(node, client, body),
      onFault: (node, what) => this.fail('misbehaved', node, what),
      onWaiting: () => setImmediate(() => this.#write()),
    });
    this.#processes = nodeIds.map((nodeId, place) => {
      const command = { bin, arguments: nodeArguments, logFile: join(directory, `${nodeId}.log`) };
      return new NodeProcess(command, {
        onLine: () => {},
        onBytes: (chunk) => this.#receive(place, chunk),
        onStderrLine: () => {},
        onEnd: (how) => this.fail(this.#waitingForInit.size > 0 ? 'not-up' : 'misbehaved', place, how),
      });
    });
  }

  /** Calls back with what makes the measurement worthless, once. */
  onFailure(listener: (error: BenchError) => void): void {
    this.#onFailure = listener;
  }

  /** Sends every node its `init`; resolves when all have answered. Failures go to the listener for those. */
  async initialize(): Promise<void> {
    for (const [place, nodeId] of this.#nodeIds.entries()) {
      this.#router.ask(place, `${JSON.stringify(initMessage(this.#nodeIds, nodeId))}\n`);
    }
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
      node.writeBytes(outbox.take());
      outbox.giveBack(node.unreadBytes === 0);
      if (node.unreadBytes > maxUnreadBytes) this.fail('misbehaved', place, 'does not read its stdin');
    }
  }
}

function initAnswer(src: string, inReplyTo: number) {
  return { src, dest: observerId, body: { type: 'init_ok', in_reply_to: inReplyTo } };
}
