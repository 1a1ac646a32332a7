import type { Cluster, Message } from './cluster.ts';
import { initMessage, initTimeoutMs, isInitAnswer } from './init.ts';

/**
 * Nodes that were started again and have not answered their `init` yet. Nobody waits for them; one that answers with
 * an error, or not within the time that every node has at first, is reported. Time during a pause does not count.
 */
export class RestartedNodes {
  readonly #cluster: Pick<Cluster, 'nodeIds' | 'after' | 'send'>;
  readonly #report: (nodeId: string, what: string) => void;
  /** Node -> ends its time limit. */
  readonly #waiting = new Map<string, () => void>();

  /** @param report takes a node and what it did wrong, as a clause that follows its name */
  constructor(cluster: Pick<Cluster, 'nodeIds' | 'after' | 'send'>, report: (nodeId: string, what: string) => void) {
    this.#cluster = cluster;
    this.#report = report;
  }

  /** Sends its `init` to a node that has just been started. */
  add(nodeId: string): void {
    this.delete(nodeId);
    this.#startTimeLimit(nodeId);
    this.#cluster.send(initMessage(this.#cluster.nodeIds, nodeId));
  }

  /** The node is gone: there will be no answer. */
  delete(nodeId: string): void {
    this.pause(nodeId);
    this.#waiting.delete(nodeId);
  }

  pause(nodeId: string): void {
    this.#waiting.get(nodeId)?.();
  }

  /** From now on the node has the whole time again. */
  resume(nodeId: string): void {
    this.pause(nodeId);
    if (this.#waiting.has(nodeId)) this.#startTimeLimit(nodeId);
  }

  /** Whether a node was started again and has not answered yet. */
  has(nodeId: string): boolean {
    return this.#waiting.has(nodeId);
  }

  /** Takes note of every message to a client. */
  receive(message: Message): void {
    const { src, body } = message;
    if (!this.#waiting.has(src) || !isInitAnswer(this.#cluster.nodeIds, message)) return;
    this.delete(src);
    if (body.type !== 'init_ok') this.#report(src, `was started again and answered init with ${JSON.stringify(body)}`);
  }

  #startTimeLimit(nodeId: string): void {
    const cancel = this.#cluster.after(initTimeoutMs, () => {
      this.#waiting.delete(nodeId);
      this.#report(nodeId, `was started again and did not answer init within ${initTimeoutMs / 1000} s`);
    });
    this.#waiting.set(nodeId, cancel);
  }
}
