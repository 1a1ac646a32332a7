import { majority } from '../../src/index.ts';
import type { Random } from '../../src/index.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { shuffle } from './fault.ts';
import type { Fault, FaultMaker } from './fault.ts';

// Faults of the nodes themselves. What the history says of them is which nodes they hit.

/** Kills some nodes, then starts them again. */
export const killFault: FaultMaker = (cluster, random) => {
  const kill = (nodeId: string): boolean => {
    cluster.kill(nodeId);
    return true;
  };
  return nodeFault(cluster, random, kill, (nodeId) => cluster.restart(nodeId));
};

/** Pauses some nodes, then lets them go on. */
export const pauseFault: FaultMaker = (cluster, random) => {
  return nodeFault(cluster, random, (nodeId) => cluster.pause(nodeId), (nodeId) => cluster.resume(nodeId));
};

function nodeFault(
  cluster: Cluster,
  random: Random,
  /** Returns whether the node is broken now: one that is down cannot be paused, and is not named. */
  breakNode: (nodeId: string) => boolean,
  mendNode: (nodeId: string) => void,
): Fault {
  let broken: readonly string[] = [];
  return {
    begin() {
      broken = drawNodes(cluster.nodeIds, random).filter(breakNode);
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
