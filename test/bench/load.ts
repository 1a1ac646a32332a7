import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { BenchCluster } from '../../maelstrom/bench/bench-cluster.ts';
import type { Cost } from '../../maelstrom/bench/bench-cluster.ts';
import { ClosedLoop } from '../../maelstrom/bench/closed-loop.ts';
import { Operations } from '../../maelstrom/bench/operations.ts';
import type { Tally } from '../../maelstrom/bench/tally.ts';

const raft = join(import.meta.dirname, '..', '..', 'bin', 'raft');
const tickMs = 10;
const watchMs = 200;

export interface ClusterPlan {
  readonly nodeCount: number;
  readonly nodeArguments: readonly string[];
  /** For the nodes' logs. */
  readonly directory: string;
}

export interface LoadPlan {
  readonly clientCount: number;
  readonly keyCount: number;
  readonly readShare: number;
  /** The clients ask the first so many nodes; all, unless it is said. */
  readonly askedNodes?: number;
  /** What they ask for; drawn, unless it is given. */
  readonly operations?: Pick<Operations, 'next'>;
}

/** A benchmark's clients that can be waited for. */
export interface RunningClients {
  readonly tally: Tally;
  /** Resolves when so many operations have succeeded; calls `watch` now and then meanwhile. */
  until(operations: number, watch?: () => void): Promise<void>;
  /** They ask no more; resolves when all have been answered. */
  stop(): Promise<void>;
}

/** Nodes of ours as real processes, under a load that goes on until it is stopped. What a node does wrong ends it all. */
export interface LoadedCluster {
  readonly nodes: BenchCluster;
  readonly nodeIds: readonly string[];
  cost(): Cost;
  startClients(plan: LoadPlan): RunningClients;
  /** The number of the first client that has not been yet. */
  takeClientNumbers(count: number): number;
  stop(): Promise<void>;
}

export async function startCluster({ nodeCount, nodeArguments, directory }: ClusterPlan): Promise<LoadedCluster> {
  spawnSync(raft, ['--help']); // Compiles what is stale.
  const nodeIds = Array.from({ length: nodeCount }, (_, place) => `n${place}`);
  const nodes = new BenchCluster({ nodeIds, bin: raft, nodeArguments, directory, latencyMs: 0 });
  nodes.onFailure((error) => {
    console.error([error.message, ...error.stderrTail].join('\n'));
    process.exit(2);
  });
  await nodes.initialize();
  let nextClient = 1;
  let ticking: NodeJS.Timeout | undefined;
  const takeClientNumbers = (count: number): number => {
    nextClient += count;
    return nextClient - count;
  };
  const startClients = ({ clientCount, keyCount, readShare, askedNodes, operations }: LoadPlan): RunningClients => {
    const clients = new ClosedLoop({
      clientCount,
      firstClient: takeClientNumbers(clientCount),
      nodeIds: nodeIds.slice(0, askedNodes),
      operations: operations ?? new Operations({ readShare, keyCount, valueBytes: 8, seed: 1 }),
      ask: (node, line) => nodes.ask(node, line),
      onFault: (node, what) => nodes.fail('misbehaved', node, what),
    });
    nodes.serve(clients);
    clients.start(performance.now());
    clearInterval(ticking);
    ticking = setInterval(() => clients.tick(performance.now()), tickMs);
    return waitable(clients);
  };
  const stop = (): Promise<void> => {
    clearInterval(ticking);
    return nodes.stop();
  };
  return { nodes, nodeIds, cost: () => nodes.cost(), startClients, takeClientNumbers, stop };
}

function waitable(clients: ClosedLoop): RunningClients {
  return {
    get tally() {
      return clients.tally;
    },
    async until(operations, watch) {
      while (clients.tally.succeeded < operations) {
        await pause(watchMs);
        watch?.();
      }
    },
    async stop() {
      clients.stop();
      while (!clients.isIdle) await pause(1);
    },
  };
}
