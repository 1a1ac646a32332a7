import { majority } from '../../src/index.ts';
import type { Random } from '../../src/index.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { shuffle } from './fault.ts';
import type { Fault, FaultMaker } from './fault.ts';

// Faults of the nodes themselves. What the history says of them is which nodes they hit.

/** Kills some nodes, then starts them again. */
export const killFault: FaultMaker = (cluster, random) => {
  return nodeFault(cluster, random, (nodeId) => cluster.kill(nodeId), (nodeId) => cluster.restart(nodeId));
};

/** Stops some nodes in their tracks, then lets them go on. */
export const pauseFault: FaultMaker = (cluster, random) => {
  return nodeFault(cluster, random, (nodeId) => cluster.pause(nodeId), (nodeId) => cluster.resume(nodeId));
};

function nodeFault(
  cluster: Cluster,
  random: Random,
  breakNode: (nodeId: string) => void,
  mendNode: (nodeId: string) => void,
): Fault {
  let broken: readonly string[] = [];
  return {
    begin() {
      broken = drawNodes(cluster.nodeIds, random);
      broken.forEach(breakNode);
      return broken;
    },
    end() {
      broken.forEach(mendNode);
      return broken;
    },
  };
}

/**
 * A random set of nodes, in the order in which the cluster lists them: one node, the largest minority or the smallest
 * majority, each with a chance of two in seven, or all of them. It is never empty, whatever the size of the cluster.
 */
export function drawNodes(nodeIds: readonly string[], random: Random): readonly string[] {
  const most = majority(nodeIds.length);
  const few = Math.max(1, nodeIds.length - most);
  const sizes = [1, 1, few, few, most, most, nodeIds.length];
  const size = sizes[random.integer(sizes.length)];
  const drawn = new Set(shuffle(nodeIds, random).slice(0, size));
  return nodeIds.filter((nodeId) => drawn.has(nodeId));
}
