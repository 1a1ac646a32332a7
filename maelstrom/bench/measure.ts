import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BenchCluster } from './bench-cluster.ts';
import { BenchError } from './bench-error.ts';
import { ClosedLoop } from './closed-loop.ts';
import { Operations } from './operations.ts';
import type { Mix } from './operations.ts';
import type { Tally } from './tally.ts';
import { machineBusyMs } from './usage.ts';

/** The measurements of one cluster. */
export interface Plan {
  /** Absolute path of the executable. */
  readonly bin: string;
  readonly nodeArguments: readonly string[];
  readonly nodeCount: number;
  /** How many clients ask, in one measurement after the other: a cluster is warmed up once. */
  readonly clientCounts: readonly number[];
  readonly latencyMs: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly mix: Mix;
}

/** What was measured. Figures of processor time and memory are undefined where the system does not tell them. */
export interface Measurement {
  /** How long it took, which is a little more than was asked for. */
  readonly durationMs: number;
  readonly operationsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** By the place of the node that was asked; NaN where it answered none. */
  readonly nodes: readonly { readonly readP50Ms: number; readonly writeP50Ms: number }[];
  /** Between nodes. */
  readonly messagesPerOperation: number;
  readonly bytesPerOperation: number;
  readonly cpuMsPer1000Operations: number | undefined;
  readonly peakBytes: number | undefined;
  /** The part of one processor core that the router took, 0 to about 1. */
  readonly routerBusy: number;
  /** The router's part of the processor time of router and nodes together, 0 to 1. */
  readonly routerShare: number | undefined;
  /** What other programs took of the processor time that the machine has, 0 to 1. */
  readonly othersShare: number | undefined;
  readonly failed: number;
  /** By code, what errors were answered. */
  readonly errors: Readonly<Record<string, number>>;
  readonly timeouts: number;
  readonly notFound: number;
}

/** From when all nodes are up, until the first operation succeeds. */
const readyLimitMs = 30_000;
const tickMs = 10;
/** A node that is compiled while it runs is slow at first. With a single client the warm-up would take minutes. */
const minWarmUpClients = 64;
/** The clients that are measured ask for this long before it counts. */
const settlingMs = 100;
const dataPlaceholder = '{data}';

/**
 * Runs one cluster from its start to its end, and measures it with each number of clients. No process is left then.
 * Rejects with a `BenchError`.
 */
export async function measure(plan: Plan, interrupted: AbortSignal): Promise<readonly Measurement[]> {
  const directory = mkdtempSync(join(tmpdir(), 'eddy-bench-'));
  const dataDirectory = join(directory, 'data');
  mkdirSync(dataDirectory);
  const nodeIds = Array.from({ length: plan.nodeCount }, (_, place) => `n${place}`);
  const nodeArguments = plan.nodeArguments.map((text) => text.replaceAll(dataPlaceholder, () => dataDirectory));
  const { bin, latencyMs } = plan;
  const cluster = new BenchCluster({ nodeIds, bin, nodeArguments, directory, latencyMs });
  const ended = new AbortController();
  let ticking: NodeJS.Timeout | undefined;
  const failure = new Promise<never>((_, reject) => {
    cluster.onFailure(reject);
    const giveUp = (): void => reject(new BenchError('interrupted', 'interrupted'));
    if (interrupted.aborted) giveUp();
    interrupted.addEventListener('abort', giveUp, { signal: ended.signal });
  });
  try {
    await Promise.race([cluster.initialize(), failure]);
    const operations = new Operations(plan.mix);
    let firstClient = 1;
    const start = (clientCount: number): ClosedLoop => {
      const ask = (node: number, line: string): void => cluster.ask(node, line);
      const onFault = (node: number, what: string): void => cluster.fail('misbehaved', node, what);
      const clients = new ClosedLoop({ clientCount, firstClient, nodeIds, operations, ask, onFault });
      firstClient += clientCount;
      cluster.serve(clients);
      clients.start(performance.now());
      clearInterval(ticking);
      ticking = setInterval(() => clients.tick(performance.now()), tickMs);
      return clients;
    };
    return await Promise.race([run(plan, cluster, start, ended.signal), failure]);
  } finally {
    ended.abort();
    clearInterval(ticking);
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Warms the nodes up, then measures.
 *
 * @param start lets so many new clients ask
 * @param signal aborted when the measurement is over, for whatever reason
 */
async function run(
  plan: Plan,
  cluster: BenchCluster,
  start: (clientCount: number) => ClosedLoop,
  signal: AbortSignal,
): Promise<readonly Measurement[]> {
  let clients = start(Math.max(...plan.clientCounts, minWarmUpClients));
  const readyByMs = performance.now() + readyLimitMs;
  while (clients.tally.succeeded === 0) {
    if (performance.now() > readyByMs) throw new BenchError('not-up', neverReady(clients.tally));
    await pause(tickMs, undefined, { signal });
  }
  await pause(plan.warmUpMs, undefined, { signal });
  const measurements: Measurement[] = [];
  for (const clientCount of plan.clientCounts) {
    clients.stop();
    while (!clients.isIdle) await pause(1, undefined, { signal });
    clients = start(clientCount);
    await pause(settlingMs, undefined, { signal });
    measurements.push(await observe(plan, cluster, clients, signal));
  }
  return measurements;
}

async function observe(
  { measureMs }: Plan,
  cluster: BenchCluster,
  clients: ClosedLoop,
  signal: AbortSignal,
): Promise<Measurement> {
  const costBefore = cluster.cost();
  clients.startTally();
  const [beganAtMs, routerBefore, machineBefore] = [performance.now(), process.cpuUsage(), machineBusyMs()];
  await pause(measureMs, undefined, { signal });
  const { tally } = clients;
  const durationMs = performance.now() - beganAtMs;
  const { user, system } = process.cpuUsage(routerBefore);
  const machineMs = machineBusyMs() - machineBefore;
  const cost = cluster.cost();
  const nodesCpuMs = cost.nodesCpuMs === undefined ? undefined : cost.nodesCpuMs - (costBefore.nodesCpuMs ?? 0);
  const routerCpuMs = (user + system) / 1000;
  const operations = tally.succeeded;
  const latencies = tally.latencies('all');
  return {
    durationMs,
    operationsPerSecond: (1000 * operations) / durationMs,
    p50Ms: latencies.quantileMs(0.5),
    p99Ms: latencies.quantileMs(0.99),
    nodes: tally.nodes.map(({ reads, writes }) => {
      return { readP50Ms: reads.quantileMs(0.5), writeP50Ms: writes.quantileMs(0.5) };
    }),
    messagesPerOperation: (cost.messages - costBefore.messages) / operations,
    bytesPerOperation: (cost.bytes - costBefore.bytes) / operations,
    cpuMsPer1000Operations: nodesCpuMs === undefined ? undefined : (1000 * nodesCpuMs) / operations,
    peakBytes: cost.peakBytes,
    routerBusy: routerCpuMs / durationMs,
    routerShare: nodesCpuMs === undefined ? undefined : routerCpuMs / (routerCpuMs + nodesCpuMs),
    othersShare: nodesCpuMs === undefined ? undefined : othersShare(machineMs - routerCpuMs - nodesCpuMs, durationMs),
    failed: tally.failed,
    errors: Object.fromEntries(tally.errors),
    timeouts: tally.timeouts,
    notFound: tally.notFound,
  };
}

function othersShare(othersMs: number, durationMs: number): number {
  return Math.max(0, othersMs) / (durationMs * availableParallelism());
}

function neverReady({ errors, timeouts }: Tally): string {
  const told = [...errors].map(([code, count]) => `${count} times error ${code}`);
  const all = [...told, ...(timeouts > 0 ? [`${timeouts} times nothing`] : [])].join(', ');
  return `no operation succeeded within ${readyLimitMs / 1000} s; clients were answered ${all === '' ? 'nothing' : all}`;
}
