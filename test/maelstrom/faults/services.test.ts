import { expect, it } from 'vitest';
import { servicesFault } from '../../../maelstrom/faults/services.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { serviceNames } from '../../../maelstrom/services/names.ts';
import { Random } from '../../../src/index.ts';
import { VirtualCluster } from '../virtual-cluster.ts';

const nodeIds = ['n1', 'n2', 'n3'];

it('cuts some nodes off from all services, both ways, and from nothing else, until it ends', () => {
  const network = new Network(nodeIds, { meanMs: 0, distribution: 'constant' }, new Random(1));
  const cluster = new VirtualCluster(network, Object.fromEntries(nodeIds.map((id) => [id, () => {}])));
  const fault = servicesFault(cluster, new Random(1));
  const reaching = (nodeId: string) => {
    const heard = serviceNames.flatMap((name) => [network.deliver(nodeId, name), network.deliver(name, nodeId)]);
    expect(new Set(heard).size).toBe(1);
    return heard[0] === true;
  };
  const sizes = new Set<number>();
  for (let round = 0; round < 50; round += 1) {
    const value = fault.begin();
    const cutOff = nodeIds.filter((nodeId) => !reaching(nodeId));
    expect(value).toEqual({ kind: `(${cutOff.join(', ')})` });
    sizes.add(cutOff.length);
    expect(nodeIds.every((src) => nodeIds.every((dest) => network.deliver(src, dest)))).toBe(true);
    expect(network.isWhole).toBe(false);
    network.cut({ n1: ['n2'] });
    network.heal();
    expect(nodeIds.filter((nodeId) => !reaching(nodeId))).toEqual(cutOff);
    fault.end();
    expect(nodeIds.every(reaching)).toBe(true);
    expect(network.isWhole).toBe(true);
  }
  expect(sizes).toEqual(new Set([1, 2, 3]));
});
