import type { Latency } from '../../../maelstrom/network/network.ts';
import { WritingCluster } from './writing-cluster.ts';

export interface LossOfALeader {
  readonly how: 'kill' | 'partition';
  readonly nodeCount: number;
  readonly latency: Latency;
  readonly seed: number;
  readonly maxDiskDelayMs: number;
}

/**
 * How long it took from the loss of a leader until a write that was begun after it succeeded on another node, and what
 * that is made of, in milliseconds of virtual time. `Infinity` where it did not within a minute.
 */
export interface Failover {
  readonly totalMs: number;
  /** Until one of the others first asked whether it could win. */
  readonly detectionMs: number;
  /** Until the new leader spoke. */
  readonly electionMs: number;
  /** Until a write succeeded, be it one that was begun before the loss. */
  readonly firstCommitMs: number;
  /** Until one succeeded that was begun after it. */
  readonly clientMs: number;
  /** Rounds of questions, candidacies and terms that were led: 1, 1 and 1 where nothing went wrong. */
  readonly rounds: { readonly preVotes: number; readonly votes: number; readonly leaders: number };
}

const writeIntervalMs = 20;
const givenUpAfterMs = 60_000;

export function failover({ how, nodeCount, latency, seed, maxDiskDelayMs }: LossOfALeader): Failover {
  const writing = new WritingCluster({ nodeCount, latency, seed, writeIntervalMs, maxDiskDelayMs });
  const { cluster } = writing;
  // Somewhere between two heartbeats, and between two writes.
  cluster.runFor(600 + (199 * seed) % 211);
  const { leader } = writing;
  const others = cluster.nodeIds.filter((nodeId) => nodeId !== leader);
  const lostAtMs = cluster.nowMs();
  const stepsBefore = writing.steps.length;
  if (how === 'kill') cluster.kill(leader);
  else cluster.network.cut({ [leader]: others, ...Object.fromEntries(others.map((nodeId) => [nodeId, [leader]])) });
  let anyAtMs = Infinity;
  let endAtMs = Infinity;
  writing.onSuccess = ({ nodeId, beganAtMs, atMs }) => {
    if (nodeId === leader || writing.leader === leader) return;
    anyAtMs = Math.min(anyAtMs, atMs);
    if (beganAtMs > lostAtMs) endAtMs = Math.min(endAtMs, atMs);
  };
  while (endAtMs === Infinity && cluster.nowMs() < lostAtMs + givenUpAfterMs) cluster.runFor(100);
  const steps = writing.steps.slice(stepsBefore).filter(({ nodeId, atMs }) => nodeId !== leader && atMs <= endAtMs);
  const asked = steps.find(({ type }) => type === 'pre_vote')?.atMs ?? Infinity;
  const led = steps.find(({ type }) => type === 'leads')?.atMs ?? Infinity;
  const count = (type: string): number => steps.filter((step) => step.type === type).length;
  return {
    totalMs: endAtMs - lostAtMs,
    detectionMs: asked - lostAtMs,
    electionMs: led - asked,
    firstCommitMs: anyAtMs - led,
    clientMs: endAtMs - anyAtMs,
    rounds: { preVotes: count('pre_vote'), votes: count('request_vote'), leaders: count('leads') },
  };
}
