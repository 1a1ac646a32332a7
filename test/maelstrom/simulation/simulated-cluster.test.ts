import { describe, expect, test } from 'vitest';
import { initialize } from '../../../maelstrom/cluster/init.ts';
import { SimulatedCluster } from '../../../maelstrom/simulation/simulated-cluster.ts';
import type { SimulatedClusterOptions } from '../../../maelstrom/simulation/simulated-cluster.ts';
import { maxUnreadLines } from '../../../maelstrom/simulation/world/process.ts';
import { DelayedStorage } from '../../../maelstrom/simulation/world/delayed-storage.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { Random } from '../../../src/index.ts';
import type { HardState } from '../../../src/index.ts';

const latencyMs = 10;

interface Started {
  readonly cluster: SimulatedCluster;
  /** Every line from node to node, when it was sent. */
  readonly sent: string[];
  readonly answers: Readonly<Record<string, unknown>>[];
}

/** Three nodes that have been initialized and, after 300 ms, follow n1. */
function started(options: Partial<SimulatedClusterOptions> = {}): Started {
  const nodeIds = ['n1', 'n2', 'n3'];
  const random = new Random(1);
  const network = new Network(nodeIds, { meanMs: latencyMs, distribution: 'constant' }, random);
  const cluster = new SimulatedCluster({ nodeIds, random, ...options }, network);
  const sent: string[] = [];
  const answers: Record<string, unknown>[] = [];
  cluster.onSend((line, nowMs) => sent.push(`${nowMs} ${line}`));
  initialize(cluster, (failures) => expect(failures).toEqual([]));
  cluster.runFor(300);
  cluster.onClientMessage(({ src, body }) => answers.push({ src, ...body }));
  return { cluster, sent, answers };
}

/** Sends a client's request, and gives the answer that comes at the same moment. */
function ask({ cluster, answers }: Started, nodeId: string, body: object): Started['answers'][number] | undefined {
  const count = answers.length;
  cluster.send({ src: 'c1', dest: nodeId, body: { type: '', msg_id: 1, ...body } });
  cluster.runFor(0);
  return answers[count];
}

function writeAndSettle(simulated: Started): void {
  simulated.cluster.send({ src: 'c1', dest: 'n1', body: { type: 'write', msg_id: 9, key: 'x', value: 1 } });
  simulated.cluster.runFor(300);
}

const statusOf = (simulated: Started, nodeId: string) => ask(simulated, nodeId, { type: 'raft_status' });

describe('messages between nodes', () => {
  test('take as long as the network says', () => {
    const simulated = started();
    simulated.sent.length = 0;
    simulated.cluster.send({ src: 'c1', dest: 'n1', body: { type: 'write', msg_id: 9, key: 'x', value: 1 } });
    simulated.cluster.runFor(latencyMs - 1);
    expect(statusOf(simulated, 'n2')).toMatchObject({ last_index: 0 });
    simulated.cluster.runFor(1);
    expect(statusOf(simulated, 'n2')).toMatchObject({ last_index: 1 });
    expect(simulated.sent[0]).toMatch(/^300 {"src":"n1","dest":"n2"/);
  });

  test('are lost at the given rate', () => {
    const simulated = started({ lossRate: 1 });
    expect(simulated.sent).not.toEqual([]);
    expect(statusOf(simulated, 'n2')).toMatchObject({ term: 0, leader: null });
  });

  test('arrive twice at the given rate, and count as two', () => {
    const single = started();
    const double = started({ duplicationRate: 1 });
    const repliesOf = ({ sent }: Started) => sent.filter((line) => line.includes('"src":"n2"')).length;
    expect(single.cluster.network.counts.servers).toBe(single.sent.length);
    expect(double.cluster.network.counts.servers).toBe(2 * double.sent.length);
    expect(repliesOf(double)).toBeGreaterThan(repliesOf(single));
  });

  test('do not pass a cut', () => {
    const simulated = started();
    simulated.cluster.network.cut({ n2: ['n1', 'n3'] });
    writeAndSettle(simulated);
    expect(statusOf(simulated, 'n2')).toMatchObject({ last_index: 0 });
    expect(statusOf(simulated, 'n3')).toMatchObject({ last_index: 1 });
  });
});

describe('a kill', () => {
  test('silences a node: it takes no message and sends none', () => {
    const simulated = started();
    simulated.cluster.kill('n1');
    simulated.sent.length = 0;
    expect(statusOf(simulated, 'n1')).toBeUndefined();
    simulated.cluster.runFor(400);
    expect(simulated.sent.filter((line) => line.includes('"src":"n1"'))).toEqual([]);
  });

  test('comes before what the node was about to do', () => {
    const simulated = started();
    simulated.sent.length = 0;
    simulated.cluster.send({ src: 'c1', dest: 'n1', body: { type: 'write', msg_id: 9, key: 'x', value: 1 } });
    simulated.cluster.kill('n1');
    simulated.cluster.runFor(0);
    expect(simulated.sent).toEqual([]);
  });

  test('is recovered from by a restart, with what was on the disk', () => {
    const simulated = started();
    writeAndSettle(simulated);
    simulated.cluster.kill('n2');
    simulated.cluster.restart('n2');
    expect(simulated.answers.at(-1)).toMatchObject({ type: 'write_ok' });
    simulated.cluster.runFor(0);
    expect(simulated.answers.at(-1)).toMatchObject({ src: 'n2', type: 'init_ok' });
    expect(statusOf(simulated, 'n2')).toMatchObject({ term: 1, last_index: 1, commit_index: 0, leader: null });
    simulated.cluster.runFor(300);
    expect(statusOf(simulated, 'n2')).toMatchObject({ leader: 'n1', commit_index: 1, last_applied: 1 });
  });

  test('loses what was sent to the node before it took its turn, and what is sent until the restart', () => {
    const simulated = started();
    simulated.cluster.send({ src: 'c1', dest: 'n2', body: { type: 'raft_status', msg_id: 1 } });
    simulated.cluster.kill('n2');
    simulated.cluster.send({ src: 'c1', dest: 'n2', body: { type: 'raft_status', msg_id: 2 } });
    simulated.cluster.restart('n2');
    simulated.cluster.runFor(0);
    expect(simulated.answers.map(({ type }) => type)).toEqual(['init_ok']);
  });

  test('of a node that has just been started again leaves no answer to wait for', () => {
    const simulated = started();
    const findings: string[] = [];
    simulated.cluster.onFinding(({ nodeId, what }) => findings.push(`${nodeId} ${what}`));
    simulated.cluster.restart('n2');
    simulated.cluster.kill('n2');
    simulated.cluster.runFor(20_000);
    expect(findings).toEqual([]);
  });

  test('of a paused node loses what waited for it, and the pause is over', () => {
    const simulated = started();
    simulated.cluster.pause('n2');
    simulated.cluster.send({ src: 'c1', dest: 'n2', body: { type: 'raft_status', msg_id: 1 } });
    simulated.cluster.kill('n2');
    simulated.cluster.resume('n2');
    simulated.cluster.restart('n2');
    simulated.cluster.runFor(0);
    expect(simulated.answers.map(({ type }) => type)).toEqual(['init_ok']);
    expect(statusOf(simulated, 'n2')).toMatchObject({ type: 'raft_status_ok' });
  });

  test('loses the batch that was being written', () => {
    const simulated = started({ maxDiskDelayMs: 1 });
    simulated.cluster.send({ src: 'c1', dest: 'n1', body: { type: 'write', msg_id: 9, key: 'x', value: 1 } });
    simulated.cluster.runFor(0);
    expect(statusOf(simulated, 'n1')).toMatchObject({ last_index: 1 });
    simulated.cluster.kill('n1');
    simulated.cluster.network.cut({ n1: ['n2', 'n3'] });
    simulated.cluster.runFor(100);
    simulated.cluster.restart('n1');
    simulated.cluster.runFor(10);
    expect(statusOf(simulated, 'n1')).toMatchObject({ last_index: 0 });
  });
});

describe('a pause', () => {
  test('silences a node until it is resumed: then it answers all that waited, in one turn', () => {
    const simulated = started();
    simulated.cluster.pause('n2');
    simulated.sent.length = 0;
    for (const messageId of [1, 2, 3]) {
      simulated.cluster.send({ src: 'c1', dest: 'n2', body: { type: 'raft_status', msg_id: messageId } });
    }
    simulated.cluster.runFor(400);
    expect(simulated.answers).toEqual([]);
    expect(simulated.sent.filter((line) => line.includes('"src":"n2"'))).toEqual([]);
    simulated.cluster.resume('n2');
    simulated.cluster.runFor(0);
    expect(simulated.answers.map((answer) => answer['in_reply_to'])).toEqual([1, 2, 3]);
    simulated.cluster.runFor(300);
    expect(statusOf(simulated, 'n2')).toMatchObject({ leader: 'n1' });
  });

  test('is over also for a node that nothing was sent to: it takes the turn that its timers want', () => {
    const simulated = started();
    simulated.cluster.network.cut({ n2: ['n1', 'n3'] });
    simulated.cluster.pause('n2');
    simulated.cluster.runFor(2000);
    simulated.cluster.kill('n1');
    simulated.cluster.kill('n3');
    simulated.cluster.runFor(100);
    simulated.sent.length = 0;
    simulated.cluster.resume('n2');
    simulated.cluster.runFor(0);
    expect(simulated.sent.join()).toContain('"type":"pre_vote"');
  });

  test('takes away the turn that a node was about to take', () => {
    const simulated = started();
    simulated.cluster.send({ src: 'c1', dest: 'n2', body: { type: 'raft_status', msg_id: 1 } });
    simulated.cluster.pause('n2');
    simulated.cluster.runFor(400);
    expect(simulated.answers).toEqual([]);
    simulated.cluster.resume('n2');
    simulated.cluster.runFor(0);
    expect(simulated.answers).toHaveLength(1);
  });

  test('of the leader has the others elect another one, whom it follows when it is back', () => {
    const simulated = started();
    simulated.cluster.pause('n1');
    simulated.cluster.runFor(2000);
    expect(statusOf(simulated, 'n2')).toMatchObject({ leader: expect.stringMatching(/n[23]/) });
    simulated.cluster.resume('n1');
    simulated.cluster.runFor(300);
    expect(statusOf(simulated, 'n1')).toMatchObject({ role: 'follower', leader: expect.stringMatching(/n[23]/) });
  });

  test('loses what is more than can wait for the node', () => {
    const simulated = started();
    simulated.cluster.network.cut({ n2: ['n1', 'n3'] });
    simulated.cluster.runFor(1000);
    simulated.cluster.pause('n2');
    for (let messageId = 0; messageId < maxUnreadLines + 10; messageId += 1) {
      simulated.cluster.send({ src: 'c1', dest: 'n2', body: { type: 'x', msg_id: messageId } });
    }
    simulated.answers.length = 0;
    simulated.cluster.resume('n2');
    simulated.cluster.runFor(0);
    expect(simulated.answers.length).toBe(maxUnreadLines);
  });
});

describe('a disk', () => {
  const hardState: HardState = { nodeId: 'n1', voters: ['n1'], bootCount: 0, term: 1, votedFor: null };
  const entries = [{ term: 1, index: 1, command: 'x' }];

  test('has a batch when the write is finished, and tells when one begins', () => {
    let writes = 0;
    const disk = new DelayedStorage(undefined, () => {
      writes += 1;
    });
    disk.write({ number: 1, hardState, entries });
    expect([writes, disk.persistedBatch, disk.contents]).toEqual([1, 0, undefined]);
    disk.finishWrite();
    expect([writes, disk.persistedBatch, disk.contents]).toEqual([1, 1, { hardState, entries }]);
  });

  test('is found by the next incarnation as it was left', () => {
    const disk = new DelayedStorage({ hardState, entries }, () => {});
    disk.write({ number: 1, entries: [{ term: 1, index: 2, command: 'y' }] });
    expect(disk.recovered).toEqual({ hardState, entries });
    expect(disk.contents).toEqual({ hardState, entries });
  });
});

describe('time', () => {
  test('passes only when it is told to, and then exactly so far', () => {
    const { cluster } = started();
    expect(cluster.nowMs()).toBe(300);
    cluster.runUntil(300.5);
    expect(cluster.nowMs()).toBe(300.5);
  });

  test('runs what is due, in order, and not what was cancelled', () => {
    const { cluster } = started();
    const ran: string[] = [];
    cluster.after(20, () => ran.push('second'));
    cluster.after(10, () => ran.push('first'));
    cluster.after(20, () => ran.push('third'));
    cluster.after(15, () => ran.push('never'))();
    cluster.runFor(20);
    expect(ran).toEqual(['first', 'second', 'third']);
  });

  test('that stands still is an error and not a hang', () => {
    const { cluster } = started();
    let calls = 0;
    const again = () => {
      calls += 1;
      if (calls < 200_000) cluster.after(0, again);
    };
    again();
    expect(() => cluster.runFor(1)).toThrow('time stands still at 300 ms');
  });
});
