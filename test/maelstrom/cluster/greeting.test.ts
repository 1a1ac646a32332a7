import { describe, expect, it } from 'vitest';
import { greet, greetingTimeoutMs } from '../../../maelstrom/cluster/greeting.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { Random } from '../../../src/index.ts';
import { VirtualCluster } from '../virtual-cluster.ts';
import type { Behaviour } from '../virtual-cluster.ts';

const nodeIds = ['n1', 'n2'];

/** What came of greeting two nodes, of which the second behaves as given, and what they were told. */
function greetTwo(second: Behaviour) {
  const heard: unknown[] = [];
  const answering: Behaviour = ({ src, body }, send) => {
    heard.push(body);
    if (body.msg_id !== undefined) send(src, { type: 'topology_ok', in_reply_to: body.msg_id });
  };
  const network = new Network(nodeIds, { meanMs: 0, distribution: 'constant' }, new Random(1));
  const cluster = new VirtualCluster(network, { n1: answering, n2: second === sound ? answering : second });
  const calls: unknown[] = [];
  greet(cluster, { type: 'topology', topology: { n1: ['n2'], n2: ['n1'] } }, (failures) => {
    calls.push({ atMs: cluster.nowMs(), failures });
  });
  cluster.run(60_000);
  return { calls, heard };
}

const sound: Behaviour = () => {};

describe('what nodes are told before clients begin', () => {
  it('reaches each, under a msg_id of its own, and is done when all have answered', () => {
    const { calls, heard } = greetTwo(sound);
    expect(heard).toEqual([
      { type: 'topology', msg_id: 201, topology: { n1: ['n2'], n2: ['n1'] } },
      { type: 'topology', msg_id: 202, topology: { n1: ['n2'], n2: ['n1'] } },
    ]);
    expect(calls).toEqual([{ atMs: 0, failures: [] }]);
  });

  it('has to be answered in time', () => {
    const failures = [{ nodeId: 'n2', what: 'did not answer topology within 5 s' }];
    expect(greetTwo(() => {}).calls).toEqual([{ atMs: greetingTimeoutMs, failures }]);
  });

  it('has to be answered well', () => {
    const { calls } = greetTwo(({ src }, send) => send(src, { type: 'error', code: 10, in_reply_to: 202 }));
    const failures = [{ nodeId: 'n2', what: 'answered topology with {"type":"error","code":10,"in_reply_to":202}' }];
    expect(calls).toEqual([{ atMs: 0, failures }]);
  });
});
