import { Random } from '../../src/index.ts';
import { observerId } from '../network/client-names.ts';
import type { Body, Cluster, Finding } from '../cluster/cluster.ts';
import { greetingMessage } from '../cluster/greeting.ts';
import type { HistoryEvent } from '../history/history.ts';
import { Monitor, nothingSeen, nothingToSee } from '../cluster/monitor.ts';
import type { StatusRecord } from '../cluster/monitor.ts';
import { Nemesis } from '../faults/nemesis.ts';
import type { FaultName } from '../faults/nemesis.ts';
import { Recorder } from '../history/recorder.ts';
import { Clients } from '../workloads/clients.ts';
import type { Workload } from '../workloads/workload.ts';

/** What is to happen in a run; the same for real and for simulated clusters. */
export interface RunPlan {
  readonly workload: Workload;
  readonly concurrency: number;
  readonly ratePerSecond: number;
  readonly timeLimitMs: number;
  /** What goes wrong. */
  readonly faults: readonly FaultName[];
  /** How long a fault lasts, and how long it then is until it comes again, on average. */
  readonly nemesisIntervalMs: number;
  /** How long nodes may take to recover before a workload asks its last questions; left out, `defaultRecoveryMs`. */
  readonly recoveryMs?: number;
  readonly seed: number;
  /** Whether the nodes are asked how they are, all the time; left out, they are not. */
  readonly asksStatus?: boolean;
  /** What every node was told after its `init`; one that is started again is told it again. */
  readonly greeting?: Body | undefined;
}

/** As under Maelstrom. */
export const defaultRecoveryMs = 10_000;

/** What happened. */
export interface RunRecord {
  readonly events: readonly HistoryEvent[];
  /** From the first moment to the last answer or time-out. What was asked after the nodes had recovered came later. */
  readonly durationMs: number;
  /** How the nodes were seen. */
  readonly statuses: StatusRecord;
}

export interface RunListener {
  readonly onEvent: (event: HistoryEvent) => void;
  /** An answer to a client that makes no sense. What the cluster itself finds, it reports itself. */
  readonly onFinding: (finding: Finding) => void;
  readonly onDone: (record: RunRecord) => void;
}

/**
 * Plays a run on a cluster whose nodes have answered `init`: clients and faults until the time limit, then what is
 * broken is mended and what is in flight gets its answer or its time-out. All of it happens in calls that the cluster
 * makes. Returns a function that tells what has happened so far, for a run that is not played to its end.
 */
export function startRun(cluster: Cluster, plan: RunPlan, { onEvent, onFinding, onDone }: RunListener): () => RunRecord {
  const seeds = new Random(plan.seed);
  const ownRandom = () => new Random(seeds.integer(2 ** 32));
  const startedAtMs = cluster.nowMs();
  const recorder = new Recorder(() => cluster.nowMs() - startedAtMs, onEvent);
  const clients = new Clients(
    cluster,
    plan.workload,
    { concurrency: plan.concurrency, ratePerSecond: plan.ratePerSecond, random: ownRandom() },
    (event) => recorder.record(event),
    (nodeId, what, reply) => {
      const line = JSON.stringify(reply);
      onFinding({ kind: 'bad-reply', nodeId, what, atMs: cluster.nowMs(), line, stderrTail: [] });
    },
  );
  const nemesis = new Nemesis(
    cluster,
    { faults: plan.faults, intervalMs: plan.nemesisIntervalMs, random: ownRandom() },
    (event) => recorder.record(event),
  );
  const monitor = plan.asksStatus === true ? new Monitor(cluster) : undefined;
  cluster.onClientMessage((message) => {
    const { src, dest, body } = message;
    if (dest !== observerId) return clients.receive(message);
    monitor?.receive(message);
    const isRestarted = body.type === 'init_ok';
    if (isRestarted && plan.greeting !== undefined) cluster.send(greetingMessage(cluster.nodeIds, src, plan.greeting));
  });
  clients.start();
  nemesis.start();
  monitor?.start();
  const unseen = plan.workload.isForRaft ? nothingSeen : nothingToSee;
  const recordOf = (durationMs: number): RunRecord => {
    return { events: recorder.events, durationMs, statuses: monitor?.record ?? unseen };
  };
  const finish = (durationMs: number) => {
    monitor?.stop();
    onDone(recordOf(durationMs));
  };
  cluster.after(plan.timeLimitMs, () => {
    nemesis.stop();
    clients.stop(() => {
      const durationMs = cluster.nowMs() - startedAtMs;
      if (plan.workload.last === undefined) finish(durationMs);
      else cluster.after(plan.recoveryMs ?? defaultRecoveryMs, () => clients.askLast(() => finish(durationMs)));
    });
  });
  return () => recordOf(cluster.nowMs() - startedAtMs);
}
