import { describe, expect, test } from 'vitest';
import type { Envelope } from '../messages.ts';
import { appendEntries, LoneNode } from './lone-node.ts';

/** n2, which follows n1, takes a read and a write in one turn: it has two things to say to n1. Gives their types. */
function saidInOneTurn(node: LoneNode): readonly unknown[] {
  node.take();
  node.receive('c1', { type: 'read', key: 'x' });
  node.send('c2', { type: 'write', key: 'x', value: 1 });
  return node.take().filter(({ dest }) => dest === 'n1').map(({ body }) => typesIn(body));
}

function typesIn(body: Envelope['body']): unknown {
  const bodies: unknown = body['bodies'];
  return Array.isArray(bodies) ? bodies.map((one: Envelope['body']) => one['type']) : body['type'];
}

function follower(): LoneNode {
  const node = new LoneNode({ nodeId: 'n2' });
  node.send('n1', appendEntries('n1', 1));
  return node;
}

const offer = { type: 'batch', msg_id: 900, bodies: [] };

describe('a node speaks to a peer in batches', () => {
  test('once the peer has sent one, and not before', () => {
    const node = follower();
    expect(saidInOneTurn(node)).toEqual(['propose', 'read_index']);
    node.receiveBody('n1', offer);
    expect(saidInOneTurn(node)).toEqual([['propose', 'read_index']]);
  });

  test('until the peer says that it does not understand: another program has taken its place', () => {
    const node = follower();
    node.receiveBody('n1', offer);
    node.reply('n1', 1, { type: 'error', code: 10, text: 'batch?' });
    expect(saidInOneTurn(node)).toEqual(['propose', 'read_index']);
  });

  test('but for a client that sends one nothing changes, and what is in it is answered', () => {
    const node = new LoneNode();
    const bodies = [1, 2].map((msgId) => ({ type: 'raft_append', msg_id: msgId, entry: { command: 'SET x 1' } }));
    node.receiveBody('c1', { type: 'batch', msg_id: 7, bodies });
    node.turn();
    expect(node.takeFor('c1')).toMatchObject([{ in_reply_to: 1, index: 1 }, { in_reply_to: 2, index: 2 }]);
  });
});

test('a leader that has much to say to a follower offers it batches', () => {
  const node = new LoneNode();
  node.send('c1', { type: 'raft_append', entry: { command: 'SET x 1' } });
  let offers = 0;
  for (let turn = 0; turn < 100; turn += 1) {
    node.receive('n2', { type: 'read_index', term: 1 });
    node.send('n2', { type: 'pre_vote', term: 2, candidate_id: 'n2', last_log_index: 0, last_log_term: 0 });
    offers += node.take().filter(({ dest, body }) => dest === 'n2' && body['type'] === 'batch').length;
  }
  expect(offers).toBe(8);
});
