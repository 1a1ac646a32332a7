import { observerId } from '../network/client-names.ts';
import type { Cluster, Message } from './cluster.ts';

/** As long as Maelstrom waits. */
export const initTimeoutMs = 10_000;

/**
 * Sends every node its `init` and waits for all the answers. Calls `done` once: with the nodes that did not answer
 * `init_ok` in time, or at once with the node that answered something else. Takes the messages to clients meanwhile.
 */
export function initialize(cluster: Cluster, done: (failures: readonly InitFailure[]) => void): void {
  const waiting = new Set(cluster.nodeIds);
  const finish = (failures: readonly InitFailure[]) => {
    cancelTimeout();
    cluster.onClientMessage(() => {});
    done(failures);
  };
  const cancelTimeout = cluster.after(initTimeoutMs, () => {
    finish([...waiting].map((nodeId) => ({ nodeId, what: `did not answer init within ${initTimeoutMs / 1000} s` })));
  });
  cluster.onClientMessage((message) => {
    const { src, body } = message;
    if (!isInitAnswer(cluster.nodeIds, message) || !waiting.has(src)) return;
    if (body.type !== 'init_ok') {
      finish([{ nodeId: src, what: `answered init with ${JSON.stringify(body)}` }]);
      return;
    }
    waiting.delete(src);
    if (waiting.size === 0) finish([]);
  });
  for (const nodeId of cluster.nodeIds) cluster.send(initMessage(cluster.nodeIds, nodeId));
}

/** What tells a node who it is. Its `msg_id` is the place of the node, counted from 1. */
export function initMessage(nodeIds: readonly string[], nodeId: string): Message {
  const body = { type: 'init', msg_id: nodeIds.indexOf(nodeId) + 1, node_id: nodeId, node_ids: nodeIds };
  return { src: observerId, dest: nodeId, body };
}

/** Whether a message is what a node says to its `init`, be it good or bad. */
export function isInitAnswer(nodeIds: readonly string[], { src, dest, body }: Message): boolean {
  return dest === observerId && nodeIds.indexOf(src) + 1 === body.in_reply_to;
}

export interface InitFailure {
  readonly nodeId: string;
  /** A clause that follows the node's name. */
  readonly what: string;
}
