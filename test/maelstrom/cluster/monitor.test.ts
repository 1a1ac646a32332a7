import { describe, expect, it } from 'vitest';
import { maxChanges, Monitor } from '../../../maelstrom/cluster/monitor.ts';
import type { StatusChange } from '../../../maelstrom/cluster/monitor.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { Random } from '../../../src/index.ts';
import { VirtualCluster } from '../virtual-cluster.ts';
import type { Behaviour } from '../virtual-cluster.ts';

/** How a node answers its question number `count`, the first being 1; undefined: not at all. */
type Answer = (count: number, nowMs: number) => Readonly<Record<string, unknown> & { type: string }> | undefined;

const leading = { type: 'raft_status_ok', role: 'leader', term: 1, leader: 'n1', commit_index: 0 };

/** Watches one node for a while, and tells how often it was asked. */
function watch(answer: Answer, durationMs: number) {
  let askedCount = 0;
  const node: Behaviour = ({ src, body }, send) => {
    expect(body.type).toBe('raft_status');
    askedCount += 1;
    const reply = answer(askedCount, cluster.nowMs());
    if (reply !== undefined) send(src, { ...reply, ...(body.msg_id !== undefined && { in_reply_to: body.msg_id }) });
  };
  const network = new Network(['n1'], { meanMs: 0, distribution: 'constant' }, new Random(1));
  const cluster = new VirtualCluster(network, { n1: node });
  cluster.run(1000);
  const monitor = new Monitor(cluster);
  cluster.onClientMessage((message) => monitor.receive(message));
  monitor.start();
  cluster.run(1000 + durationMs);
  const askedDuring = askedCount;
  monitor.stop();
  cluster.run(2000 + durationMs);
  expect(askedCount).toBe(askedDuring);
  const changes: readonly StatusChange[] = monitor.record.changes['n1'] ?? [];
  return { askedCount, changes, isComplete: monitor.record.isComplete, counts: network.counts };
}

describe('the monitor', () => {
  it('asks a node every 25 ms, and notes what is new, with the time since the start', () => {
    const { askedCount, changes } = watch((count) => (count < 5 ? leading : { ...leading, term: 2 }), 1000);
    expect(askedCount).toBe(41);
    expect(changes).toEqual([
      { atMs: 0, role: 'leader', term: 1, leader: 'n1', commitIndex: 0 },
      { atMs: 100, role: 'leader', term: 2, leader: 'n1', commitIndex: 0 },
    ]);
  });

  it('notes a commit index that grows all the time only now and then', () => {
    const { changes } = watch((count) => ({ ...leading, commit_index: count }), 1000);
    expect(changes.map(({ atMs, commitIndex }) => [atMs, commitIndex])).toEqual([
      [0, 1],
      [250, 11],
      [500, 21],
      [750, 31],
      [1000, 41],
    ]);
  });

  it('sends and receives nothing that counts', () => {
    expect(watch(() => leading, 1000).counts).toEqual({ servers: 0, clients: 0, lost: 0 });
  });

  it.each([
    ['an error', { type: 'error', code: 10 }],
    ['nothing', undefined],
    ['something else', { ...leading, role: 'king' }],
  ])('leaves a node alone that answers %s three times', (_, reply) => {
    expect(watch(() => reply, 60_000)).toMatchObject({ askedCount: 3, changes: [], isComplete: true });
  });

  it('goes on asking a node that is silent after it has told its status once, a question a second', () => {
    const { askedCount, changes } = watch((count) => (count === 1 ? leading : undefined), 60_000);
    expect(askedCount).toBeGreaterThan(50);
    expect(askedCount).toBeLessThan(70);
    expect(changes).toHaveLength(1);
  });

  it('asks a node that was started again at once, not only when the question before is given up', () => {
    let askedCount = 0;
    const node: Behaviour = () => {
      askedCount += 1;
    };
    const network = new Network(['n1'], { meanMs: 0, distribution: 'constant' }, new Random(1));
    const cluster = new VirtualCluster(network, { n1: node });
    const monitor = new Monitor(cluster);
    monitor.start();
    cluster.run(100);
    expect(askedCount).toBe(1);
    monitor.receive({ src: 'n1', dest: 'c0', body: { type: 'init_ok', in_reply_to: 1 } });
    cluster.run(130);
    expect(askedCount).toBe(2);
  });

  it('does not take a late answer for one to a later question', () => {
    const seen: number[] = [];
    const late: Behaviour = ({ src, body }, send) => {
      seen.push(body.msg_id ?? 0);
      if (seen.length === 2) send(src, { ...leading, in_reply_to: seen[0] ?? 0 });
    };
    const network = new Network(['n1'], { meanMs: 0, distribution: 'constant' }, new Random(1));
    const cluster = new VirtualCluster(network, { n1: late });
    const monitor = new Monitor(cluster);
    cluster.onClientMessage((message) => monitor.receive(message));
    monitor.start();
    cluster.run(10_000);
    expect(monitor.record.changes).toEqual({ n1: [] });
  });

  it('keeps a bounded record, and says when it is not all', () => {
    const restless = watch((count) => ({ ...leading, term: count }), 25 * (maxChanges + 10));
    expect([restless.changes.length, restless.isComplete]).toEqual([maxChanges, false]);
    expect(watch((count) => ({ ...leading, term: count }), 25 * (maxChanges - 1)).isComplete).toBe(true);
  });

  it('keeps room for changes of leader when commits have filled half of the record', () => {
    const commitsThenTerm: Answer = (count, nowMs) => {
      return { ...leading, commit_index: count, term: nowMs < 1000 + 250 * maxChanges ? 1 : 2 };
    };
    const { changes, isComplete } = watch(commitsThenTerm, 250 * maxChanges);
    expect([changes.length, changes.at(-1)?.term, isComplete]).toEqual([maxChanges / 2 + 1, 2, true]);
  });
});
