import { describe, expect, test } from 'vitest';
import { kv } from '../../src/services/kv/service.ts';
import { Node } from '../../src/stdio/node.ts';
import { defaultSnapshotPolicy } from '../../src/member/snapshots.ts';
import type { DiskStorage } from '../../src/storage/disk-storage.ts';
import { FaultyFileSystem } from './faulty-file-system.ts';
import { openStorage } from './workload.ts';

interface Sent {
  readonly dest: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** P of the nodes here. */
const electionTimeoutMs = 500;

/** A node, its clock and its disk in the test's hand. */
class NodeOnDisk {
  readonly fileSystem: FaultyFileSystem;
  readonly failures: string[] = [];
  readonly opened: string[] = [];
  storage: DiskStorage | undefined;
  nowMs = 0;
  readonly #node: Node;
  #nextMessageId = 1;

  constructor(fileSystem: FaultyFileSystem, reserveBytes = 0) {
    this.fileSystem = fileSystem;
    this.#node = new Node({
      electionTimeoutMs,
      heartbeatMs: 150,
      maxPending: 100,
      snapshots: defaultSnapshotPolicy,
      openStorage: (nodeId) => {
        this.opened.push(nodeId);
        const onFailure = ({ message }: Error): number => this.failures.push(message);
        this.storage = openStorage(fileSystem, { reserveBytes, onFailure });
        return this.storage;
      },
      service: kv,
      seed: 1,
    });
  }

  receive(src: string, body: object): void {
    const msg_id = this.#nextMessageId;
    this.#nextMessageId += 1;
    this.#node.receive(Buffer.from(`${JSON.stringify({ src, dest: 'n1', body: { msg_id, ...body } })}\n`), this.nowMs);
  }

  init(nodeIds: readonly string[]): void {
    this.receive('c0', { type: 'init', node_id: 'n1', node_ids: nodeIds });
  }

  /** What a turn writes to stdout; the disk goes on only when the test says so. */
  turn(): readonly Sent[] {
    return this.#node.turn(this.nowMs).lines.map((line): Sent => JSON.parse(line));
  }

  /** Turns, and the disk's work in between, until both have nothing more to do. */
  settle(): readonly Sent[] {
    const sent = [...this.turn()];
    while (this.fileSystem.isBusy) {
      this.fileSystem.complete();
      sent.push(...this.turn());
    }
    return sent;
  }

  /** Time passes in small steps. */
  runFor(durationMs: number): readonly Sent[] {
    const untilMs = this.nowMs + durationMs;
    const sent: Sent[] = [];
    for (; this.nowMs < untilMs; this.nowMs += 10) {
      if (this.#node.nextDeadlineMs(this.nowMs) <= this.nowMs) sent.push(...this.settle());
    }
    return sent;
  }
}

const three = ['n1', 'n2', 'n3'];
const write = { type: 'write', key: 'x', value: 1 };
const append = { type: 'raft_append', entry: { command: 'SET x 1' } };

/** What a node leaves that led term 1, logged an entry and lost power. */
function afterFirstLife(nodeIds: readonly string[]): FaultyFileSystem {
  const node = new NodeOnDisk(new FaultyFileSystem());
  node.init(nodeIds);
  node.receive('c1', append);
  node.settle();
  return node.fileSystem.afterPowerCut(() => false);
}

describe('the storage', () => {
  test('is opened by the first init that can be this node’s', () => {
    const node = new NodeOnDisk(new FaultyFileSystem());
    node.receive('c0', { type: 'init', node_id: 'n1', node_ids: ['n2'] });
    node.receive('c0', { type: 'init', node_id: 'n2', node_ids: three });
    node.settle();
    expect(node.opened).toEqual([]);
    node.init(three);
    node.init(three);
    node.settle();
    expect(node.opened).toEqual(['n1']);
  });
});

describe('before the boot count is on the disk', () => {
  test.each([['a first', new FaultyFileSystem(), 0], ['a second', afterFirstLife(three), 2 ** 32]])(
    '%s incarnation says nothing; then its message ids begin at boot_count * 2^32',
    (_, fileSystem, firstId) => {
      const node = new NodeOnDisk(fileSystem);
      node.init(three);
      node.receive('n2', { type: 'pre_vote', term: 9, candidate_id: 'n2', last_log_index: 9, last_log_term: 8 });
      while (node.storage?.persistedBatch !== 1) {
        expect(node.turn()).toEqual([]);
        node.fileSystem.completeOne();
      }
      const sent = node.turn();
      expect(sent.map(({ body }) => body['type'])).toEqual(['init_ok', 'pre_vote_ok']);
      expect(sent.map(({ body }) => body['msg_id'])).toEqual([firstId, firstId + 1]);
    },
  );

  test('a crash leaves the count as it was; after the write it has risen', () => {
    const fileSystem = afterFirstLife(three);
    const crashed = new NodeOnDisk(fileSystem);
    crashed.init(three);
    crashed.turn();
    expect(openStorage(fileSystem.afterPowerCut(() => false)).recovered?.hardState.bootCount).toBe(0);
    crashed.settle();
    expect(openStorage(fileSystem.afterPowerCut(() => false)).recovered?.hardState.bootCount).toBe(1);
  });
});

describe('a node that starts again', () => {
  test('refuses an init of another cluster with 12, and nothing starts', () => {
    const fileSystem = afterFirstLife(three);
    const node = new NodeOnDisk(fileSystem);
    node.init(['n1', 'n2', 'n4']);
    expect(node.settle().map(({ body }) => body)).toMatchObject([
      { type: 'error', code: 12, text: 'body.node_ids: this cluster is n1, n2, n3' },
    ]);
    node.receive('c1', append);
    expect(node.settle().map(({ body }) => body)).toMatchObject([{ type: 'error', code: 11 }]);
    expect(node.runFor(5000)).toEqual([]);
    expect(openStorage(fileSystem.afterKill()).recovered?.hardState.bootCount).toBe(0);
    node.init(three);
    expect(node.settle().map(({ body }) => body['type']), 'the right one is taken').toEqual(['init_ok']);
  });

  test('has its term, vote and log; it does not bootstrap, and is silent for P', () => {
    const node = new NodeOnDisk(afterFirstLife(three));
    node.init(three);
    node.receive('c1', { type: 'raft_status' });
    expect(node.settle().at(-1)?.body).toMatchObject({ role: 'follower', term: 1, leader: null, last_index: 1 });
    expect(openStorage(node.fileSystem.afterKill()).recovered?.hardState).toMatchObject({ term: 1, votedFor: 'n1' });
    node.receive('c1', append);
    expect(node.settle().map(({ body }) => body['code']), 'not its own to bootstrap').toEqual([11]);
    expect(node.runFor(electionTimeoutMs - 10)).toEqual([]);
    node.receive('n2', { type: 'pre_vote', term: 9, candidate_id: 'n2', last_log_index: 9, last_log_term: 8 });
    expect(node.settle().map(({ body }) => body['vote_granted'])).toEqual([false]);
    expect(node.runFor(2 * electionTimeoutMs).map(({ body }) => body['type'])).toContain('pre_vote');
  });

  test('alone, leads again and rebuilds its state machine from its disk', () => {
    const node = new NodeOnDisk(afterFirstLife(['n1']));
    node.init(['n1']);
    node.settle();
    node.runFor(3 * electionTimeoutMs);
    node.receive('c1', { type: 'read', key: 'x' });
    expect(node.settle().at(-1)?.body).toMatchObject({ type: 'read_ok', value: '1' });
  });
});

describe('a disk that takes its time', () => {
  test('keeps the answer to a write back, while the node reads on and answers what it can', () => {
    const node = new NodeOnDisk(new FaultyFileSystem());
    node.init(['n1']);
    node.receive('c1', append);
    node.settle();
    node.receive('c1', write);
    expect(node.turn()).toEqual([]);
    node.receive('c1', { type: 'raft_status' });
    node.receive('c1', { type: 'read', key: 'y' });
    expect(node.turn().map(({ body }) => body['type'])).toEqual(['error', 'raft_status_ok']);
    node.fileSystem.complete();
    expect(node.turn().map(({ body }) => body['type'])).toEqual(['write_ok']);
  });

  test('writes all that has come in the meantime in one batch', () => {
    const node = new NodeOnDisk(new FaultyFileSystem());
    node.init(['n1']);
    node.receive('c1', append);
    node.settle();
    node.receive('c1', write);
    node.turn();
    for (let key = 0; key < 50; key += 1) {
      node.receive('c1', { type: 'write', key, value: 1 });
      node.turn();
    }
    const before = node.storage?.persistedBatch ?? 0;
    const sent = node.settle();
    expect(sent.filter(({ body }) => body['type'] === 'write_ok')).toHaveLength(51);
    expect(node.storage?.persistedBatch).toBe(before + 2);
  });
});

describe('a disk that fails', () => {
  test('is reported, and nothing that waited for it is ever said', () => {
    const node = new NodeOnDisk(new FaultyFileSystem());
    node.init(['n1']);
    node.settle();
    const syncOfNextBatch = node.fileSystem.operations + 2;
    node.fileSystem.failAt = { operation: syncOfNextBatch, error: new Error('EIO: i/o error, fdatasync') };
    node.receive('c1', append);
    expect(node.settle()).toEqual([]);
    expect(node.failures).toEqual(['EIO: i/o error, fdatasync']);
    expect(node.runFor(5000).filter(({ body }) => body['in_reply_to'] !== undefined)).toEqual([]);
  });
});

describe('a disk with no more than its reserve', () => {
  test('has clients’ writes refused with 11 before they reach the log, and reads answered', () => {
    const node = new NodeOnDisk(new FaultyFileSystem(), 10_000);
    node.init(['n1']);
    node.receive('c1', append);
    node.settle();
    node.fileSystem.freeSpaceBytes = 9_999;
    node.storage?.checkFreeSpace();
    node.fileSystem.complete();
    const { operations } = node.fileSystem;
    for (const body of [write, { type: 'cas', key: 'x', from: 1, to: 2 }, { type: 'delete', key: 'x' }, append]) {
      node.receive('c1', body);
      const answers = node.settle().map(({ body: answer }) => answer);
      expect(answers).toMatchObject([{ code: 11, text: 'the disk is nearly full' }]);
    }
    expect(node.fileSystem.operations).toBe(operations);
    node.receive('c1', { type: 'read', key: 'x' });
    expect(node.settle().at(-1)?.body).toMatchObject({ type: 'read_ok', value: '1' });
    node.fileSystem.freeSpaceBytes = 10_000;
    node.storage?.checkFreeSpace();
    node.fileSystem.complete();
    node.receive('c1', write);
    expect(node.settle().at(-1)?.body).toMatchObject({ type: 'write_ok' });
  });

  test('has forwarded proposals refused, with proof, and takes entries from its leader', () => {
    const fileSystem = new FaultyFileSystem();
    fileSystem.freeSpaceBytes = 9_000;
    const node = new NodeOnDisk(fileSystem, 10_000);
    node.init(three);
    node.receive('c1', { type: 'raft_status' });
    node.settle();
    node.receive('n2', { type: 'propose', term: 1, requests: [{ id: 1, command: 'SET x 1' }] });
    expect(node.settle().at(-1)?.body).toMatchObject({ code: 11, text: 'the disk is nearly full', taken: 0 });
    const entries = [{ term: 2, index: 1, command: null }];
    const place = { leader_id: 'n2', prev_log_index: 0, prev_log_term: 0, leader_commit: 0 };
    node.receive('n2', { type: 'append_entries', term: 2, ...place, entries });
    expect(node.settle().at(-1)?.body).toMatchObject({ type: 'append_entries_ok', match_index: 1 });
  });
});
