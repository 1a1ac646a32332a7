import { observerId } from '../network/client-names.ts';
import type { Body, Cluster, Message } from './cluster.ts';
import type { InitFailure } from './init.ts';

/** As long as Maelstrom waits. */
export const greetingTimeoutMs = 5000;
/** Above the numbers of the `init` messages and below that of the question for the status. */
const firstMessageId = 201;

/** The message that greets a node. Its `msg_id` depends on the node alone. */
export function greetingMessage(nodeIds: readonly string[], dest: string, { type, ...fields }: Body): Message {
  return { src: observerId, dest, body: { type, msg_id: firstMessageId + nodeIds.indexOf(dest), ...fields } };
}

/**
 * Tells every node something before clients begin, and waits until all have answered with the type of it and `_ok`.
 * Calls `done` once: with the nodes that did not in time, or at once with one that answered something else. Takes the
 * messages to clients meanwhile.
 */
export function greet(cluster: Cluster, body: Body, done: (failures: readonly InitFailure[]) => void): void {
  const waiting = new Set(cluster.nodeIds);
  const messageIdOf = (nodeId: string) => greetingMessage(cluster.nodeIds, nodeId, body).body.msg_id;
  const finish = (failures: readonly InitFailure[]) => {
    cancelTimeout();
    cluster.onClientMessage(() => {});
    done(failures);
  };
  const cancelTimeout = cluster.after(greetingTimeoutMs, () => {
    const what = `did not answer ${body.type} within ${greetingTimeoutMs / 1000} s`;
    finish([...waiting].map((nodeId) => ({ nodeId, what })));
  });
  cluster.onClientMessage(({ src, dest, body: answer }) => {
    if (dest !== observerId || !waiting.has(src) || answer.in_reply_to !== messageIdOf(src)) return;
    if (answer.type !== `${body.type}_ok`) {
      finish([{ nodeId: src, what: `answered ${body.type} with ${JSON.stringify(answer)}` }]);
      return;
    }
    waiting.delete(src);
    if (waiting.size === 0) finish([]);
  });
  for (const nodeId of cluster.nodeIds) cluster.send(greetingMessage(cluster.nodeIds, nodeId, body));
}
