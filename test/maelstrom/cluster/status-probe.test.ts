import { expect, it } from 'vitest';
import type { Body, Message } from '../../../maelstrom/cluster/cluster.ts';
import { probeStatus } from '../../../maelstrom/cluster/status-probe.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { Random } from '../../../src/index.ts';
import { VirtualCluster } from '../virtual-cluster.ts';

/** What is found out about nodes that answer with this, and when. */
function probe(answer: { readonly type: string } | undefined) {
  const network = new Network(['n1', 'n2'], { meanMs: 0, distribution: 'constant' }, new Random(1));
  const asked: string[] = [];
  const calls: unknown[] = [];
  const node = (nodeId: string) => ({
    [nodeId]: ({ src, body }: Message, send: (dest: string, body: Body) => void) => {
      asked.push(nodeId);
      const { msg_id: messageId = 0 } = body;
      if (answer !== undefined) send(src, { ...answer, in_reply_to: messageId });
    },
  });
  const cluster = new VirtualCluster(network, { ...node('n1'), ...node('n2') });
  probeStatus(cluster, (knowsStatus) => calls.push([knowsStatus, cluster.nowMs()]));
  cluster.run(60_000);
  expect(asked).toEqual(['n1']);
  expect(calls).toHaveLength(1);
  return calls[0];
}

it('asks one node once, and finds that it tells its status', () => {
  expect(probe({ type: 'raft_status_ok' })).toEqual([true, 0]);
});

it('finds that a node does not know the request, which is as good an answer as any', () => {
  expect(probe({ type: 'error' })).toEqual([false, 0]);
});

it('cannot tell what the question did to a node that is silent for a second', () => {
  expect(probe(undefined)).toEqual([undefined, 1000]);
});
