import { observerId } from '../network/client-names.ts';
import type { Cluster } from './cluster.ts';

/** How long an answer is waited for. A node that has not answered by then may have stopped because of the request. */
const answerLimitMs = 1000;
/** Neither an `init` nor a question of the monitor. */
const messageId = 999;

/**
 * Asks one node `raft_status` before anything depends on it. Maelstrom's protocol does not have that request, and many
 * a library for it (those for Go and Ruby that come with Maelstrom among them) ends the node at a request that it does
 * not know. Calls `done` once, with true where the node told its status, with false where it answered anything else,
 * with undefined where it did not answer. Takes the messages to clients meanwhile.
 */
export function probeStatus(cluster: Cluster, done: (knowsStatus: boolean | undefined) => void): void {
  const [dest] = cluster.nodeIds;
  if (dest === undefined) throw new Error('a cluster needs a node');
  const finish = (knowsStatus: boolean | undefined) => {
    cancelTimeout();
    cluster.onClientMessage(() => {});
    done(knowsStatus);
  };
  const cancelTimeout = cluster.after(answerLimitMs, () => finish(undefined));
  cluster.onClientMessage(({ src, body }) => {
    if (src === dest && body.in_reply_to === messageId) finish(body.type === 'raft_status_ok');
  });
  cluster.send({ src: observerId, dest, body: { type: 'raft_status', msg_id: messageId } });
}
