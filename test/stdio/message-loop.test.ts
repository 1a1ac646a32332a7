import { describe, expect, test } from 'vitest';
import { DelayedStorage } from '../../maelstrom/simulation/world/delayed-storage.ts';
import type { RequestBody } from '../requests.ts';
import { MemoryStorage } from '../../src/storage/memory-storage.ts';
import { appendEntries, electionTimeoutMs, heartbeatMs, LoneNode } from './lone-node.ts';

const status: RequestBody = { type: 'raft_status' };
const append: RequestBody = { type: 'raft_append', entry: { command: 'SET x 1' } };

function init(nodeId: string, nodeIds: readonly string[]): RequestBody {
  return { type: 'init', node_id: nodeId, node_ids: nodeIds };
}

describe('init', () => {
  test('the same again is init_ok, and changes nothing', () => {
    const node = new LoneNode();
    node.send('c1', append);
    node.take();
    const msgId = node.send('c5', init('n1', ['n1', 'n2', 'n3']));
    expect(node.takeFor('c5')).toEqual([{ type: 'init_ok', in_reply_to: msgId }]);
    node.send('c1', status);
    expect(node.takeFor('c1')).toMatchObject([{ role: 'leader', last_index: 1 }]);
  });

  test.each([
    [['n1', 'n2'], 'fewer nodes'],
    [['n2', 'n1', 'n3'], 'another order: the first leads term 1'],
    [['n1', 'n2,n3'], 'names that only look alike when they are joined'],
  ])('other nodes, %j, are refused: %s', (nodeIds) => {
    const node = new LoneNode();
    node.take();
    node.send('c5', init('n1', nodeIds));
    expect(node.takeFor('c5')).toMatchObject([{ code: 12, text: 'body.node_ids: this cluster is n1, n2, n3' }]);
  });

  test('names the node that the message is for', () => {
    const node = new LoneNode();
    node.take();
    node.send('c5', init('n2', ['n1', 'n2', 'n3']));
    expect(node.takeFor('c5')).toMatchObject([{ code: 12, text: 'body.node_id: the message is for n1' }]);
  });
});

describe('a node that starts again on its own storage', () => {
  function recovered(): MemoryStorage {
    const storage = new MemoryStorage();
    new LoneNode({ storage }).send('c1', append);
    return new MemoryStorage(storage.contents);
  }

  test('numbers its messages above all that it ever sent', () => {
    const node = new LoneNode({ storage: recovered() });
    expect(node.take().map(({ body }) => body['msg_id'])).toEqual([2 ** 32]);
  });

  test('raises the boot count each time', () => {
    const first = recovered();
    const second = new LoneNode({ storage: first });
    second.take();
    const third = new LoneNode({ storage: new MemoryStorage(first.contents) });
    expect(third.take().map(({ body }) => body['msg_id'])).toEqual([2 * 2 ** 32]);
  });

  test('does not take an entry of its earlier life for a request of this one', () => {
    const storage = new MemoryStorage();
    const earlier = new LoneNode({ nodeId: 'n2', storage });
    earlier.send('n1', appendEntries('n1', 1));
    const command = { op: 'put', key: 'x', value: 1 };
    const entries = [{ term: 1, index: 1, command, origin: { node: 'n2', id: 0 } }];
    earlier.send('c1', { type: 'write', key: 'x', value: 1 });
    earlier.send('n1', appendEntries('n1', 1, { entries }));

    const node = new LoneNode({ nodeId: 'n2', storage: new MemoryStorage(storage.contents) });
    node.send('n1', appendEntries('n1', 1));
    node.send('c1', { type: 'delete', key: 'x' });
    node.take();
    node.send('n1', appendEntries('n1', 1, { prev: [1, 1], commit: 1 }));
    expect(node.takeFor('c1')).toEqual([]);
  });

  test('has its log, and does not lead before it is elected', () => {
    const node = new LoneNode({ storage: recovered() });
    node.take();
    node.send('c1', status);
    expect(node.takeFor('c1')).toMatchObject([{ role: 'follower', term: 1, leader: null, last_index: 1 }]);
  });

  test.each([
    ['n2', ['n1', 'n2', 'n3'], 'body.node_id: this node is n1'],
    ['n1', ['n1', 'n2', 'n3', 'n4'], 'body.node_ids: this cluster is n1, n2, n3'],
  ])('refuses to be %s of %j', (nodeId, nodeIds, text) => {
    const node = new LoneNode({ nodeId, nodeIds, storage: recovered() });
    expect(node.take().map(({ body }) => body)).toMatchObject([{ type: 'error', code: 12, text }]);
    node.send('c1', status);
    expect(node.takeFor('c1'), 'nothing has started').toMatchObject([{ code: 11, text: 'not initialized yet' }]);
  });

  test('grants no vote to a log that lacks what it has, and asks in its turn', () => {
    const node = new LoneNode({ storage: recovered() });
    node.runFor(electionTimeoutMs);
    node.take();
    const candidacy = { term: 9, candidate_id: 'n2', last_log_index: 0, last_log_term: 0 };
    node.send('n2', { type: 'pre_vote', ...candidacy });
    node.send('n2', { type: 'request_vote', ...candidacy });
    expect(node.takeFor('n2')).toMatchObject([
      { type: 'pre_vote', term: 2 },
      { type: 'pre_vote_ok', term: 1, vote_granted: false },
      { type: 'request_vote_ok', term: 9, vote_granted: false },
    ]);
    node.send('n3', { type: 'request_vote', term: 9, candidate_id: 'n3', last_log_index: 1, last_log_term: 1 });
    expect(node.takeFor('n3')).toMatchObject([{ type: 'request_vote_ok', term: 9, vote_granted: true }]);
  });
});

describe('a disk that takes its time', () => {
  test('nothing is said before the boot count is on it', () => {
    const disk = new DelayedStorage(undefined, () => {});
    const node = new LoneNode({ storage: disk });
    node.receiveBody('c1', { type: 'read', msg_id: 2 });
    node.turn();
    expect(node.take()).toEqual([]);
    disk.finishWrite();
    node.turn();
    expect(node.take().map(({ body }) => body['type'])).toEqual(['init_ok', 'error']);
  });

  test('raft_append is answered when the entry is on it', () => {
    const disk = new DelayedStorage(undefined, () => {});
    const node = new LoneNode({ storage: disk });
    disk.finishWrite();
    node.turn();
    node.take();
    node.send('c1', append);
    node.turn();
    expect(node.takeFor('c1')).toEqual([]);
    disk.finishWrite();
    node.turn();
    expect(node.takeFor('c1')).toMatchObject([{ type: 'raft_append_ok', index: 1 }]);
  });

  test('a forward names a term only once that is on it', () => {
    const disk = new DelayedStorage(undefined, () => {});
    const node = new LoneNode({ nodeId: 'n2', storage: disk });
    disk.finishWrite();
    node.turn();
    node.take();
    node.receive('n1', appendEntries('n1', 1));
    node.send('c1', { type: 'write', key: 'x', value: 1 });
    expect(node.take()).toEqual([]);
    disk.finishWrite();
    node.turn();
    expect(node.takeSent('n1', 'propose')).toHaveLength(1);
  });
});

test('a message for another node is not answered, but logged', () => {
  const node = new LoneNode({ nodeIds: ['n1'] });
  node.take();
  const body = { type: 'write', msg_id: 2, key: 'x', value: 1 };
  node.node.receive(Buffer.from(`${JSON.stringify({ src: 'c1', dest: 'n2', body })}\n`), 0);
  node.turn();
  expect(node.take()).toEqual([]);
  expect(node.log).toEqual([expect.stringContaining('ignored a message for n2')]);
});

test('raft_status and raft_log show what the turn has brought', () => {
  const node = new LoneNode({ nodeIds: ['n1'] });
  node.take();
  node.receive('c1', status);
  node.receive('c1', { type: 'raft_log' });
  node.send('c2', { type: 'write', key: 'x', value: 1 });
  expect(node.takeFor('c1')).toMatchObject([
    { type: 'raft_status_ok', commit_index: 1, last_applied: 1, last_index: 1 },
    { type: 'raft_log_ok', commit_index: 1, last_applied: 1, entries: [{ index: 1 }] },
  ]);
});

test('an answer counts once, from who was asked, and while it is awaited', () => {
  const node = new LoneNode();
  node.send('c1', { type: 'read', key: 'x' });
  node.runFor(heartbeatMs);
  const [heartbeat] = node.takeSent('n2', 'append_entries');
  const answer = { type: 'append_entries_ok', success: true, match_index: 0 } as const;
  node.reply('n3', heartbeat?.msgId ?? NaN, answer);
  node.reply('n2', 4_000_000, answer);
  expect(node.takeFor('c1'), 'n3 was not asked this, and nobody was asked that').toEqual([]);
  node.reply('n2', heartbeat?.msgId ?? NaN, answer);
  expect(node.takeFor('c1')).toMatchObject([{ type: 'error', code: 20 }]);
  node.reply('n2', heartbeat?.msgId ?? NaN, answer);
  expect(node.take()).toEqual([]);
});

describe('the log', () => {
  test('is bounded: of one turn it takes 100 lines, and counts the rest', () => {
    const node = new LoneNode();
    node.node.receive(Buffer.from('noise\n'.repeat(150)), 0);
    node.turn();
    expect(node.log).toHaveLength(101);
    expect(node.log.at(-1)).toBe('and 50 lines more');
    node.node.receive(Buffer.from('noise\n'), 0);
    node.turn();
    expect(node.log).toHaveLength(102);
  });

  test('cuts long lines', () => {
    const node = new LoneNode();
    node.node.receive(Buffer.from(`${'x'.repeat(10_000)}\n`), 0);
    node.turn();
    expect(node.log.map(({ length }) => length)).toEqual([500]);
  });

  test('says what a peer has refused', () => {
    const node = new LoneNode();
    node.send('c1', status);
    node.runFor(heartbeatMs);
    const [heartbeat] = node.takeSent('n2', 'append_entries');
    node.reply('n2', heartbeat?.msgId ?? NaN, { type: 'error', code: 12, text: 'no such thing' });
    expect(node.log).toEqual(['n2 refused a message: 12 no such thing']);
  });
});
