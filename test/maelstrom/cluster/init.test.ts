import { describe, expect, it } from 'vitest';
import { initialize } from '../../../maelstrom/cluster/init.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { Random } from '../../../src/index.ts';
import { VirtualCluster } from '../virtual-cluster.ts';
import type { Behaviour } from '../virtual-cluster.ts';

const answering: Behaviour = ({ src, body }, send) => {
  send(src, { type: 'init_ok', ...(body.msg_id === undefined ? {} : { in_reply_to: body.msg_id }) });
};

/** The calls of `done`, each with its time, within a minute. */
function bringUp(behaviours: Readonly<Record<string, Behaviour>>) {
  const network = new Network(Object.keys(behaviours), { meanMs: 0, distribution: 'constant' }, new Random(1));
  const cluster = new VirtualCluster(network, behaviours);
  const calls: unknown[] = [];
  initialize(cluster, (failures) => calls.push({ atMs: cluster.nowMs(), failures }));
  cluster.run(60_000);
  return calls;
}

describe('bringing a cluster up', () => {
  it('tells each node its name and all names, under a msg_id of its own', () => {
    const inits: unknown[] = [];
    const noting: Behaviour = (message, send) => {
      inits.push(message);
      answering(message, send);
    };
    bringUp({ n1: noting, n2: noting });
    expect(inits).toEqual([
      { src: 'c0', dest: 'n1', body: { type: 'init', msg_id: 1, node_id: 'n1', node_ids: ['n1', 'n2'] } },
      { src: 'c0', dest: 'n2', body: { type: 'init', msg_id: 2, node_id: 'n2', node_ids: ['n1', 'n2'] } },
    ]);
  });

  it('is done when every node has answered', () => {
    expect(bringUp({ n1: answering, n2: answering })).toEqual([{ atMs: 0, failures: [] }]);
  });

  it('gives a node ten seconds and then names those that did not answer', () => {
    const failures = [{ nodeId: 'n2', what: 'did not answer init within 10 s' }];
    expect(bringUp({ n1: answering, n2: () => {} })).toEqual([{ atMs: 10_000, failures }]);
  });

  it('fails at once when a node answers with something else', () => {
    const refusing: Behaviour = ({ src }, send) => send(src, { type: 'error', code: 10, in_reply_to: 2 });
    const failures = [{ nodeId: 'n2', what: 'answered init with {"type":"error","code":10,"in_reply_to":2}' }];
    expect(bringUp({ n1: answering, n2: refusing })).toEqual([{ atMs: 0, failures }]);
  });

  it('does not take an answer to another node for one of its own', () => {
    const impostor: Behaviour = ({ src }, send) => send(src, { type: 'init_ok', in_reply_to: 2 });
    expect(bringUp({ n1: impostor, n2: answering })).toMatchObject([{ failures: [{ nodeId: 'n1' }] }]);
  });
});
