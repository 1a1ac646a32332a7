import { serviceNames } from '../services/names.ts';
import type { FaultMaker } from './fault.ts';
import { drawNodes } from './nodes.ts';

/**
 * Cuts some nodes off from all services, both ways; the nodes still hear each other. Maelstrom has no such fault, and its
 * partitions leave services within reach of everyone, as the fault `partition` does here.
 */
export const servicesFault: FaultMaker = (cluster, random) => ({
  begin() {
    const cutOff = drawNodes(cluster.nodeIds, random);
    const cuts = [...cutOff.map((id) => [id, serviceNames] as const), ...serviceNames.map((name) => [name, cutOff] as const)];
    cluster.network.cutServices(Object.fromEntries(cuts));
    return { kind: `(${cutOff.join(', ')})` };
  },
  end() {
    cluster.network.healServices();
    return null;
  },
});
