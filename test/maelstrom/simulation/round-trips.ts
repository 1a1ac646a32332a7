import { initialize } from '../../../maelstrom/cluster/init.ts';
import { SimulatedCluster } from '../../../maelstrom/simulation/simulated-cluster.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { Random } from '../../../src/index.ts';
import type { RaftConfig } from '../../../src/index.ts';

export interface RoundTripsOptions {
  readonly nodeCount: number;
  readonly readMode: RaftConfig['readMode'];
  /** Spread over the nodes, the first on the leader; each begins an operation when its last is answered. */
  readonly clients: readonly ClientPlan[];
  readonly operationsEach: number;
}

export interface ClientPlan {
  /** Counted from 0, which is the leader. */
  readonly node: number;
  /** Each asks for one of these at a time, in turn. */
  readonly operations: readonly ('read' | 'write')[];
  /** Before each it waits for a random time of up to so many delays. */
  readonly pauses: number;
}

/** How many one-way delays an operation took. */
export interface Took {
  readonly operation: 'read' | 'write';
  readonly at: 'leader' | 'follower';
  readonly delays: number;
}

const delayMs = 10;

/** Messages between nodes take exactly 10 ms, all else no time at all: what an operation takes is its round trips. */
export function roundTrips({ nodeCount, readMode, clients, operationsEach }: RoundTripsOptions): readonly Took[] {
  const random = new Random(1);
  const nodeIds = Array.from({ length: nodeCount }, (_, place) => `n${place + 1}`);
  const network = new Network(nodeIds, { meanMs: delayMs, distribution: 'constant' }, random);
  const cluster = new SimulatedCluster({ nodeIds, random, readMode }, network);
  initialize(cluster, () => {});
  // Somewhere between two heartbeats; all know the leader.
  cluster.runFor(1000);

  const taken: Took[] = [];
  const begunAtMs = new Map<string, number>();
  const next = (plan: ClientPlan, name: string, count: number): void => {
    if (count === operationsEach) return;
    const operation = operationOf(plan, count);
    begunAtMs.set(`${name} ${count}`, cluster.nowMs());
    const body = { type: operation, msg_id: count, key: 1, ...(operation === 'write' && { value: count }) };
    cluster.send({ src: name, dest: nodeIds[plan.node] ?? '', body });
  };
  const later = (plan: ClientPlan, name: string, count: number): void => {
    cluster.after(plan.pauses * delayMs * random.fraction(), () => next(plan, name, count));
  };
  cluster.onClientMessage(({ dest, body }) => {
    const plan = clients[Number(dest.slice(1))];
    const count = body.in_reply_to ?? 0;
    const beganAtMs = begunAtMs.get(`${dest} ${count}`);
    if (plan === undefined || beganAtMs === undefined) return;
    if (!['read_ok', 'write_ok'].includes(body.type)) throw new Error(`${dest} was told ${JSON.stringify(body)}`);
    const delays = Number(((cluster.nowMs() - beganAtMs) / delayMs).toFixed(6));
    taken.push({ operation: operationOf(plan, count), at: plan.node === 0 ? 'leader' : 'follower', delays });
    later(plan, dest, count + 1);
  });
  cluster.send({ src: 'c-first', dest: 'n1', body: { type: 'write', msg_id: 0, key: 1, value: 0 } });
  cluster.runFor(1000);
  for (const [place, plan] of clients.entries()) later(plan, `c${place}`, 0);
  while (taken.length < clients.length * operationsEach && cluster.nowMs() < 600_000) cluster.runFor(100);
  return taken;
}

function operationOf({ operations }: ClientPlan, count: number): 'read' | 'write' {
  return operations[count % operations.length] ?? 'read';
}
