import { describe, expect, it } from 'vitest';
import type { Body, Message } from '../../../maelstrom/cluster/cluster.ts';
import { RestartedNodes } from '../../../maelstrom/cluster/restarted-nodes.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { Random } from '../../../src/index.ts';
import { VirtualCluster } from '../virtual-cluster.ts';

/** Two nodes that take note of what they are sent, and what is reported of them. */
function watched() {
  const network = new Network(['n1', 'n2'], { meanMs: 0, distribution: 'constant' }, new Random(1));
  const sent: Message[] = [];
  const note = (message: Message) => {
    sent.push(message);
  };
  const cluster = new VirtualCluster(network, { n1: note, n2: note });
  const reports: string[] = [];
  const nodes = new RestartedNodes(cluster, (nodeId, what) => reports.push(`${cluster.nowMs()} ${nodeId} ${what}`));
  const answer = (src: string, body: Body) => nodes.receive({ src, dest: 'c0', body });
  return { cluster, nodes, sent, reports, answer };
}

const late = 'was started again and did not answer init within 10 s';

describe('a node that was started again', () => {
  it('is sent the very init that it was sent at first', () => {
    const { cluster, nodes, sent } = watched();
    nodes.add('n2');
    cluster.run(0);
    const body = { type: 'init', msg_id: 2, node_id: 'n2', node_ids: ['n1', 'n2'] };
    expect(sent).toEqual([{ src: 'c0', dest: 'n2', body }]);
  });

  it('is left alone once it has answered', () => {
    const { cluster, nodes, reports, answer } = watched();
    nodes.add('n1');
    answer('n1', { type: 'init_ok', in_reply_to: 1 });
    answer('n1', { type: 'error', in_reply_to: 1 });
    cluster.run(60_000);
    expect(reports).toEqual([]);
  });

  it('is reported when it does not answer within ten seconds, or answers something else', () => {
    const { cluster, nodes, reports, answer } = watched();
    nodes.add('n1');
    nodes.add('n2');
    answer('n1', { type: 'init_ok', in_reply_to: 2 });
    answer('n1', { type: 'raft_status_ok', in_reply_to: 1000 });
    cluster.run(5000);
    answer('n2', { type: 'error', in_reply_to: 2, code: 12 });
    cluster.run(60_000);
    const refused = 'was started again and answered init with {"type":"error","in_reply_to":2,"code":12}';
    expect(reports).toEqual([`5000 n2 ${refused}`, `10000 n1 ${late}`]);
  });

  it('owes no answer when it is gone again, and the whole time once more when it is back', () => {
    const { cluster, nodes, reports } = watched();
    nodes.add('n1');
    nodes.delete('n1');
    cluster.run(20_000);
    expect(reports).toEqual([]);
    nodes.add('n1');
    cluster.run(25_000);
    nodes.add('n1');
    cluster.run(60_000);
    expect(reports).toEqual([`35000 n1 ${late}`]);
  });

  it('owes no answer while it is paused', () => {
    const { cluster, nodes, reports } = watched();
    nodes.add('n1');
    nodes.pause('n1');
    cluster.run(30_000);
    expect(reports).toEqual([]);
    nodes.resume('n1');
    nodes.resume('n2');
    cluster.run(60_000);
    expect(reports).toEqual([`40000 n1 ${late}`]);
  });
});
