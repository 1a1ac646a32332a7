import type { Entry } from '../../src/raft/messages.ts';
import { TestCluster } from '../stdio/cluster.ts';
import { appendEntries } from '../raft/driver.ts';

interface Status {
  readonly role: unknown;
  readonly term: number;
  readonly leader: unknown;
  readonly commit_index: number;
  readonly last_applied: number;
  readonly first_index: number;
  readonly last_index: number;
}

/** Of the messages that a test sends in a former leader's name: the nodes themselves use no such numbers. */
const firstMessageIdOfFormerLeaders = 2 ** 50;

/** A cluster of nodes that know each other and have done nothing yet. */
export function freshCluster(nodeCount: number): TestCluster {
  const cluster = new TestCluster(nodeCount);
  const { nodeIds } = cluster.cluster;
  for (const nodeId of nodeIds) cluster.send(nodeId, { type: 'init', node_id: nodeId, node_ids: nodeIds });
  return cluster;
}

/** What a node says of itself. */
export function statusOf(cluster: TestCluster, nodeId: string): Partial<Status> {
  return cluster.ask(nodeId, { type: 'raft_status' }) ?? {};
}

/** A node's log, whole. One answer holds no more than fits into a line. */
export function logOf(cluster: TestCluster, nodeId: string): readonly Entry[] {
  const log: Entry[] = [];
  for (;;) {
    const answer = cluster.ask(nodeId, { type: 'raft_log', from: log.length + 1 });
    const entries: readonly Entry[] = Array.isArray(answer?.['entries']) ? answer['entries'] : [];
    if (entries.length === 0) return log;
    log.push(...entries);
  }
}

/** A node's log, as the terms of its entries. */
export function termsIn(cluster: TestCluster, nodeId: string): readonly number[] {
  return logOf(cluster, nodeId).map(({ term }) => term);
}

/** Lets time pass, a millisecond at a time, until `find` finds something, and gives that. */
export function waitFor<Found>(cluster: TestCluster, find: () => Found | undefined): Found {
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 1) {
    const found = find();
    if (found !== undefined) return found;
    cluster.cluster.runFor(1);
  }
  throw new Error('what the test waits for does not happen');
}

/** Who of these nodes leads the latest term, once one does. */
export function leaderAmong(cluster: TestCluster, nodeIds: readonly string[]): string {
  return waitFor(cluster, () => {
    const statuses = nodeIds.map((nodeId) => ({ nodeId, ...statusOf(cluster, nodeId) }));
    const latestTerm = Math.max(...statuses.map(({ term }) => term ?? 0));
    return statuses.find(({ role, term }) => role === 'leader' && term === latestTerm)?.nodeId;
  });
}

/** From now on messages travel only within each group; who is in none is alone. */
export function divide(cluster: TestCluster, ...groups: readonly (readonly string[])[]): void {
  const { nodeIds, network } = cluster.cluster;
  const groupOf = (nodeId: string) => groups.find((group) => group.includes(nodeId)) ?? [nodeId];
  const isCut = (receiver: string, sender: string) => !groupOf(receiver).includes(sender);
  network.cut(Object.fromEntries(nodeIds.map((to) => [to, nodeIds.filter((from) => from !== to && isCut(to, from))])));
}

export interface Past {
  /** Who led. */
  readonly leader: string;
  readonly term: number;
  /** The log that it left, as the terms of its entries. */
  readonly log: readonly number[];
  readonly commit?: number;
  /** The command of each entry where it matters. */
  readonly commands?: readonly string[];
}

/** Gives a fresh node a past: the test sends it what a former leader would have sent. */
export function leavePast(cluster: TestCluster, nodeId: string, { commands = [], ...past }: Past): void {
  const request = appendEntries(past);
  const entries = request.entries.map((entry, place) => {
    return { ...entry, command: commands[place] ?? `SET x ${entry.term}` };
  });
  const body = { ...request, entries, msg_id: firstMessageIdOfFormerLeaders };
  cluster.cluster.send({ src: past.leader, dest: nodeId, body });
}
